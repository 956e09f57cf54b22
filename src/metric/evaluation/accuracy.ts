import { InputError } from '../../core/errors.ts';
import { cutsOf, type ScoredPair } from './scored-pairs.ts';

/** A threshold and the share of decisions that it gets right. */
export interface ThresholdAccuracy {
  readonly threshold: number;
  /** 0 … 1. */
  readonly accuracy: number;
}

/**
 * The share of pairs that distance ≤ threshold decides rightly, 0 … 1.
 * @throws InputError where there is no pair, or a number is NaN.
 */
export function accuracyAt(pairs: readonly ScoredPair[], threshold: number): number {
  if (pairs.length === 0 || Number.isNaN(threshold) || pairs.some(({ distance }) => Number.isNaN(distance)))
    throw new InputError(
      `accuracyAt: expected a threshold and distances that are numbers, got ${threshold} and ${pairs.length} pairs`,
    );
  return pairs.filter(({ distance, same }) => distance <= threshold === same).length / pairs.length;
}

/**
 * The threshold with the most right decisions, half way between two distances that occur. Of equally good ones the
 * smallest, which accepts the fewest. One sort and one pass.
 *
 * @throws InputError where a distance is not a finite number of at least 0, or there are not both kinds of pair.
 */
export function bestThreshold(pairs: readonly ScoredPair[]): ThresholdAccuracy {
  const { thresholds, sameAccepted, differentAccepted, different } = cutsOf('bestThreshold', pairs);
  let best = 0;
  const right = (cut: number): number => sameAccepted[cut]! + different - differentAccepted[cut]!;
  for (let cut = 1; cut < thresholds.length; cut++) if (right(cut) > right(best)) best = cut;
  return { threshold: thresholds[best]!, accuracy: right(best) / pairs.length };
}
