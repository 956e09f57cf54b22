import { InputError } from '../../core/errors.ts';
import { type Cuts, cutsOf, type ScoredPair } from './scored-pairs.ts';

/** How often a threshold errs: rates 0 … 1. */
export interface RocPoint {
  /** The decision "same" is distance ≤ threshold. */
  readonly threshold: number;
  /** False accept rate: the share of pairs of two people that are accepted. */
  readonly far: number;
  /** True accept rate: the share of pairs of one person that are accepted; the false reject rate is 1 − tar. */
  readonly tar: number;
}

const pointAt = (cuts: Cuts, cut: number): RocPoint => ({
  threshold: cuts.thresholds[cut]!,
  far: cuts.differentAccepted[cut]! / cuts.different,
  tar: cuts.sameAccepted[cut]! / cuts.same,
});

/**
 * The receiver operating characteristic: one point for each decision that a threshold can make, from none accepted (0, 0)
 * to all accepted (1, 1). Each threshold lies half way between two distances that occur.
 *
 * @throws InputError where a distance is not a finite number of at least 0, or there are not both kinds of pair.
 */
export function roc(pairs: readonly ScoredPair[]): RocPoint[] {
  const cuts = cutsOf('roc', pairs);
  return cuts.thresholds.map((_, cut) => pointAt(cuts, cut));
}

/**
 * The area under the ROC by trapezoids: the probability that a pair of one person is nearer than a pair of two, a tie
 * counting half (Mann and Whitney's U over its largest value). 0 … 1; 0.5 is chance.
 *
 * @throws InputError as `roc`.
 */
export const auc = (pairs: readonly ScoredPair[]): number => areaOf(cutsOf('auc', pairs));

/** `auc` of cuts that are already made. */
export function areaOf({ sameAccepted, differentAccepted, same, different }: Cuts): number {
  let doubled = 0;
  for (let i = 1; i < sameAccepted.length; i++)
    doubled += (differentAccepted[i]! - differentAccepted[i - 1]!) * (sameAccepted[i]! + sameAccepted[i - 1]!);
  return doubled / (2 * same * different);
}

/**
 * The equal error rate: where the false accept rate and the false reject rate are one, on the straight line between the
 * two points of the ROC around it. 0 … 1; 0.5 is chance.
 *
 * @throws InputError as `roc`.
 */
export const equalErrorRate = (pairs: readonly ScoredPair[]): number => crossingOf(cutsOf('equalErrorRate', pairs));

/** `equalErrorRate` of cuts that are already made. */
export function crossingOf({ sameAccepted, differentAccepted, same, different }: Cuts): number {
  const far = (cut: number): number => differentAccepted[cut]! / different;
  const gap = (cut: number): number => 1 - sameAccepted[cut]! / same - far(cut);
  let at = 1;
  while (gap(at) > 0) at++;
  return far(at - 1) + (gap(at - 1) / (gap(at - 1) - gap(at))) * (far(at) - far(at - 1));
}

/**
 * The best a threshold can do with at most `far` false accepts: the ROC's point of the greatest true accept rate among
 * those whose false accept rate is at most `far`; of equal ones that with the fewer false accepts. No interpolation: it is
 * a decision that was made on these pairs, not a mixture of two.
 *
 * With n pairs of two people, rates below 1 / n cannot be told from 0.
 *
 * @throws InputError as `roc`, or where `far` is not in 0 … 1.
 */
export function tarAtFar(pairs: readonly ScoredPair[], far: number): RocPoint {
  if (!(far >= 0 && far <= 1)) throw new InputError(`tarAtFar: far must be in 0 … 1, got ${far}`);
  return bestWithin(cutsOf('tarAtFar', pairs), far);
}

/** `tarAtFar` of cuts that are already made. */
export function bestWithin(cuts: Cuts, far: number): RocPoint {
  let best = 0;
  for (let cut = 1; cut < cuts.thresholds.length && cuts.differentAccepted[cut]! / cuts.different <= far; cut++)
    if (cuts.sameAccepted[cut]! > cuts.sameAccepted[best]!) best = cut;
  return pointAt(cuts, best);
}
