import { InputError, WeightsError } from '../../core/errors.ts';
import type { HttpOptions } from '../../io/http-ranges.ts';
import { openRanges } from '../../io/open-ranges.ts';
import type { BytesSource } from '../../io/source.ts';
import { isNode } from '../package-weights.ts';
import { checkedHash } from './checked-hash.ts';
import { type Download, type DownloadName, downloads } from './downloads.ts';
import { hostCache } from './host-cache.ts';
import { keptContent } from './kept-content.ts';
import type { OnProgress, WeightsCache } from './weights-cache.ts';

export interface PullOptions extends HttpOptions {
  /** Where the file is, instead of its usual place: a URL, a path, bytes or a Blob. */
  readonly from?: BytesSource;
  readonly onProgress?: OnProgress;
}

/** What was kept. */
export interface PulledWeights {
  /** A path, or in a page the name of the cache's entry. */
  readonly place: string;
  /** SHA-256 of the file. */
  readonly sha256: string;
  /** Bytes of the file. */
  readonly bytes: number;
  /** False where it was there before. */
  readonly fresh: boolean;
}

/**
 * Downloads the weights of a network to the cache: a folder in Node, the Cache API in pages. A download that broke off is
 * carried on where it stopped. The file is checked before it gets its name.
 *
 * @throws WeightsError that says what to do where there is no network, or the file is not the one that is known.
 */
export async function pullWeights(name: DownloadName, options: PullOptions = {}): Promise<PulledWeights> {
  const { from, onProgress = () => {}, ...http } = options;
  const download = downloadOf(name);
  const cache = hostCache();
  if (!cache)
    throw new WeightsError(
      `${name}: there is nowhere to keep weights here; pass them: loadFeatures('${name}', { weights })`,
    );
  const there = from === undefined ? await whatIsThere(download, cache) : undefined;
  if (there) return there;
  try {
    const file = await openRanges(from ?? new URL(download.url), http);
    try {
      const content = await keptContent(download, file);
      const origin = `${file.name} ${file.version ?? ''} ${file.size ?? ''}`;
      const sha256 = await cache.keep(download, content, origin, onProgress);
      return { place: cache.place(download), sha256, bytes: content.size, fresh: true };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!(error instanceof InputError) || error instanceof WeightsError) throw error;
    throw new WeightsError(`${name}: ${error.message}.${from === undefined ? wayOut(download, cache) : ''}`, {
      cause: error,
    });
  }
}

/** Weights that are in their place and are the right ones. */
async function whatIsThere(download: Download, cache: WeightsCache): Promise<PulledWeights | undefined> {
  const source = await cache.find(download);
  if (source === undefined) return undefined;
  const sha256 = await checkedHash(download, source).catch(() => undefined);
  if (sha256 === undefined) return undefined;
  const file = await openRanges(source);
  const bytes = file.size!;
  await file.close();
  return { place: cache.place(download), sha256, bytes, fresh: false };
}

/** What to do without a network. */
function wayOut({ name, url, keeps }: Download, cache: WeightsCache): string {
  if (!isNode()) return ` Without a network: pass { weights } to loadFeatures.`;
  const place = keeps ? '' : `, or put it at ${cache.place(downloads[name])}`;
  return ` Run \`facsimile models pull ${name}\` again to carry on. Without a network: fetch ${url} elsewhere and run \`facsimile models pull ${name} --from FILE\`${place}.`;
}

/** @throws InputError where no download has that name. */
function downloadOf(name: string): Download {
  if (Object.hasOwn(downloads, name)) return downloads[name as DownloadName];
  throw new InputError(`models: no weights are called "${name}"; there are ${Object.keys(downloads).join(' and ')}`);
}

/** True where the weights of a network are in the cache. */
export const hasWeights = async (name: DownloadName): Promise<boolean> =>
  (await hostCache()?.find(downloadOf(name))) !== undefined;

/**
 * The weights of a network in the cache.
 * @throws WeightsError that says how to get them.
 */
export async function cachedWeights(name: DownloadName): Promise<BytesSource> {
  const download = downloadOf(name);
  const cache = hostCache();
  const found = await cache?.find(download);
  if (found !== undefined) return found;
  const size = `${(download.bytes / 1e6).toFixed(1)} MB, ${download.licence}`;
  const pull = isNode() ? `run: facsimile models pull ${name}` : `call pullWeights('${name}') once`;
  throw new WeightsError(
    `${name}: its weights (${size}) are not ${cache ? `at ${cache.place(download)}` : 'here'}; ${pull}, or pass { weights } with a URL, path, Response or bytes`,
  );
}
