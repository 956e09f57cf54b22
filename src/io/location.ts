import { InputError } from '../core/errors.ts';
import { nodeModule } from '../core/host.ts';

/** Where a file lies: a URL that is fetched, or a path of Node's file system. */
export type Location = { readonly url: URL } | { readonly path: string };

const files = () => nodeModule<typeof import('node:fs')>('node:fs')?.promises;

/**
 * What a URL or a text means: texts with a scheme are URLs, other texts are paths where there is a file system, and
 * relative URLs in a page.
 *
 * @throws InputError where it can be neither.
 */
export function locate(source: URL | string): Location {
  // A single letter is a drive of Windows.
  if (typeof source === 'string' && !/^[a-z][a-z\d+.-]+:/i.test(source)) {
    if (files()) return { path: source };
    const page = (globalThis as { location?: { href: string } }).location;
    if (page) return { url: new URL(source, page.href) };
    throw new InputError(`"${source}" is no URL, and there is no file system here to find it in`);
  }
  const url = new URL(source);
  const path =
    url.protocol === 'file:' ? nodeModule<typeof import('node:url')>('node:url')?.fileURLToPath(url) : undefined;
  return path === undefined ? { url } : { path };
}

/** The file of that name beside a file. */
export const beside = (location: Location, name: string): Location =>
  'url' in location
    ? { url: new URL(name, location.url) }
    : { path: `${location.path.slice(0, location.path.search(/[^/\\]*$/))}${name}` };

/** The file of that name in a folder. */
export const inside = (folder: Location, name: string): Location =>
  'url' in folder ? { url: new URL(name, folder.url) } : { path: `${folder.path.replace(/[/\\]*$/, '')}/${name}` };

export const nameOf = (location: Location): string => ('url' in location ? location.url.href : location.path);

/** Names of the files in a folder, sorted; undefined where the location is no folder, or cannot be listed. */
export async function listFolder(location: Location): Promise<string[] | undefined> {
  if ('url' in location) return undefined;
  const state = await files()!
    .stat(location.path)
    .catch(() => undefined);
  return state?.isDirectory() ? (await files()!.readdir(location.path)).sort() : undefined;
}

/** @throws InputError naming the location. */
export async function readLocation(location: Location): Promise<Uint8Array> {
  try {
    if ('path' in location) return await files()!.readFile(location.path);
    return await readResponse(await fetchLocation(location));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`cannot read ${nameOf(location)}: ${(error as Error).message}`, { cause: error });
  }
}

/** @throws InputError naming the URL, where no answer comes. */
export async function fetchLocation({ url }: { readonly url: URL }): Promise<Response> {
  try {
    return await fetch(url);
  } catch (error) {
    throw new InputError(`cannot read ${url.href}: ${(error as Error).message}`, { cause: error });
  }
}

/** The body of an answer. @throws InputError where its status is no success, or its body was read before. */
export async function readResponse(response: Response): Promise<Uint8Array> {
  const about = response.url || 'the response';
  if (!response.ok)
    throw new InputError(`cannot read ${about}: status ${response.status} ${response.statusText}`.trim());
  if (response.bodyUsed) throw new InputError(`cannot read ${about}: its body was read before`);
  return new Uint8Array(await response.arrayBuffer());
}
