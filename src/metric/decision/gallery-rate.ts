import { whereReached } from '../evaluation/binomial.ts';

/**
 * The false accept rate against a gallery of K people, 1 − (1 − far)^K: a stranger is compared with each of them, and
 * comparisons are taken for independent. The rate of two galleries together is q + r − q·r = q + r·(1 − q), so that of K
 * follows by doubling: nothing cancels, and small rates keep their digits.
 */
export function galleryFalseAccept(far: number, people: number): number {
  let rate = 0;
  let doubled = far;
  for (let left = people; left >= 1; left = Math.floor(left / 2)) {
    if (left % 2 === 1) rate += doubled * (1 - rate);
    doubled += doubled * (1 - doubled);
  }
  return rate;
}

/** The rate that one comparison may have where a gallery of K people may have `far`: the inverse of `galleryFalseAccept`. */
export const comparisonFalseAccept = (far: number, people: number): number =>
  people === 1 ? far : whereReached(far, (rate) => galleryFalseAccept(rate, people));
