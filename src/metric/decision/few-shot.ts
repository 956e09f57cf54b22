import { InputError } from '../../core/errors.ts';
import { type DistanceChoice, type DistancesTo, distancesTo } from '../evaluation/distances-to.ts';
import { checkedEmbeddings, type Label, membersOf, unitVector } from '../evaluation/labelled.ts';
import { checkedVector } from '../vector.ts';

/** One of the few examples that a class is known by: an embedding f(x) and its label y. */
export interface SupportExample<L extends Label = Label> {
  readonly embedding: ArrayLike<number>;
  readonly label: L;
}

/**
 * How examples stand for their class. `'nearest'`: a class is as near as its nearest example. `'prototype'`: as near as
 * the mean of its examples (Snell, Swersky and Zemel 2017); with the cosine distance, the mean of their directions.
 * With one example a class the two are one.
 */
export type FewShotRule = 'nearest' | 'prototype';

export interface FewShotOptions {
  /** Default: `'nearest'`. */
  readonly rule?: FewShotRule;
  /** Default: `'euclidean'`. */
  readonly distance?: DistanceChoice;
  /** The largest distance that still counts: beyond, the label is null. Default: none, the nearest class whatever comes. */
  readonly threshold?: number;
}

/** The class of something new. */
export interface Classification<L extends Label = Label> {
  /** Null where even the nearest class is beyond the threshold. */
  readonly label: L | null;
  /** Of the nearest class. */
  readonly distance: number;
  /** Every class by its distance, nearest first; of equal distances the one that came first. */
  readonly ranking: readonly { readonly label: L; readonly distance: number }[];
}

/**
 * Classes learned from a support set S = {(x, y)} of a few examples each, on the embeddings of any encoder: nothing is
 * trained, and one example a class is enough.
 *
 * @example
 * const classifier = new FewShotClassifier([
 *   { embedding: f(anA), label: 'a' },
 *   { embedding: f(aB), label: 'b' },
 * ]);
 * const { label, distance } = classifier.classify(f(unknown));
 */
export class FewShotClassifier<L extends Label = Label> {
  /** In the order in which they first occur. */
  readonly labels: readonly L[];
  readonly #dimension: number;
  readonly #distances: DistancesTo;
  readonly #threshold: number;
  readonly #vectors: readonly Float32Array[];
  /** The class of each vector, by its place among the labels. */
  readonly #classes: readonly number[];

  /** @throws InputError where there is no example, embeddings are not finite vectors of one dimension, or an option is none. */
  constructor(support: readonly SupportExample<L>[], options: FewShotOptions = {}) {
    const who = 'FewShotClassifier';
    const { rule = 'nearest', distance = 'euclidean', threshold = Number.POSITIVE_INFINITY } = options;
    if (rule !== 'nearest' && rule !== 'prototype')
      throw new InputError(`${who}: rule must be 'nearest' or 'prototype', got ${JSON.stringify(rule)}`);
    if (!(threshold >= 0)) throw new InputError(`${who}: threshold must be at least 0, got ${threshold}`);
    this.#distances = distancesTo(who, distance);
    this.#threshold = threshold;
    const examples = checkedEmbeddings(
      who,
      support.map(({ embedding }) => embedding),
    );
    this.#dimension = examples[0]!.length;
    const members = membersOf(support.map(({ label }) => label)) as Map<L, number[]>;
    this.labels = [...members.keys()];
    const lists = [...members.values()];
    const directed = distance === 'cosine' ? examples.map((example) => unitVector(who, example)) : examples;
    this.#vectors = rule === 'prototype' ? lists.map((list) => meanOf(list.map((i) => directed[i]!))) : examples;
    const placeOf = new Map(this.labels.map((label, i) => [label, i]));
    this.#classes = rule === 'prototype' ? lists.map((_, i) => i) : support.map(({ label }) => placeOf.get(label)!);
  }

  /**
   * The class of an embedding.
   * @throws InputError where it is not a finite vector of the examples' dimension.
   */
  classify(embedding: ArrayLike<number>): Classification<L> {
    const query = checkedVector('FewShotClassifier.classify', embedding, this.#dimension);
    const nearest = new Array<number>(this.labels.length).fill(Number.POSITIVE_INFINITY);
    this.#distances(query, this.#vectors).forEach((distance, i) => {
      const place = this.#classes[i]!;
      nearest[place] = Math.min(nearest[place]!, distance);
    });
    const ranking = nearest
      .map((distance, i) => ({ label: this.labels[i]!, distance }))
      .sort((a, b) => (a.distance < b.distance ? -1 : a.distance > b.distance ? 1 : 0));
    const { label, distance } = ranking[0]!;
    return { label: distance <= this.#threshold ? label : null, distance, ranking };
  }
}

/** Sums in float64, in order, rounded once. */
function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const sums = new Float64Array(vectors[0]!.length);
  for (const vector of vectors) for (let i = 0; i < sums.length; i++) sums[i]! += vector[i]!;
  return Float32Array.from(sums, (sum) => sum / vectors.length);
}
