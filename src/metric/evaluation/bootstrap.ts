import { InputError } from '../../core/errors.ts';
import { Rng } from '../../core/rng.ts';
import type { Interval } from './interval.ts';
import { checkConfidence } from './normal.ts';

export interface BootstrapOptions {
  /** Between 0 and 1. Default: 0.95. */
  readonly confidence?: number;
  /** How often the cases are drawn anew. Default: 1000. */
  readonly samples?: number;
  /** Equal seeds give equal intervals, on every engine. Default: 1. */
  readonly seed?: number;
}

/**
 * The percentile interval of any figure by the bootstrap (Efron 1979): as many cases as there are, drawn with replacement,
 * measured, again and again; the interval leaves (1 − confidence)/2 of what came out on each side.
 *
 * Cases are taken for independent. Where they are not (many pairs of one photo), let a case be what is: a person, a photo.
 *
 * @throws InputError where there is no case, an option is none, or a measure is NaN.
 * @example
 * bootstrapInterval(hits, (drawn) => drawn.filter(Boolean).length / drawn.length);
 */
export function bootstrapInterval<T>(
  cases: readonly T[],
  measure: (drawn: readonly T[]) => number,
  options: BootstrapOptions = {},
): Interval {
  if (cases.length === 0) throw new InputError('bootstrapInterval: expected at least one case, got none');
  return percentileIntervals('bootstrapInterval', options, (rng) => [
    measure(cases.map(() => cases[rng.below(cases.length)]!)),
  ])[0]!;
}

/** The intervals of several figures of each sample. */
export function percentileIntervals(
  who: string,
  { confidence = 0.95, samples = 1000, seed = 1 }: BootstrapOptions,
  draw: (rng: Rng) => readonly number[],
): Interval[] {
  checkConfidence(who, confidence);
  if (!Number.isInteger(samples) || samples < 2)
    throw new InputError(`${who}: samples must be a whole number of at least 2, got ${samples}`);
  if (!Number.isSafeInteger(seed)) throw new InputError(`${who}: seed must be a whole number, got ${seed}`);
  const drawn = Array.from({ length: samples }, (_, i) => draw(new Rng(seed, i)));
  return drawn[0]!.map((_, figure) => {
    const values = Float64Array.from(drawn, (figures) => figures[figure]!).sort();
    if (Number.isNaN(values.at(-1))) throw new InputError(`${who}: a sample of the cases measured NaN`);
    const side = (1 - confidence) / 2;
    return { low: quantile(values, side), high: quantile(values, 1 - side), confidence };
  });
}

/** Linear between the two sorted values around the place (n − 1)·share. */
function quantile(sorted: Float64Array, share: number): number {
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const value = sorted[below]!;
  return below + 1 < sorted.length ? value + (sorted[below + 1]! - value) * (place - below) : value;
}
