import { InputError } from '../core/errors.ts';

/** Floats that the distance kernels take at a time: vectors in memory are padded to it with zeros. */
const GROUP = 8;

/** Bytes of a vector of `dimension` floats as the distance kernels read it. */
export const paddedBytes = (dimension: number): number => Math.ceil(dimension / GROUP) * GROUP * 4;

/** `paddedBytes` in floats: what the kernels are told the dimension is. */
export const paddedLength = (dimension: number): number => paddedBytes(dimension) / 4;

/**
 * A vector as float32, checked.
 * @throws InputError unless it has `dimension` numbers, at least one, each finite as float32.
 */
export function checkedVector(who: string, vector: ArrayLike<number>, dimension: number): Float32Array {
  if (vector.length !== dimension)
    throw new InputError(`${who}: expected a vector of ${dimension} numbers, got ${vector.length}`);
  if (dimension === 0) throw new InputError(`${who}: a vector of no numbers has no distance to another`);
  const checked = new Float32Array(vector);
  for (let i = 0; i < dimension; i++)
    if (!Number.isFinite(checked[i]))
      throw new InputError(`${who}: expected finite float32 numbers, number ${i} is ${vector[i]}`);
  return checked;
}
