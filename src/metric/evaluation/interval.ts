import { InputError } from '../../core/errors.ts';
import { binomialTail, whereReached } from './binomial.ts';
import { checkConfidence, normalWidth } from './normal.ts';

/** Where a figure lies that was estimated from some of the cases there are. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** In so many of all repetitions an interval made like this one holds the true figure: 0.95 for 95 %. */
  readonly confidence: number;
}

/**
 * How the interval of a share is made. `'clopper-pearson'`: exact; the true share is outside in at most 1 − confidence of
 * all cases, usually in fewer. `'wilson'`: the score interval; narrower, right on average.
 */
export type IntervalMethod = 'clopper-pearson' | 'wilson';

export interface ProportionOptions {
  /** Default: `'clopper-pearson'`. */
  readonly method?: IntervalMethod;
  /** Between 0 and 1. Default: 0.95. */
  readonly confidence?: number;
}

/**
 * The interval of a share of which `hits` among `trials` independent cases were seen, 0 … 1.
 *
 * Clopper and Pearson (1934): the shares at which that many hits or more, or that many or fewer, have probability α/2.
 * Wilson (1927): (p + z²/2n ± z·√(p(1 − p)/n + z²/4n²)) / (1 + z²/n).
 *
 * @throws InputError unless 0 ≤ hits ≤ trials are whole numbers, trials at least 1, and the options are such.
 * @example
 * proportionInterval(0, 300).high; // 0.0122: no false accept in 300 still allows for 1.2 %
 */
export function proportionInterval(hits: number, trials: number, options: ProportionOptions = {}): Interval {
  const { method = 'clopper-pearson', confidence = 0.95 } = options;
  if (!Number.isInteger(hits) || !Number.isInteger(trials) || hits < 0 || trials < 1 || hits > trials)
    throw new InputError(
      `proportionInterval: expected hits of at least 0 among trials of at least 1, got ${hits} among ${trials}`,
    );
  checkConfidence('proportionInterval', confidence);
  switch (method) {
    case 'clopper-pearson':
      return { ...clopperPearson(hits, trials, confidence), confidence };
    case 'wilson':
      return { ...wilson(hits, trials, confidence), confidence };
    default:
      throw new InputError(
        `proportionInterval: method must be 'clopper-pearson' or 'wilson', got ${JSON.stringify(method)}`,
      );
  }
}

function clopperPearson(hits: number, trials: number, confidence: number): { low: number; high: number } {
  const side = (1 - confidence) / 2;
  return {
    low: hits === 0 ? 0 : whereReached(side, (p) => binomialTail(hits, trials, p)),
    high: hits === trials ? 1 : whereReached(1 - side, (p) => binomialTail(hits + 1, trials, p)),
  };
}

function wilson(hits: number, trials: number, confidence: number): { low: number; high: number } {
  const z = normalWidth(confidence);
  const p = hits / trials;
  const middle = p + (z * z) / (2 * trials);
  const reach = z * Math.sqrt((p * (1 - p)) / trials + (z * z) / (4 * trials * trials));
  const scale = 1 + (z * z) / trials;
  return {
    low: hits === 0 ? 0 : Math.max(0, (middle - reach) / scale),
    high: hits === trials ? 1 : Math.min(1, (middle + reach) / scale),
  };
}
