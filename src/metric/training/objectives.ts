import { InputError } from '../../core/errors.ts';
import type { Shape } from '../../core/shape.ts';
import type { Graph, Node } from '../../graph/graph.ts';
import { absoluteDifference } from '../../graph/ops/absolute-difference.ts';
import { affine } from '../../graph/ops/affine.ts';
import { chiSquareDifference } from '../../graph/ops/chi-square-difference.ts';
import { concat } from '../../graph/ops/concat.ts';
import { type ContrastiveLossAttributes, contrastiveLoss } from '../../graph/ops/contrastive-loss.ts';
import { dense } from '../../graph/ops/dense.ts';
import { pairwiseDistance } from '../../graph/ops/pairwise-distance.ts';
import { rows } from '../../graph/ops/rows.ts';
import { sigmoidCrossEntropy } from '../../graph/ops/sigmoid-cross-entropy.ts';
import { softmaxCrossEntropy } from '../../graph/ops/softmax-cross-entropy.ts';
import { type TripletLossAttributes, tripletLoss, tripletLossEntries } from '../../graph/ops/triplet-loss.ts';
import type { InitialTensor } from '../../models/initialise.ts';
import type { Batch, PairBatch } from './sampler.ts';

/** What an objective is built for. */
export interface ObjectiveSite {
  /** Rows of a batch: P classes × K examples, or pairs × 2. */
  readonly groups: number;
  readonly each: number;
  /** Numbers in an embedding. */
  readonly dimension: number;
  /** Classes of the whole dataset. */
  readonly classes: number;
}

/** An objective in a graph. */
export interface BuiltObjective {
  /** The node whose output's entry 0 is the loss. */
  readonly loss: Node;
  /** Which entry of that output is what; the active fraction and whether a triplet was possible, where it says so. */
  readonly entries: { readonly activeFraction?: number; readonly accuracy?: number; readonly valid?: number };
  /** Inputs beside the examples. */
  readonly inputs: Readonly<Record<string, Shape>>;
  /** Tensors that it trains beside the encoder's, such as a head. */
  readonly tensors: ReadonlyMap<string, InitialTensor>;
  /** Tensors that it reads and nobody trains. */
  readonly constants: Readonly<Record<string, { readonly shape: Shape; readonly values: Float32Array }>>;
  /** Values of those inputs for a batch. */
  feed(batch: Batch, seed: number, step: number): Record<string, Float32Array>;
}

/** What an encoder is trained to do: a loss over embeddings, and how its batches are drawn. */
export interface Objective {
  readonly name: string;
  readonly batches: 'classes' | 'pairs';
  /** True where row k · P + c is example k of class c, in place of row c · K + k. */
  readonly shotMajor?: boolean;
  /** Adds its nodes behind the embeddings, [rows, dimension]. */
  build(graph: Graph, embeddings: Node, site: ObjectiveSite): BuiltObjective;
}

const LABELS = 'objective/labels';

/**
 * Triplet loss over the triplets that a mining finds in each batch (see the op `tripletLoss`).
 * @example
 * triplets({ mining: 'semi-hard', margin: 0.2 })
 */
export function triplets(attributes: TripletLossAttributes): Objective {
  return {
    name: 'triplets',
    batches: 'classes',
    build(graph, embeddings, { groups, each }) {
      const inputs: Record<string, Shape> = { [LABELS]: [groups * each] };
      const nodes = [embeddings, graph.input(LABELS)];
      if (attributes.mining === 'random') {
        inputs['objective/key'] = [2];
        nodes.push(graph.input('objective/key'));
      }
      const loss = graph.apply(tripletLoss, nodes, { name: 'objective/loss', attributes });
      return {
        loss,
        entries: {
          activeFraction: tripletLossEntries.indexOf('activeFraction'),
          valid: tripletLossEntries.indexOf('valid'),
        },
        inputs,
        tensors: new Map(),
        constants: {},
        feed: ({ labels }, seed, step) => ({
          [LABELS]: labels,
          ...(attributes.mining === 'random' && { 'objective/key': Float32Array.of(seed, step) }),
        }),
      };
    },
  };
}

/**
 * Contrastive loss of pairs, half of them of one class (see the op `contrastiveLoss`).
 * @example
 * contrastive({ margin: 1 })
 */
export function contrastive(attributes: ContrastiveLossAttributes): Objective {
  // Hadsell's label of a pair of one class is 0.
  const turned = attributes.convention === 'hadsell';
  return {
    name: 'contrastive',
    batches: 'pairs',
    build(graph, embeddings, { groups }) {
      const loss = graph.apply(contrastiveLoss, [embeddings, graph.input(LABELS)], {
        name: 'objective/loss',
        attributes,
      });
      return {
        loss,
        entries: { activeFraction: 1 },
        inputs: { [LABELS]: [groups] },
        tensors: new Map(),
        constants: {},
        feed: (batch) => ({ [LABELS]: turned ? sameOf(batch).map((same) => 1 - same) : sameOf(batch) }),
      };
    },
  };
}

/** A fully connected layer with its tensors, `name/filters` [from, to] and `name/bias`. */
function fullyConnected(graph: Graph, x: Node, name: string, from: number, to: number) {
  const [filters, bias] = [`${name}/filters`, `${name}/bias`];
  const logits = graph.apply(dense, [x], { name: 'objective/logits', parameters: { filters, bias } });
  const tensors = new Map<string, InitialTensor>([
    [filters, { shape: [from, to], initialiser: 'glorot' }],
    [bias, { shape: [to], initialiser: 'zeros' }],
  ]);
  return { logits, tensors };
}

export interface BinaryHeadOptions {
  /** What the head reads of a pair: |a − b|, or (a − b)² / (a + b), for embeddings that are not negative. */
  readonly feature: 'absolute' | 'chiSquare';
}

/**
 * A binary head on pairs, ŷ = σ(Σₖ wₖ · featureₖ + b), trained with its encoder by binary cross-entropy (Taigman et al. 2014,
 * Koch et al. 2015). Its tensors are `verifier/filters` and `verifier/bias`.
 */
export function binaryHead({ feature }: BinaryHeadOptions): Objective {
  const features = { absolute: absoluteDifference, chiSquare: chiSquareDifference };
  if (!(feature in features))
    throw new InputError(`binaryHead: feature must be 'absolute' or 'chiSquare', got ${JSON.stringify(feature)}`);
  return {
    name: 'binaryHead',
    batches: 'pairs',
    build(graph, embeddings, { groups, dimension }) {
      const difference = graph.apply(features[feature], [embeddings], { name: 'objective/feature' });
      const { logits, tensors } = fullyConnected(graph, difference, 'verifier', dimension, 1);
      const loss = graph.apply(sigmoidCrossEntropy, [logits, graph.input(LABELS)], { name: 'objective/loss' });
      return {
        loss,
        entries: { accuracy: 1 },
        inputs: { [LABELS]: [groups, 1] },
        tensors,
        constants: {},
        feed: (batch) => ({ [LABELS]: sameOf(batch) }),
      };
    },
  };
}

/** Cross-entropy of a fully connected layer over the classes of the dataset, `classifier/filters` and `classifier/bias`. */
export function classifier(): Objective {
  return {
    name: 'classifier',
    batches: 'classes',
    build(graph, embeddings, { groups, each, dimension, classes }) {
      const { logits, tensors } = fullyConnected(graph, embeddings, 'classifier', dimension, classes);
      const loss = graph.apply(softmaxCrossEntropy, [logits, graph.input(LABELS)], { name: 'objective/loss' });
      return {
        loss,
        entries: { accuracy: 1 },
        inputs: { [LABELS]: [groups * each] },
        tensors,
        constants: {},
        feed: ({ labels }) => ({ [LABELS]: labels }),
      };
    },
  };
}

export interface EpisodesOptions {
  /** Distances are divided by it: for embeddings of length 1 about 0.1, for others 1 and more. */
  readonly temperature: number;
  /** Default: `'squaredEuclidean'`. */
  readonly metric?: 'squaredEuclidean' | 'euclidean' | 'cosine';
}

/**
 * One-shot episodes: of each class one example is the prototype, and every other is to be nearest to its own: cross-entropy
 * of softmax(−d(query, prototypes) / temperature) (Snell et al. 2017 with one shot). Each example of a class is the prototype
 * in turn, so a batch is K episodes of (K − 1) · P queries (the N-pair loss of Sohn 2016, both ways, with K = 2).
 */
export function episodes({ temperature, metric = 'squaredEuclidean' }: EpisodesOptions): Objective {
  if (!(temperature > 0 && temperature < Number.POSITIVE_INFINITY))
    throw new InputError(`episodes: temperature must be a finite number above 0, got ${temperature}`);
  return {
    name: 'episodes',
    batches: 'classes',
    shotMajor: true,
    build(graph, embeddings, { groups, each }) {
      const shots = Array.from({ length: each }, (_, k) =>
        graph.apply(rows, [embeddings], {
          name: `objective/shot${k}`,
          attributes: { from: k * groups, count: groups },
        }),
      );
      const distances = shots.flatMap((query, i) =>
        shots.flatMap((support, j) =>
          i === j
            ? []
            : [
                graph.apply(pairwiseDistance, [query, support], {
                  name: `objective/distance${i}_${j}`,
                  attributes: { metric },
                }),
              ],
        ),
      );
      const all = graph.apply(concat, distances, { name: 'objective/distances', attributes: { axis: 0 } });
      const logits = graph.apply(affine, [all], {
        name: 'objective/logits',
        parameters: { scale: 'objective/scale', shift: 'objective/shift' },
      });
      const loss = graph.apply(softmaxCrossEntropy, [logits, graph.input(LABELS)], { name: 'objective/loss' });
      const count = each * (each - 1) * groups;
      const own = Float32Array.from({ length: count }, (_, i) => i % groups);
      return {
        loss,
        entries: { accuracy: 1 },
        inputs: { [LABELS]: [count] },
        tensors: new Map(),
        constants: {
          'objective/scale': { shape: [groups], values: new Float32Array(groups).fill(-1 / temperature) },
          'objective/shift': { shape: [groups], values: new Float32Array(groups) },
        },
        feed: () => ({ [LABELS]: own }),
      };
    },
  };
}

const sameOf = (batch: Batch): Float32Array => (batch as PairBatch).same;
