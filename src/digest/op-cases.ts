import type { Shape } from '../core/shape.ts';
import type { Op } from '../graph/op.ts';
import { absoluteDifference } from '../graph/ops/absolute-difference.ts';
import { add } from '../graph/ops/add.ts';
import { affine } from '../graph/ops/affine.ts';
import { averagePool } from '../graph/ops/average-pool.ts';
import { batchNorm } from '../graph/ops/batch-norm.ts';
import { channelMax } from '../graph/ops/channel-max.ts';
import { channelMoments } from '../graph/ops/channel-moments.ts';
import { chiSquareDifference } from '../graph/ops/chi-square-difference.ts';
import { clip } from '../graph/ops/clip.ts';
import { concat } from '../graph/ops/concat.ts';
import { contentLoss } from '../graph/ops/content-loss.ts';
import { contrastiveLoss } from '../graph/ops/contrastive-loss.ts';
import { conv } from '../graph/ops/conv.ts';
import { convTranspose } from '../graph/ops/conv-transpose.ts';
import { crop } from '../graph/ops/crop.ts';
import { dense } from '../graph/ops/dense.ts';
import { depthwiseConv } from '../graph/ops/depthwise-conv.ts';
import { dropout } from '../graph/ops/dropout.ts';
import { flatten } from '../graph/ops/flatten.ts';
import { globalAveragePool } from '../graph/ops/global-average-pool.ts';
import { gram } from '../graph/ops/gram.ts';
import { indexedTripletLoss } from '../graph/ops/indexed-triplet-loss.ts';
import { instanceNorm } from '../graph/ops/instance-norm.ts';
import { l2Normalize } from '../graph/ops/l2-normalize.ts';
import { leakyRelu } from '../graph/ops/leaky-relu.ts';
import { mask } from '../graph/ops/mask.ts';
import { maxPool } from '../graph/ops/max-pool.ts';
import { mean } from '../graph/ops/mean.ts';
import { multiply } from '../graph/ops/multiply.ts';
import { pad } from '../graph/ops/pad.ts';
import { pairwiseDistance } from '../graph/ops/pairwise-distance.ts';
import { prelu } from '../graph/ops/prelu.ts';
import { relu } from '../graph/ops/relu.ts';
import { resizeBilinear } from '../graph/ops/resize-bilinear.ts';
import { rows } from '../graph/ops/rows.ts';
import { sigmoid } from '../graph/ops/sigmoid.ts';
import { sigmoidCrossEntropy } from '../graph/ops/sigmoid-cross-entropy.ts';
import { softmax } from '../graph/ops/softmax.ts';
import { softmaxCrossEntropy } from '../graph/ops/softmax-cross-entropy.ts';
import { squaredDifference } from '../graph/ops/squared-difference.ts';
import { styleLoss } from '../graph/ops/style-loss.ts';
import { tanh } from '../graph/ops/tanh.ts';
import { totalVariation } from '../graph/ops/total-variation.ts';
import { tripletLoss } from '../graph/ops/triplet-loss.ts';

/** An input: seeded noise of a shape, or the values themselves. */
export type Input = Shape | { readonly shape: Shape; readonly values: readonly number[] };

export interface OpCase {
  readonly name: string;
  readonly op: Op<object>;
  readonly inputs: readonly Input[];
  readonly attributes?: object;
  readonly parameters?: Readonly<Record<string, Shape>>;
}

const name = (op: { readonly name: string }, of = ''): string => (of === '' ? op.name : `${op.name} ${of}`);

/** One case. Types of attributes are the ops' own affair: each is checked by its shape rule. */
function of<A extends object>(
  op: Op<A>,
  inputs: readonly Input[],
  attributes?: A,
  parameters?: Readonly<Record<string, Shape>>,
  what = '',
): OpCase {
  return {
    name: name(op, what),
    op: op as Op<object>,
    inputs,
    ...(attributes && { attributes }),
    ...(parameters && { parameters }),
  };
}

const map: Shape = [2, 11, 9, 12];
const labels = (count: number, classes: number): Input => ({
  shape: [count],
  values: Array.from({ length: count }, (_, i) => i % classes),
});
const key: Input = { shape: [2], values: [7, 3] };
const same = { padding: 'same' } as const;

/** Every op that computes, through every kernel it may choose, at sizes that leave remainders. */
export const opCases = (): readonly OpCase[] => [
  of(conv, [map], { ...same, stride: 2 }, { filters: [5, 3, 12, 11], bias: [11] }, 'direct'),
  of(conv, [map], same, { filters: [1, 1, 12, 19], bias: [19] }, 'gemm'),
  of(conv, [[2, 21, 18, 12]], same, { filters: [3, 3, 12, 16], bias: [16] }, 'winograd'),
  of(conv, [[1, 3, 3, 64]], same, { filters: [3, 3, 64, 64] }, 'winograd small'),
  of(conv, [map], { ...same, groups: 3, dilation: 2 }, { filters: [3, 3, 4, 6] }, 'groups'),
  of(conv, [[2, 50, 6]], { ...same, stride: 3 }, { filters: [7, 6, 10] }, '1D'),
  of(conv, [[1, 48, 53, 16]], same, { filters: [3, 3, 16, 16], bias: [16] }, 'winograd large'),
  of(conv, [[2, 31, 34, 3]], { ...same, stride: 2 }, { filters: [7, 7, 3, 16], bias: [16] }, 'polyphase'),
  of(conv, [[1, 7, 8, 9, 3]], same, { filters: [3, 3, 3, 3, 8] }, '3D'),
  of(conv, [[1, 18, 9, 14, 8]], same, { filters: [3, 3, 3, 8, 16], bias: [16] }, '3D winograd'),
  of(convTranspose, [map], { size: [22, 18], stride: 2, padding: 'same' }, { filters: [3, 3, 8, 12], bias: [8] }),
  of(depthwiseConv, [map], same, { filters: [3, 3, 12, 1], bias: [12] }, '3×3'),
  of(depthwiseConv, [map], { ...same, stride: 2 }, { filters: [5, 4, 12, 1] }),
  of(dense, [[5, 37]], {}, { filters: [37, 21], bias: [21] }),
  of(maxPool, [map], { size: 3, stride: 2, padding: 'same' }),
  of(averagePool, [map], { size: [2, 3], stride: 2 }),
  of(globalAveragePool, [map]),
  of(channelMax, [map]),
  of(channelMoments, [map]),
  of(batchNorm, [map], { mode: 'train' }, { scale: [12], shift: [12] }),
  of(instanceNorm, [map], {}, { scale: [12], shift: [12] }),
  of(l2Normalize, [[7, 13]]),
  of(affine, [map], {}, { scale: [12], shift: [12] }),
  of(relu, [map]),
  of(leakyRelu, [map], { slope: 0.1 }),
  of(prelu, [map], {}, { slope: [12] }),
  of(clip, [map], { lo: -0.5, hi: 0.25 }),
  of(sigmoid, [map]),
  of(tanh, [map]),
  of(softmax, [[9, 21]]),
  of(softmaxCrossEntropy, [[9, 21], labels(9, 5)]),
  of(sigmoidCrossEntropy, [[3, 7], { shape: [3, 7], values: Array.from({ length: 21 }, (_, i) => i & 1) }]),
  of(add, [map, map]),
  of(multiply, [map, map]),
  of(squaredDifference, [map, map]),
  of(absoluteDifference, [
    [5, 13],
    [5, 13],
  ]),
  of(chiSquareDifference, [
    [5, 13],
    [5, 13],
  ]),
  of(concat, [map, map], { axis: 2 }),
  of(pad, [map], { before: [0, 1, 2, 0], after: [0, 3, 1, 0], mode: 'reflect' }),
  of(crop, [map], { before: [0, 1, 2, 0], after: [0, 3, 1, 0] }),
  of(mask, [map, [2, 11, 9, 1]]),
  of(resizeBilinear, [map], { size: [17, 7], coordinates: 'half-pixel' }),
  of(mean, [map]),
  of(rows, [map], { from: 1, count: 1 }),
  of(flatten, [map]),
  of(dropout, [map, key], { rate: 0.4, train: true }),
  of(
    pairwiseDistance,
    [
      [9, 21],
      [6, 21],
    ],
    { metric: 'euclidean' },
    undefined,
    'euclidean',
  ),
  of(
    pairwiseDistance,
    [
      [9, 21],
      [6, 21],
    ],
    { metric: 'cosine' },
    undefined,
    'cosine',
  ),
  of(
    pairwiseDistance,
    [
      [9, 21],
      [6, 21],
    ],
    { metric: 'manhattan' },
    undefined,
    'manhattan',
  ),
  of(tripletLoss, [[12, 17], labels(12, 4)], { mining: 'hard', margin: 0.3, softMargin: true }, undefined, 'hard'),
  of(tripletLoss, [[12, 17], labels(12, 4)], { mining: 'all', margin: 0.3 }, undefined, 'all'),
  of(tripletLoss, [[12, 17], labels(12, 4), key], { mining: 'random', margin: 0.3 }, undefined, 'random'),
  of(indexedTripletLoss, [[6, 17], { shape: [2, 3], values: [0, 1, 2, 3, 4, 5] }], { margin: 0.3 }),
  of(contrastiveLoss, [[6, 17], labels(3, 2)], { margin: 0.3 }),
  of(gram, [map]),
  of(styleLoss, [map, [2, 12, 12]]),
  of(contentLoss, [map, map]),
  of(totalVariation, [map], { form: 'squared' }, undefined, 'squared'),
  of(totalVariation, [map], { form: 'exponent', exponent: 1.25 }, undefined, 'exponent'),
];
