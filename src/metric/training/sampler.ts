import { InputError } from '../../core/errors.ts';
import { Rng } from '../../core/rng.ts';
import type { Dataset } from './dataset.ts';

/** One batch: examples of the dataset and their classes' numbers, a row each. */
export interface Batch {
  readonly examples: Int32Array;
  /** Number of each row's class in the dataset; whole numbers, as loss ops read them. */
  readonly labels: Float32Array;
}

/** Chooses the batch of a step. It is a function of the step: no step needs another to have been drawn. */
export interface Sampler<B extends Batch = Batch> {
  /** Rows of every batch. */
  readonly rows: number;
  batch(step: number): B;
}

export interface ClassSamplerOptions {
  /** P: classes in a batch. */
  readonly classes: number;
  /** K: examples of each. */
  readonly each: number;
  readonly seed?: number;
  /** Classes with fewer than two examples: an error that names one, or left out. Default: `'fail'`. */
  readonly lone?: 'fail' | 'skip';
}

/** Streams of a sampler's seed. */
const ORDER = 1;
const DRAW = 2;

/**
 * P × K sampling (Hermans et al. 2017): P classes, K examples of each, rows of a class behind one another. Classes come in
 * an order that is shuffled anew for each round through them, so that all come equally often; examples are drawn without
 * repetition as far as a class has K.
 *
 * @throws InputError where P or K is below 2, the dataset has fewer than P classes (of one class there are no negatives),
 * or a class has one example only.
 */
export function classSampler(dataset: Dataset, options: ClassSamplerOptions): Sampler {
  const { classes: p, each: k, seed = 0, lone = 'fail' } = options;
  for (const [name, value] of [['classes', p] as const, ['each', k] as const])
    if (!Number.isInteger(value) || value < 2)
      throw new InputError(`classSampler: ${name} must be a whole number of at least 2, got ${value}`);
  const usable = usableClasses('classSampler', dataset, lone);
  if (usable.length < p)
    throw new InputError(`classSampler: a batch of ${p} classes needs as many, got ${usable.length}`);

  const orders = new Rounds(usable.length, seed);
  return {
    rows: p * k,
    batch(step) {
      const examples = new Int32Array(p * k);
      const labels = new Float32Array(p * k);
      const rng = new Rng(seed, DRAW, step);
      const taken = new Set<number>();
      // A batch that reaches into the next round passes over the classes that it has.
      for (let at = step * p; taken.size < p; at++) taken.add(orders.at(at));
      for (const [i, number] of [...taken].entries()) {
        const label = usable[number]!;
        draw(dataset.classes[label]!.examples, k, rng, examples.subarray(i * k));
        labels.fill(label, i * k, (i + 1) * k);
      }
      return { examples, labels };
    },
  };
}

export interface PairSamplerOptions {
  /** Pairs in a batch: the first half of them are of one class each, the others of two. */
  readonly pairs: number;
  readonly seed?: number;
  readonly lone?: 'fail' | 'skip';
}

/** A batch of pairs: rows 2i and 2i + 1 are pair i. */
export interface PairBatch extends Batch {
  /** 1 for a pair of one class, 0 for one of two. */
  readonly same: Float32Array;
}

/**
 * Pairs for contrastive losses and binary heads: half of one class, half of two, drawn at random.
 * @throws InputError as `classSampler` does, and where the number of pairs is odd.
 */
export function pairSampler(dataset: Dataset, options: PairSamplerOptions): Sampler<PairBatch> {
  const { pairs, seed = 0, lone = 'fail' } = options;
  if (!Number.isInteger(pairs) || pairs < 2 || pairs % 2 === 1)
    throw new InputError(`pairSampler: pairs must be an even whole number of at least 2, got ${pairs}`);
  const usable = usableClasses('pairSampler', dataset, lone);
  return {
    rows: 2 * pairs,
    batch(step) {
      const examples = new Int32Array(2 * pairs);
      const labels = new Float32Array(2 * pairs);
      const same = new Float32Array(pairs).fill(1, 0, pairs / 2);
      const rng = new Rng(seed, DRAW, step);
      for (let i = 0; i < pairs; i++) {
        const [first, other] = draw([...usable.keys()], 2, rng, new Int32Array(2));
        const [a, b] = [usable[first!]!, usable[same[i] ? first! : other!]!];
        const at = examples.subarray(2 * i, 2 * i + 2);
        if (a === b) draw(dataset.classes[a]!.examples, 2, rng, at);
        else
          for (const [side, label] of [a, b].entries())
            draw(dataset.classes[label]!.examples, 1, rng, at.subarray(side));
        labels.set([a, b], 2 * i);
      }
      return { examples, labels, same };
    },
  };
}

/** A P × K batch with example k of class c in row k · P + c, in place of row c · K + k. */
export function shotMajor({ examples, labels }: Batch, classes: number, each: number): Batch {
  const from = (row: number): number => (row % classes) * each + Math.floor(row / classes);
  return {
    examples: examples.map((_, row) => examples[from(row)]!),
    labels: labels.map((_, row) => labels[from(row)]!),
  };
}

/** Numbers of the classes that have a pair. */
function usableClasses(who: string, { classes }: Dataset, lone: 'fail' | 'skip'): number[] {
  if (classes.length < 2)
    throw new InputError(`${who}: one class only ("${classes[0]?.name}"): there is nothing to tell it from`);
  const single = classes.filter(({ examples }) => examples.length < 2);
  if (single.length > 0 && lone === 'fail')
    throw new InputError(
      `${who}: class "${single[0]!.name}" has one example${single.length > 1 ? `, as ${single.length - 1} more have` : ''}: a positive needs a second one; lone: 'skip' leaves such classes out`,
    );
  const usable = [...classes.keys()].filter((label) => classes[label]!.examples.length >= 2);
  if (usable.length < 2)
    throw new InputError(`${who}: needs two classes of two examples or more, got ${usable.length}`);
  return usable;
}

/** Draws k of some numbers, none twice before all have come. */
function draw(from: readonly number[], k: number, rng: Rng, into: Int32Array): Int32Array {
  for (let done = 0; done < k; ) {
    const pool = [...from];
    for (let i = 0; i < pool.length && done < k; i++) {
      const j = i + rng.below(pool.length - i);
      [pool[i], pool[j]] = [pool[j]!, pool[i]!];
      into[done++] = pool[i]!;
    }
  }
  return into;
}

/** Endless rounds through n numbers, each round in an order of its own. */
class Rounds {
  readonly #n: number;
  readonly #seed: number;
  #round = -1;
  #order = new Int32Array(0);

  constructor(n: number, seed: number) {
    this.#n = n;
    this.#seed = seed;
  }

  at(position: number): number {
    const round = Math.floor(position / this.#n);
    if (round !== this.#round) {
      this.#order = new Rng(this.#seed, ORDER, round).shuffle(Int32Array.from({ length: this.#n }, (_, i) => i));
      this.#round = round;
    }
    return this.#order[position % this.#n]!;
  }
}
