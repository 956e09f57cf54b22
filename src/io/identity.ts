import { Sha256 } from '../core/sha256.ts';
import type { Parameters } from '../graph/parameters.ts';

/**
 * Says which weights these are: SHA-256 over the tensors sorted by name, each as its name, its shape and its float32
 * values, little-endian. Weights that compute the same have one identity, in whatever file they came.
 *
 * For each tensor: `name`, a zero byte, the sizes joined by `,`, a zero byte, the values.
 *
 * @param names Default: all tensors of the store.
 * @returns 64 hexadecimal digits.
 * @throws WeightsError naming a tensor that is missing.
 */
export function weightsHash(parameters: Parameters, names: Iterable<string> = parameters.names): string {
  const hash = new Sha256();
  const text = new TextEncoder();
  for (const name of [...names].sort()) {
    hash.update(text.encode(`${name}\0${parameters.get(name).shape.join(',')}\0`));
    const { buffer, byteOffset, byteLength } = parameters.read(name);
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.hex();
}
