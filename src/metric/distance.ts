import { InputError } from '../core/errors.ts';
import { defaultEngine } from '../runtime/engine.ts';
import { checkedVector, paddedLength } from './vector.ts';

/** How far two vectors of one length are from each other: 0 and up, smaller is more alike. */
export type Distance = (a: ArrayLike<number>, b: ArrayLike<number>) => number;

function checkedPair(who: string, a: ArrayLike<number>, b: ArrayLike<number>): [Float32Array, Float32Array] {
  if (a.length !== b.length)
    throw new InputError(`${who}: expected two vectors of one length, got ${a.length} and ${b.length}`);
  return [checkedVector(who, a, a.length), checkedVector(who, b, b.length)];
}

/**
 * Σ (aᵢ − bᵢ)², 0 and up, in float32 by the kernel that searches galleries: the same bits as there, on every engine.
 * Infinite where the sum exceeds float32.
 *
 * @throws InputError where lengths differ or are 0, or a number is not finite.
 */
export function squaredEuclidean(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return squaredBetween(...checkedPair('squaredEuclidean', a, b));
}

/**
 * √ Σ (aᵢ − bᵢ)², 0 and up: the root, in float64, of `squaredEuclidean`.
 *
 * @throws InputError where lengths differ or are 0, or a number is not finite.
 */
export function euclidean(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.sqrt(squaredBetween(...checkedPair('euclidean', a, b)));
}

/**
 * 1 − a·b / (‖a‖ ‖b‖), 0 … 2: 0 for one direction, 1 for a right angle. Sums run in float64 from first to last over the
 * values as float32, so they neither overflow nor depend on the engine.
 *
 * @throws InputError where lengths differ or are 0, a number is not finite, or a vector is all zeros: it has no direction.
 */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [x, y] = checkedPair('cosine', a, b);
  let dot = 0;
  let xx = 0;
  let yy = 0;
  for (let i = 0; i < x.length; i++) {
    dot += x[i]! * y[i]!;
    xx += x[i]! * x[i]!;
    yy += y[i]! * y[i]!;
  }
  if (xx === 0 || yy === 0) throw new InputError(`cosine: the ${xx === 0 ? 'first' : 'second'} vector is all zeros`);
  // Roots apart: a product of two squared norms can leave the range of float64. Rounding can leave 0 … 2.
  return Math.min(Math.max(0, 1 - dot / (Math.sqrt(xx) * Math.sqrt(yy))), 2);
}

function squaredBetween(a: Float32Array, b: Float32Array): number {
  const engine = defaultEngine();
  const length = paddedLength(a.length);
  const bytes = length * 4;
  return engine.borrow(2 * bytes + 4, (address) => {
    const floats = engine.memory.f32(address, 2 * length + 1);
    floats.fill(0);
    floats.set(a);
    floats.set(b, length);
    engine.kernels.f32_squared_distances(address + 2 * bytes, address, address + bytes, 1, length, bytes);
    return floats[2 * length]!;
  });
}
