import { binomialTail } from './binomial.ts';
import type { Interval } from './interval.ts';

/**
 * Where the distance lies below which a share of all pairs is, from some of them in ascending order: the order
 * statistics between which it is with at least the given confidence, whatever the distribution (Thompson 1936). With B
 * of n pairs below it, B is binomial: the l-th smallest is above it with P(B < l), the u-th smallest below it with
 * P(B ≥ u), each at most (1 − confidence)/2. Where so few pairs do not bound it, 0 or infinity does.
 */
export function quantileInterval(sorted: ArrayLike<number>, share: number, confidence: number): Interval {
  const n = sorted.length;
  const side = (1 - confidence) / 2;
  /** The least k with P(B ≥ k) ≤ limit; n + 1 where there is none. */
  const least = (limit: number): number => {
    let [low, high] = [0, n + 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (binomialTail(middle, n, share) <= limit) high = middle;
      else low = middle;
    }
    return high;
  };
  // P(B < l) ≤ side is P(B ≥ l) ≥ 1 − side: the last k before the tail falls below that.
  const l = least(1 - side) - 1;
  const u = least(side);
  return { low: l < 1 ? 0 : sorted[l - 1]!, high: u > n ? Number.POSITIVE_INFINITY : sorted[u - 1]!, confidence };
}
