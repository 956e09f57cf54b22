import { expect } from 'vitest';

export const magnitudesOf = (values: ArrayLike<number>): Float64Array => Float64Array.from(values, Math.abs);

/** The largest finite |value|. */
function largestOf(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++)
    if (Number.isFinite(values[i])) largest = Math.max(largest, Math.abs(values[i]!));
  return largest;
}

/**
 * Largest |a − b| over the largest |b|: how errors of kernels are stated. NaN must meet NaN.
 *
 * @param magnitudes The same sums without their signs, where `expected` may be what is left of terms that cancel: then
 *   the error is a share of those.
 */
export function relativeError(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  magnitudes: ArrayLike<number> = expected,
): number {
  expect(actual.length).toBe(expected.length);
  let error = 0;
  for (let i = 0; i < expected.length; i++) {
    const a = actual[i]!;
    const b = expected[i]!;
    if (Number.isNaN(a) !== Number.isNaN(b)) return Number.POSITIVE_INFINITY;
    if (!Number.isNaN(a) && a !== b) error = Math.max(error, Math.abs(a - b));
  }
  return error === 0 ? 0 : error / Math.max(largestOf(expected), largestOf(magnitudes), Number.MIN_VALUE);
}

/** Tolerances by name, each with its reason, as a share of the largest value. */
export const tolerance = {
  /** The same few operations in float32 instead of float64. */
  elementwise: 1e-6,
  /** A sum of up to some thousand products in float32, in one order. */
  sum: 1e-5,
  /** Positions in float32: some 1e-7 of the side, times a step between neighbours as large as the largest value. */
  sampling: 1e-5,
  /** Winograd F(4×4, 3×3): its transforms multiply by up to 8. */
  winograd: 5e-5,
  /** A distance by a product of matrices, of itself: sums of some hundred products that are up to 16 times as large. */
  pairwise: 1e-4,
  /** Sums over pairs of slopes that are quotients of such distances. */
  pairwiseGradient: 5e-5,
} as const;
