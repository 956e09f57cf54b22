import { InputError } from '../../core/errors.ts';
import { type Interval, type IntervalMethod, proportionInterval } from '../evaluation/interval.ts';
import { checkConfidence } from '../evaluation/normal.ts';
import { quantileInterval } from '../evaluation/quantile-interval.ts';
import { type Cuts, cutsOf, type ScoredPair } from '../evaluation/scored-pairs.ts';
import { comparisonFalseAccept, galleryFalseAccept } from './gallery-rate.ts';

export interface CalibrateOptions {
  /** The share of comparisons of two people that may be taken for one, between 0 and 1: 0.01 is one in a hundred. */
  readonly far: number;
  /**
   * Which rate must keep to `far`: the one measured on the pairs, or the upper end of its interval, which also holds
   * against the chance of having met easy pairs. Default: `'measured'`.
   */
  readonly rate?: 'measured' | 'upper-bound';
  /** Between 0 and 1. Default: 0.95. */
  readonly confidence?: number;
  /** How intervals of rates are made. Default: `'clopper-pearson'`. */
  readonly method?: IntervalMethod;
  /** Sizes of galleries to tell about. Default: 1, 10, 100, 1000, 10 000. */
  readonly people?: readonly number[];
}

/** A share that was counted, with its interval. */
export interface Rate {
  /** 0 … 1. */
  readonly rate: number;
  readonly accepted: number;
  readonly pairs: number;
  readonly interval: Interval;
}

/** What a stranger meets who is compared with everyone in a gallery. */
export interface GalleryRate {
  /** K, people in the gallery, one example each. */
  readonly people: number;
  /** The share of strangers who are taken for somebody at the threshold, 1 − (1 − FAR)^K, with the interval of FAR. */
  readonly falseAccept: number;
  readonly interval: Interval;
  /**
   * The threshold that keeps this gallery's rate to `far`, and the true accepts at it; null where it would take a rate a
   * comparison that so few pairs cannot tell from 0.
   */
  readonly needed: { readonly threshold: number; readonly tar: number } | null;
}

/** A threshold for a target false accept rate, and how well the pairs determine it. */
export interface Calibration {
  /** The decision "same" is distance ≤ threshold. */
  readonly threshold: number;
  /** Where the distance lies below which the share `far` of all pairs of two people is, by order statistics. */
  readonly thresholdInterval: Interval;
  /** The rate that was asked for. */
  readonly target: number;
  /** False and true accepts at the threshold on these pairs. */
  readonly far: Rate;
  readonly tar: Rate;
  /** False where `target` is below 1 / n for n pairs of two people: that so few accepts are too few, they cannot show. */
  readonly resolved: boolean;
  readonly galleries: readonly GalleryRate[];
}

const PEOPLE = [1, 10, 100, 1000, 10_000];

/**
 * The threshold τ for a false accept rate: the largest at which no more than the share `far` of the pairs of two people is
 * accepted, half way to the next distance. With the intervals of τ, of both rates at τ, and what the false accept rate
 * becomes for a gallery of K people.
 *
 * Take other pairs than the encoder was trained on, as hard as those to come; pairs are taken for independent.
 *
 * @throws InputError as `roc`; where an option is none; or where so few pairs cannot bound the rate by `far`, naming how
 * many can.
 * @example
 * const { threshold, far, tar } = calibrate(pairs, { far: 0.01 });
 */
export function calibrate(pairs: readonly ScoredPair[], options: CalibrateOptions): Calibration {
  const { far, rate = 'measured', confidence = 0.95, method = 'clopper-pearson', people = PEOPLE } = options;
  if (!(far > 0 && far < 1)) throw new InputError(`calibrate: far must lie between 0 and 1, such as 0.01, got ${far}`);
  if (rate !== 'measured' && rate !== 'upper-bound')
    throw new InputError(`calibrate: rate must be 'measured' or 'upper-bound', got ${JSON.stringify(rate)}`);
  checkConfidence('calibrate', confidence);
  const wrong = people.find((k) => !Number.isSafeInteger(k) || k < 1);
  if (wrong !== undefined) throw new InputError(`calibrate: people must be whole numbers of at least 1, got ${wrong}`);

  const cuts = cutsOf('calibrate', pairs);
  const intervalOf = (accepted: number, of: number): Interval =>
    proportionInterval(accepted, of, { method, confidence });
  const measured = (accepted: number): number => accepted / cuts.different;
  const kept = (accepted: number): boolean =>
    (rate === 'measured' ? measured(accepted) : intervalOf(accepted, cuts.different).high) <= far;
  if (!kept(0))
    throw new InputError(
      `calibrate: ${cuts.different} pairs of two people cannot show a false accept rate of at most ${far} with ${confidence} confidence, even if none is accepted; it takes ${leastPairs(far, confidence, method)}`,
    );
  const cut = lastCut(cuts, kept);
  const rateOf = (accepted: number, of: number): Rate => ({
    rate: accepted / of,
    accepted,
    pairs: of,
    interval: intervalOf(accepted, of),
  });
  const atCut = rateOf(cuts.differentAccepted[cut]!, cuts.different);
  return {
    threshold: cuts.thresholds[cut]!,
    thresholdInterval: quantileInterval(distancesOfTwo(pairs), far, confidence),
    target: far,
    far: atCut,
    tar: rateOf(cuts.sameAccepted[cut]!, cuts.same),
    resolved: far * cuts.different >= 1,
    galleries: people.map((k) => galleryRate(cuts, k, far, atCut)),
  };
}

const distancesOfTwo = (pairs: readonly ScoredPair[]): Float64Array =>
  Float64Array.from(
    pairs.filter(({ same }) => !same),
    ({ distance }) => distance,
  ).sort();

/** The last cut whose number of false accepts is allowed; more are never allowed where fewer are not. */
function lastCut({ differentAccepted }: Cuts, allowed: (accepted: number) => boolean): number {
  let [low, high] = [0, differentAccepted.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (allowed(differentAccepted[middle]!)) low = middle;
    else high = middle;
  }
  return low;
}

function galleryRate(cuts: Cuts, people: number, far: number, { rate, interval }: Rate): GalleryRate {
  const allowed = comparisonFalseAccept(far, people);
  const cut = lastCut(cuts, (accepted) => accepted / cuts.different <= allowed);
  return {
    people,
    falseAccept: galleryFalseAccept(rate, people),
    interval: {
      low: galleryFalseAccept(interval.low, people),
      high: galleryFalseAccept(interval.high, people),
      confidence: interval.confidence,
    },
    needed:
      allowed * cuts.different >= 1
        ? { threshold: cuts.thresholds[cut]!, tar: cuts.sameAccepted[cut]! / cuts.same }
        : null,
  };
}

/** The fewest pairs that, all rejected, bound the rate by `far`. */
function leastPairs(far: number, confidence: number, method: IntervalMethod): number {
  const bounds = (n: number): boolean => proportionInterval(0, n, { method, confidence }).high <= far;
  let high = 1;
  while (!bounds(high)) high *= 2;
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (bounds(middle)) high = middle;
    else low = middle;
  }
  return high;
}
