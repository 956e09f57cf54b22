import { InputError } from '../../core/errors.ts';
import { defaultEngine } from '../../runtime/engine.ts';
import { cosine, type Distance } from '../distance.ts';
import { paddedLength } from '../vector.ts';

/** A distance by name, or a function of one's own: smaller is more alike. */
export type DistanceChoice = 'euclidean' | 'cosine' | Distance;

/** The distances of a query to each of some vectors. */
export type DistancesTo = (query: Float32Array, vectors: readonly Float32Array[]) => Float64Array;

/** @throws InputError where the choice is none; when called, where a function of one's own gives NaN. */
export function distancesTo(who: string, choice: DistanceChoice): DistancesTo {
  if (choice === 'euclidean') return euclideanTo;
  const distance = choice === 'cosine' ? cosine : choice;
  if (typeof distance !== 'function')
    throw new InputError(`${who}: distance must be 'euclidean', 'cosine' or a function, got ${JSON.stringify(choice)}`);
  return (query, vectors) =>
    Float64Array.from(vectors, (vector) => {
      const value = distance(query, vector);
      if (Number.isNaN(value)) throw new InputError(`${who}: the distance of two embeddings is NaN`);
      return value;
    });
}

/** By the kernel of `euclidean`, the same bits. */
function euclideanTo(query: Float32Array, vectors: readonly Float32Array[]): Float64Array {
  const engine = defaultEngine();
  const length = paddedLength(query.length);
  const bytes = length * 4;
  const count = vectors.length;
  return engine.borrow((count + 1) * bytes + count * 4, (address) => {
    const floats = engine.memory.f32(address, (count + 1) * length + count);
    floats.fill(0);
    floats.set(query);
    for (const [i, vector] of vectors.entries()) floats.set(vector, (i + 1) * length);
    const out = address + (count + 1) * bytes;
    engine.kernels.f32_squared_distances(out, address, address + bytes, count, length, bytes);
    return Float64Array.from(floats.subarray((count + 1) * length), Math.sqrt);
  });
}
