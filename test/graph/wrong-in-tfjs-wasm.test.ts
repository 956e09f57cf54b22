import { fileURLToPath } from 'node:url';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { resolveWindow } from '../../src/core/window.ts';
import { Graph } from '../../src/graph/graph.ts';
import { conv } from '../../src/graph/ops/conv.ts';
import { l2Normalize } from '../../src/graph/ops/l2-normalize.ts';
import { maxPool } from '../../src/graph/ops/max-pool.ts';
import { mean } from '../../src/graph/ops/mean.ts';
import { pairwiseDistance } from '../../src/graph/ops/pairwise-distance.ts';
import { relu } from '../../src/graph/ops/relu.ts';
import { parametersOf } from '../../src/graph/parameters.ts';
import { plan } from '../../src/graph/plan.ts';
import { convolutionGradients } from '../oracle/convolution.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { tensor } from '../support/op-oracle.ts';
import { runGradient } from '../support/run-gradient.ts';
import { runOp } from '../support/run-op.ts';

/** What tfjs-backend-wasm 4.22.0 gets wrong, each case with the right values, ours and theirs. */
interface Case {
  readonly right: ArrayLike<number>;
  readonly ours: () => ArrayLike<number>;
  readonly theirs: () => ArrayLike<number>;
}

const volume = tensor([1, 3, 4, 3, 2], 1);
const filters = tensor([2, 2, 2, 2, 3], 2);
const { gradient: ofVolume, gradients } = runGradient(conv, [volume], { padding: 'same' }, { filters });
const window = resolveWindow('conv', volume.shape, [2, 2, 2], { padding: 'same' });

/** 2 × 2 cells whose largest is the last, and none above 0. */
const negative = { shape: [1, 2, 2, 1], values: [-4, -3, -2, -1] };
const withNan = { shape: [1, 2, 2, 1], values: [1, Number.NaN, 2, 3] };
const zeros = { shape: [1, 3], values: [0, 0, 0] };
const oneByOne = { shape: [1, 1, 1, 1], values: [1] };
const nan = { shape: [1, 1, 1, 1], values: [Number.NaN] };

function convRelu(): ArrayLike<number> {
  const graph = new Graph();
  const y = graph.apply(conv, [graph.input('x')], { parameters: { filters: 'w' } });
  graph.apply(relu, [y], { name: 'y' });
  const made = plan(graph, { parameters: parametersOf({ w: oneByOne }), inputs: { x: nan.shape } });
  expect(made.steps.length, 'the ReLU is fused').toBe(1);
  return made.run({ x: Float32Array.from(nan.values) }).y!;
}

const cases: Record<string, Case> = {
  'the gradient of a 3D convolution in its input': {
    right: convolutionGradients({ x: volume, filters, window, groups: 1 }, ofVolume).x,
    ours: () => gradients.nodes.x0!,
    theirs: () => {
      const w = tf.tensor5d(filters.values, [2, 2, 2, 2, 3]);
      const forward = (x: tf.Tensor) => tf.conv3d(x as tf.Tensor5D, w, 1, 'same');
      const x = tf.tensor5d(volume.values, [1, 3, 4, 3, 2]);
      return tf
        .grad(forward)(x, tf.tensor(ofVolume, [1, 3, 4, 3, 3]))
        .dataSync();
    },
  },
  'the gradient of max pooling where the largest of a window is below 0': {
    right: [0, 0, 0, 1],
    ours: () => {
      const { gradient, gradients: g } = runGradient(maxPool, [negative], { size: 2 });
      return g.nodes.x0!.map((value) => value / gradient[0]!);
    },
    theirs: () => {
      const forward = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid');
      return tf
        .grad(forward)(tf.tensor4d(negative.values, [1, 2, 2, 1]), tf.ones([1, 1, 1, 1]))
        .dataSync();
    },
  },
  '3D max pooling of a window that is all negative': {
    right: [-3],
    ours: () => runOp(maxPool, [{ shape: [1, 2, 2, 2, 1], values: new Array(8).fill(-3) }], { size: 2 }).values,
    theirs: () => tf.maxPool3d(tf.fill([1, 2, 2, 2, 1], -3) as tf.Tensor5D, 2, 2, 'valid').dataSync(),
  },
  'the gradient of a root at 0': {
    right: [0, 0, 0],
    ours: () => runGradient(pairwiseDistance, [zeros, zeros], { metric: 'euclidean' }).gradients.nodes.x0!,
    theirs: () =>
      tf
        .grad((x: tf.Tensor): tf.Tensor => tf.sqrt(tf.sum(tf.square(x))))(tf.zeros([3]))
        .dataSync(),
  },
  'the gradient of normalising a vector of zeros': {
    right: [0, 0, 0],
    ours: () => runGradient(l2Normalize, [zeros], {}).gradients.nodes.x0!,
    theirs: () =>
      tf
        .grad((x: tf.Tensor): tf.Tensor => tf.div(x, tf.norm(x)))(tf.zeros([3]))
        .dataSync(),
  },
  'NaN through a convolution with a ReLU': {
    right: [Number.NaN],
    ours: convRelu,
    theirs: () =>
      tf.fused
        .conv2d({
          x: tf.tensor4d(nan.values, [1, 1, 1, 1]),
          filter: tf.tensor4d(oneByOne.values, [1, 1, 1, 1]),
          strides: 1,
          pad: 'valid',
          activation: 'relu',
        })
        .dataSync(),
  },
  'NaN through max pooling': {
    right: [Number.NaN],
    ours: () => runOp(maxPool, [withNan], { size: 2 }).values,
    theirs: () => tf.maxPool(tf.tensor4d(withNan.values, [1, 2, 2, 1]), 2, 2, 'valid').dataSync(),
  },
};

describe('what tfjs-backend-wasm gets wrong', () => {
  beforeAll(async () => {
    setWasmPaths(fileURLToPath(new URL('.', import.meta.resolve('@tensorflow/tfjs-backend-wasm'))));
    await tf.setBackend('wasm');
    await tf.ready();
  });

  it.each(Object.entries(cases))('%s is right here, and still wrong there', (_, { right, ours, theirs }) => {
    expect(relativeError(ours(), right)).toBeLessThan(tolerance.sum);
    expect(relativeError(theirs(), right)).toBeGreaterThan(0.1);
  });

  it('the mean of nothing is refused here, and a number there', () => {
    expect(() => mean.shape([[0]], {}, {})).toThrow('mean: of nothing, got [0]');
    expect(tf.mean(tf.tensor1d([])).dataSync()[0]).not.toBeNaN();
  });
});
