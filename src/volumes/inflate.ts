import { VolumeError } from '../core/errors.ts';

/** Whether bytes begin as a gzip file does. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/**
 * Unpacks a gzip file, checksum and length verified, by what every host has.
 * @param most Bytes that may come of it: a small file may say that it is endless.
 * @throws VolumeError where it is damaged, ends early, or holds more
 */
export async function inflate(bytes: Uint8Array, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('gzip'));
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw new VolumeError(`gzip: damaged, or it ends early (${bytes.length} bytes): ${(error as Error).message}`, {
        cause: error,
      });
    });
    if (done) break;
    chunks.push(value);
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw new VolumeError(`gzip: it unpacks to more than the ${most} bytes of maxBytes`);
    }
  }
  const out = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}
