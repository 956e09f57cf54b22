import type { ScoredPair } from '../../src/metric/evaluation/scored-pairs.ts';

// Verification figures from their definitions, in loops over every pair and every threshold.

/** Shares of pairs of two people, and of one, at a distance of at most `threshold`. */
export function ratesAt(pairs: readonly ScoredPair[], threshold: number): { far: number; tar: number } {
  const accepted = (same: boolean) => pairs.filter((p) => p.same === same && p.distance <= threshold).length;
  const all = (same: boolean) => pairs.filter((p) => p.same === same).length;
  return { far: accepted(false) / all(false), tar: accepted(true) / all(true) };
}

/** The probability that a pair of one person is nearer than a pair of two, a tie counting half. */
export function auc(pairs: readonly ScoredPair[]): number {
  let won = 0;
  let games = 0;
  for (const a of pairs)
    for (const b of pairs) {
      if (!a.same || b.same) continue;
      games++;
      won += a.distance < b.distance ? 1 : a.distance === b.distance ? 0.5 : 0;
    }
  return won / games;
}

/** Thresholds that between them make every decision there is: below all, and at each distance. */
export const allThresholds = (pairs: readonly ScoredPair[]): number[] =>
  [Number.NEGATIVE_INFINITY, ...new Set(pairs.map(({ distance }) => distance))].sort((a, b) => a - b);

/** The most pairs that any threshold decides rightly. */
export const mostRight = (pairs: readonly ScoredPair[]): number =>
  Math.max(
    ...allThresholds(pairs).map(
      (threshold) => pairs.filter(({ distance, same }) => distance <= threshold === same).length,
    ),
  );
