import { InputError } from '../../core/errors.ts';
import { nodeModule } from '../../core/host.ts';
import { whileLocked } from '../../io/lock-file.ts';
import { checkedHash } from './checked-hash.ts';
import type { Download } from './downloads.ts';
import type { KeptContent } from './kept-content.ts';
import type { WeightsCache } from './weights-cache.ts';

type Files = typeof import('node:fs/promises');

/** What stands beside an unfinished file: whose beginning it is. */
interface Unfinished {
  readonly origin: string;
  readonly size: number;
}

/**
 * Keeps weights as files of a folder. A download grows as `name.part`; one that broke off is carried on, as long as
 * `name.part.json` says that it comes from where this one does. Only a file that is whole and checked gets its name.
 */
export function folderCache(folder: string): WeightsCache {
  const files = nodeModule<Files>('node:fs/promises')!;
  const paths = nodeModule<typeof import('node:path')>('node:path')!;
  const place = ({ file }: Download): string => paths.join(folder, file);
  return {
    place,
    async find(download) {
      const found = await files.stat(place(download)).catch(() => undefined);
      return found?.isFile() ? place(download) : undefined;
    },
    async keep(download, content, origin, onProgress) {
      const path = place(download);
      const [part, note] = [`${path}.part`, `${path}.part.json`];
      try {
        await files.mkdir(folder, { recursive: true });
        return await whileLocked(download.name, `${path}.lock`, async () => {
          const begun = await beginning(files, part, note, { origin, size: content.size });
          await append(files, part, content, begun, onProgress);
          const found = await checkedHash(download, part).catch(async (error) => {
            await files.rm(part, { force: true });
            throw error;
          });
          await files.rename(part, path);
          await files.rm(note, { force: true });
          return found;
        });
      } catch (error) {
        const { code } = error as { code?: unknown };
        if (typeof code !== 'string' || error instanceof InputError) throw error;
        throw new InputError(`${download.name}: cannot write ${path} (${code})`, { cause: error });
      }
    },
  };
}

/** Bytes that are there of this very file; else it begins anew. */
async function beginning(files: Files, part: string, note: string, wanted: Unfinished): Promise<number> {
  const text = JSON.stringify(wanted);
  const known = await files.readFile(note, 'utf8').catch(() => undefined);
  const held = known === text ? await files.stat(part).catch(() => undefined) : undefined;
  if (held && held.size <= wanted.size) return held.size;
  await files.rm(part, { force: true });
  await files.writeFile(note, text);
  return 0;
}

async function append(
  files: Files,
  part: string,
  content: KeptContent,
  begun: number,
  onProgress: (received: number, total: number) => void,
): Promise<void> {
  const file = await files.open(part, 'a');
  try {
    let at = begun;
    onProgress(at, content.size);
    await content.stream(begun, async (piece) => {
      await file.appendFile(piece);
      at += piece.length;
      onProgress(at, content.size);
    });
    await file.sync();
  } finally {
    await file.close();
  }
}
