import { InputError } from '../../core/errors.ts';
import type { Rng } from '../../core/rng.ts';
import { type BootstrapOptions, percentileIntervals } from './bootstrap.ts';
import type { Interval } from './interval.ts';
import { areaOf, bestWithin, crossingOf } from './roc.ts';
import { type Cuts, cutsOf, type ScoredPair } from './scored-pairs.ts';

export interface RocIntervalOptions extends BootstrapOptions {
  /** The false accept rate at which true accepts are counted. Default: 0.01. */
  readonly far?: number;
}

/** Intervals of what is read from a ROC. */
export interface RocIntervals {
  readonly auc: Interval;
  readonly eer: Interval;
  readonly tarAtFar: Interval;
}

/**
 * Bootstrap intervals of `auc`, `equalErrorRate` and `tarAtFar`: pairs of one person and pairs of two are drawn anew with
 * replacement, each as many as there are. One sort, then a pass a sample.
 *
 * Pairs are taken for independent: where a photo is in many of them, the truth varies more than these intervals say.
 *
 * @throws InputError as `roc`, or where an option is none.
 */
export function rocIntervals(pairs: readonly ScoredPair[], options: RocIntervalOptions = {}): RocIntervals {
  const { far = 0.01, ...rest } = options;
  if (!(far >= 0 && far <= 1)) throw new InputError(`rocIntervals: far must be in 0 … 1, got ${far}`);
  const cuts = cutsOf('rocIntervals', pairs);
  const same = firstCuts(cuts.sameAccepted);
  const different = firstCuts(cuts.differentAccepted);
  const [auc, eer, tarAtFar] = percentileIntervals('rocIntervals', rest, (rng) => {
    const drawn = {
      ...cuts,
      sameAccepted: drawnCounts(same, cuts.thresholds.length, rng),
      differentAccepted: drawnCounts(different, cuts.thresholds.length, rng),
    };
    return [areaOf(drawn), crossingOf(drawn), bestWithin(drawn, far).tar];
  });
  return { auc: auc!, eer: eer!, tarAtFar: tarAtFar! };
}

/** The first cut that accepts each pair of a kind, from how many each cut accepts. */
function firstCuts(accepted: Cuts['sameAccepted']): Uint32Array {
  const first = new Uint32Array(accepted.at(-1)!);
  for (let cut = 1; cut < accepted.length; cut++) first.fill(cut, accepted[cut - 1], accepted[cut]);
  return first;
}

/** How many each cut accepts of as many pairs, drawn with replacement. */
function drawnCounts(firstCut: Uint32Array, cuts: number, rng: Rng): number[] {
  const counts = new Array<number>(cuts).fill(0);
  for (let i = 0; i < firstCut.length; i++) counts[firstCut[rng.below(firstCut.length)]!]!++;
  for (let cut = 1; cut < cuts; cut++) counts[cut]! += counts[cut - 1]!;
  return counts;
}
