import { InputError } from '../../core/errors.ts';
import { sigmoid } from '../../core/math.ts';
import { cutsOf, type ScoredPair } from '../evaluation/scored-pairs.ts';
import { fitIsotonic, heightAt, type Steps } from './isotonic.ts';
import { fitLogistic, type Logistic } from './logistic.ts';

/** A fitted probability as plain data, for JSON: beside a model, or as a text in the metadata of its weights. */
export type ProbabilityRecord = { readonly pairs: { readonly same: number; readonly different: number } } & (
  | ({ readonly method: 'logistic' } & Logistic)
  | ({ readonly method: 'isotonic' } & Steps)
);

export interface FitProbabilityOptions {
  /**
   * `'logistic'`: a curve of two numbers, right where both kinds of distance are about normal; takes few pairs.
   * `'isotonic'`: any descending curve; takes some thousand pairs, and says 0 or 1 beyond what it has seen.
   * Default: `'logistic'`.
   */
  readonly method?: 'logistic' | 'isotonic';
}

/** How probable it is that two photos at some distance show one person. Made by `fitProbability`. */
export class PairProbability {
  readonly #record: ProbabilityRecord;

  /**
   * A probability from what `toJSON` gave.
   * @throws InputError where it is no such record.
   */
  constructor(record: ProbabilityRecord) {
    this.#record = checkedRecord(record);
  }

  /**
   * The probability of one person at a distance, 0 … 1.
   *
   * Pairs to come are taken to be of one person as often as those of the fit. Where that share is another, say so by
   * `prior`: the odds are multiplied by that of the prior over that of the fit.
   *
   * @throws InputError where the distance is below 0 or NaN, or the prior is not between 0 and 1.
   */
  at(distance: number, { prior }: { readonly prior?: number } = {}): number {
    if (!(distance >= 0))
      throw new InputError(`PairProbability.at: expected a distance of at least 0, got ${distance}`);
    const record = this.#record;
    const p =
      record.method === 'logistic' ? sigmoid(record.intercept + record.slope * distance) : heightAt(record, distance);
    if (prior === undefined) return p;
    if (!(prior > 0 && prior < 1))
      throw new InputError(`PairProbability.at: prior must lie between 0 and 1, got ${prior}`);
    const { same, different } = record.pairs;
    const odds = (prior / (1 - prior)) * (different / same);
    return (p * odds) / (p * odds + 1 - p);
  }

  toJSON(): ProbabilityRecord {
    return this.#record;
  }
}

/**
 * Fits the probability that a pair shows one person to its distance. A distance itself is none: this one is about pairs
 * such as these, and says nothing about others.
 *
 * @throws InputError as `roc`; for `'logistic'` where greater distances are no sign of two people.
 * @example
 * const probability = fitProbability(pairs);
 * probability.at(0.5); // 0.97
 * const text = JSON.stringify(probability);
 * const again = new PairProbability(JSON.parse(text));
 */
export function fitProbability(
  pairs: readonly ScoredPair[],
  { method = 'logistic' }: FitProbabilityOptions = {},
): PairProbability {
  const { same, different } = cutsOf('fitProbability', pairs);
  const counts = { pairs: { same, different } };
  switch (method) {
    case 'logistic':
      return new PairProbability({ method, ...fitLogistic(pairs, same, different), ...counts });
    case 'isotonic':
      return new PairProbability({ method, ...fitIsotonic(pairs), ...counts });
    default:
      throw new InputError(`fitProbability: method must be 'logistic' or 'isotonic', got ${JSON.stringify(method)}`);
  }
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;
const isFiniteList = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every((number) => Number.isFinite(number));

function checkedRecord(record: ProbabilityRecord): ProbabilityRecord {
  const refuse = (expected: string): never => {
    throw new InputError(`PairProbability: expected ${expected}, got ${JSON.stringify(record)?.slice(0, 200)}`);
  };
  if (
    typeof record !== 'object' ||
    record === null ||
    !isCount(record.pairs?.same) ||
    !isCount(record.pairs?.different)
  )
    return refuse('a record with the pairs of its fit');
  const { same, different } = record.pairs;
  const pairs = { same, different };
  if (record.method === 'logistic') {
    const { method, intercept, slope } = record;
    if (!Number.isFinite(intercept) || !(slope < 0 && Number.isFinite(slope)))
      return refuse('a finite intercept and a slope below 0');
    return { method, intercept, slope, pairs };
  }
  if (record.method !== 'isotonic') return refuse(`a method, 'logistic' or 'isotonic'`);
  const { method, distances, shares } = record;
  const descends =
    isFiniteList(distances) &&
    isFiniteList(shares) &&
    distances.length === shares.length &&
    distances.every((distance, i) => i === 0 || distance > distances[i - 1]!) &&
    shares.every((share, i) => share >= 0 && share <= (i === 0 ? 1 : shares[i - 1]!));
  return descends ? { method, distances, shares, pairs } : refuse('ascending distances and as many descending shares');
}
