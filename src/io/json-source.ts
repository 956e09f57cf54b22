import { WeightsError } from '../core/errors.ts';
import { type BytesSource, readBytes } from './source.ts';

/** JSON that is parsed already, or where to read it. */
export async function jsonOf(manifest: BytesSource | object): Promise<unknown> {
  const isSource =
    typeof manifest === 'string' ||
    [Uint8Array, ArrayBuffer, Blob, Response, URL].some((kind) => manifest instanceof kind);
  return isSource ? parseJson(await readBytes(manifest as BytesSource), 'the manifest') : manifest;
}

/** @throws WeightsError where bytes are no JSON. */
export function parseJson(bytes: Uint8Array, about: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new WeightsError(`weights: ${about} is not JSON: ${(error as Error).message}`, { cause: error });
  }
}
