import { InputError } from '../../core/errors.ts';
import { Rng } from '../../core/rng.ts';
import { Graph } from '../../graph/graph.ts';
import { absoluteDifference } from '../../graph/ops/absolute-difference.ts';
import { chiSquareDifference } from '../../graph/ops/chi-square-difference.ts';
import { dense } from '../../graph/ops/dense.ts';
import { sigmoidCrossEntropy } from '../../graph/ops/sigmoid-cross-entropy.ts';
import { parametersOf } from '../../graph/parameters.ts';
import { TrainingPlan } from '../../graph/training-plan.ts';
import { adam } from '../../optimize/adam.ts';
import { cosine } from '../../optimize/schedules.ts';
import { Engine } from '../../runtime/engine.ts';
import { checkedEmbeddings } from '../evaluation/labelled.ts';
import { type HeadFeature, meanFeature, VerificationHead } from './verification-head.ts';

/** Embeddings of two things, and whether they are of one class. */
export interface EmbeddedPair {
  readonly a: ArrayLike<number>;
  readonly b: ArrayLike<number>;
  readonly same: boolean;
}

export interface TrainHeadOptions {
  /** Default: `'absolute'`. */
  readonly feature?: HeadFeature;
  /** Passes over all pairs. Default: 200. */
  readonly epochs?: number;
  /** Pairs of a step, at most as many as there are. Default: 256. */
  readonly batch?: number;
  /** Adam's, at the start; it falls to 0 along a cosine. Default: 0.05. */
  readonly learningRate?: number;
  /** How much of its value a weight loses at each step, times the learning rate: the more, the fewer pairs there are. Default: 1. */
  readonly weightDecay?: number;
  /** Order of the pairs. Default: 1. */
  readonly seed?: number;
  /** Told after each step. */
  readonly onStep?: (step: { readonly step: number; readonly loss: number }) => void;
}

/**
 * Trains a binary head on pairs of embeddings, the encoder staying as it is: mean binary cross-entropy, Adam. The same
 * bits for the same pairs, options and seed, on every engine.
 *
 * @throws InputError where there are not both kinds of pair, embeddings are not finite and of one dimension, an option is
 * none, or no embedding differs from its other.
 * @example
 * const head = trainVerificationHead(pairs, { feature: 'absolute' });
 * head.probability(f(photo), f(other));
 */
export function trainVerificationHead(
  pairs: readonly EmbeddedPair[],
  options: TrainHeadOptions = {},
): VerificationHead {
  const { feature = 'absolute', epochs = 200, learningRate = 0.05, weightDecay = 1, seed = 1, onStep } = options;
  const batch = Math.min(options.batch ?? 256, pairs.length);
  const checked = checkPairs(pairs);
  const dimension = checked[0]!.a.length;
  for (const [name, value] of Object.entries({ epochs, batch }))
    if (!Number.isInteger(value) || value < 1)
      throw new InputError(`trainVerificationHead: ${name} must be a whole number of at least 1, got ${value}`);
  // A head without training refuses a feature that is none.
  new VerificationHead(feature, new Float32Array(dimension), 0);
  // Both features grow with the embeddings as they do: at a mean of 1, one learning rate suits all encoders.
  const scale = meanFeature(feature, checked);
  if (!(scale > 0)) throw new InputError(`trainVerificationHead: the ${feature} feature is 0 in all pairs`);

  const graph = new Graph();
  const [a, b, labels] = [graph.input('a'), graph.input('b'), graph.input('labels')];
  const difference = graph.apply(feature === 'absolute' ? absoluteDifference : chiSquareDifference, [a, b]);
  const logits = graph.apply(dense, [difference], { parameters: { filters: 'weights', bias: 'bias' } });
  graph.apply(sigmoidCrossEntropy, [logits, labels], { name: 'loss' });

  const perEpoch = Math.floor(checked.length / batch);
  const training = new TrainingPlan(graph, {
    parameters: parametersOf({
      weights: { shape: [dimension, 1], values: new Float32Array(dimension) },
      bias: { shape: [1], values: [0] },
    }),
    inputs: { a: [batch, dimension], b: [batch, dimension], labels: [batch, 1] },
    train: {
      loss: 'loss',
      optimizer: adam({
        learningRate: cosine(learningRate, { steps: epochs * perEpoch }),
        weightDecay,
        decayed: (name) => name === 'weights',
      }),
    },
    engine: new Engine(),
  });
  try {
    const rows = {
      a: new Float32Array(batch * dimension),
      b: new Float32Array(batch * dimension),
      labels: new Float32Array(batch),
    };
    const order = checked.map((_, i) => i);
    for (let step = 0; step < epochs * perEpoch; step++) {
      if (step % perEpoch === 0) new Rng(seed, step / perEpoch).shuffle(order);
      for (let i = 0; i < batch; i++) {
        const pair = checked[order[(step % perEpoch) * batch + i]!]!;
        rows.a.set(
          pair.a.map((value) => value / scale),
          i * dimension,
        );
        rows.b.set(
          pair.b.map((value) => value / scale),
          i * dimension,
        );
        rows.labels[i] = pair.same ? 1 : 0;
      }
      training.step(rows);
      onStep?.({ step, loss: training.report.loss });
    }
    const weights = training.parameters.read('weights').map((weight) => weight / scale);
    return new VerificationHead(feature, weights, training.parameters.read('bias')[0]!);
  } finally {
    training.close();
  }
}

function checkPairs(pairs: readonly EmbeddedPair[]): { a: Float32Array; b: Float32Array; same: boolean }[] {
  const same = pairs.filter((pair) => pair.same).length;
  if (same === 0 || same === pairs.length)
    throw new InputError(
      `trainVerificationHead: expected pairs of one class and pairs of two, got ${same} of one and ${pairs.length - same} of two`,
    );
  const embeddings = checkedEmbeddings(
    'trainVerificationHead',
    pairs.flatMap(({ a, b }) => [a, b]),
  );
  return pairs.map((pair, i) => ({ a: embeddings[2 * i]!, b: embeddings[2 * i + 1]!, same: pair.same }));
}
