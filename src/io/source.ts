import { locate, readLocation, readResponse } from './location.ts';

/**
 * What bytes are read from: bytes, a Blob or File, an answer of `fetch`, a URL, or a text: a URL, or a path in Node.
 */
export type BytesSource = Uint8Array | ArrayBuffer | Blob | Response | URL | string;

/**
 * Reads all bytes of a source. Bytes that come as an array are not copied.
 *
 * @throws InputError where it cannot be read: no such file, no answer, an answer whose status is no success.
 * @throws TypeError where the source is none of these kinds.
 */
export async function readBytes(source: BytesSource): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (typeof source === 'string' || source instanceof URL) return readLocation(locate(source));
  if (source instanceof Blob) return new Uint8Array(await source.arrayBuffer());
  if (source instanceof Response) return readResponse(source);
  throw new TypeError(
    `readBytes: expected bytes, a Blob, a Response, a URL or a path, got ${(source as object | null)?.constructor?.name ?? source}`,
  );
}
