import { InputError } from '../core/errors.ts';
import { nodeModule } from '../core/host.ts';
import { type ByteRanges, checkEnd } from './byte-ranges.ts';
import { type HttpOptions, openHttp } from './http-ranges.ts';
import { locate, readLocation } from './location.ts';
import { type BytesSource, readBytes } from './source.ts';

/**
 * Opens a source to read parts of it: a URL by range requests, a path through the file system, bytes and Blobs as they
 * are.
 *
 * @throws InputError where it cannot be read.
 */
export async function openRanges(source: BytesSource, options: HttpOptions = {}): Promise<ByteRanges> {
  if (source instanceof Blob)
    return inPieces(
      'the Blob',
      source.size,
      async (start, end) => new Uint8Array(await source.slice(start, end).arrayBuffer()),
    );
  if (typeof source !== 'string' && !(source instanceof URL)) return ofBytes('the file', await readBytes(source));
  const location = locate(source);
  if ('path' in location) return ofFile(location.path);
  if (/^https?:$/.test(location.url.protocol)) return openHttp(location.url, options);
  return ofBytes(location.url.href, await readLocation(location));
}

const ofBytes = (name: string, bytes: Uint8Array): ByteRanges =>
  inPieces(name, bytes.length, async (start, end) => bytes.subarray(start, end));

async function ofFile(path: string): Promise<ByteRanges> {
  const files = nodeModule<typeof import('node:fs')>('node:fs')!.promises;
  const failed = (error: unknown): never => {
    throw new InputError(`cannot read ${path}: ${(error as Error).message}`, { cause: error });
  };
  const file = await files.open(path, 'r').catch(failed);
  const { size } = await file.stat();
  const piece = async (start: number, end: number): Promise<Uint8Array> => {
    const bytes = new Uint8Array(end - start);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, start).catch(failed);
    if (bytesRead === 0) checkEnd({ name: path, size: start }, end);
    return bytes.subarray(0, bytesRead);
  };
  return inPieces(path, size, piece, () => file.close());
}

/** What is read at once of what lies near. */
const PIECE = 1 << 20;

/** @param read Some of the bytes that are asked for, from the first, and one or more. */
const inPieces = (
  name: string,
  size: number,
  read: (start: number, end: number) => Promise<Uint8Array>,
  close = async (): Promise<void> => {},
): ByteRanges => ({
  name,
  size,
  async stream(start, end, sink) {
    checkEnd({ name, size }, end);
    for (let at = start; at < end; ) {
      const piece = await read(at, Math.min(end, at + PIECE));
      await sink(piece);
      at += piece.length;
    }
  },
  close,
});
