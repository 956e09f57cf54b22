import { Sha256 } from '../core/sha256.ts';

/** The one NaN that counts: engines may differ in its payload and sign. */
const NAN = 0x7fc00000;

/** SHA-256 over what a case gave, in order: lengths, then little-endian float32 with one NaN, or bytes as they are. */
export function hashOf(parts: readonly (Float32Array | Uint8Array)[]): string {
  const hash = new Sha256();
  for (const part of parts) {
    hash.update(littleEndian([part.length]));
    hash.update(part instanceof Float32Array ? littleEndian(bitsOf(part)) : part);
  }
  return hash.hex();
}

function bitsOf(values: Float32Array): Uint32Array {
  const bits = new Uint32Array(values.slice().buffer);
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) bits[i] = NAN;
  return bits;
}

function littleEndian(words: ArrayLike<number>): Uint8Array {
  const view = new DataView(new ArrayBuffer(words.length * 4));
  for (let i = 0; i < words.length; i++) view.setUint32(i * 4, words[i]!, true);
  return new Uint8Array(view.buffer);
}
