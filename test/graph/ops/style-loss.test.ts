import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { elementsOf, type Shape } from '../../../src/core/shape.ts';
import { Graph } from '../../../src/graph/graph.ts';
import { contentLoss } from '../../../src/graph/ops/content-loss.ts';
import { conv } from '../../../src/graph/ops/conv.ts';
import { gram } from '../../../src/graph/ops/gram.ts';
import { relu } from '../../../src/graph/ops/relu.ts';
import { type StyleLossAttributes, styleLoss } from '../../../src/graph/ops/style-loss.ts';
import { totalVariation } from '../../../src/graph/ops/total-variation.ts';
import { parametersOf } from '../../../src/graph/parameters.ts';
import { plan } from '../../../src/graph/plan.ts';
import { gramOracle, styleFormulas, styleLossGradients, styleLossOracle } from '../../oracle/style.ts';
import { centralDifference } from '../../support/central-difference.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { randomArray } from '../../support/random.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

const tensor = (shape: Shape, seed: number) => ({ shape, values: randomArray(elementsOf(shape), seed) });
const names = ['gatys', 'gatys-pytorch', 'johnson'] as const;

function expectExact(shape: Shape, target: Shape, attributes: StyleLossAttributes, seed: number): void {
  const inputs = [tensor(shape, seed), tensor(target, seed + 1)] as const;
  const { values, gradient, gradients } = runGradient(styleLoss, inputs, attributes);
  const name = attributes.normalization ?? 'gatys';
  expect(relativeError(values, [styleLossOracle(...inputs, name)])).toBeLessThan(tolerance.sum);
  const expected = styleLossGradients(...inputs, name);
  const seeded = (list: Float64Array) => list.map((value) => value * gradient[0]!);
  expect(relativeError(gradients.nodes.x0!, seeded(expected.features))).toBeLessThan(tolerance.sum);
  expect(relativeError(gradients.nodes.x1!, seeded(expected.target))).toBeLessThan(tolerance.sum);
}

describe('styleLoss', () => {
  it.each<[string, Shape, Shape]>([
    ['one image', [1, 7, 9, 16], [16, 16]],
    ['several images, one target', [3, 5, 4, 11], [11, 11]],
    ['several images, a target each', [3, 5, 4, 11], [3, 11, 11]],
    ['one image, a target of its own', [1, 19, 17, 9], [1, 9, 9]],
    ['many channels', [1, 3, 5, 136], [136, 136]],
    ['sound', [2, 33, 5], [5, 5]],
    ['a volume', [2, 3, 4, 5, 8], [2, 8, 8]],
    ['one position, one channel', [1, 1, 1, 1], [1, 1]],
  ])('%s, in every normalization', (_, shape, target) => {
    expectExact(shape, target, {}, 1);
    for (const normalization of names) expectExact(shape, target, { normalization }, 2);
  });

  it('agrees with its definition for any shape, forward and backward', () => {
    const spatial = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 });
    const images = fc.integer({ min: 1, max: 3 });
    const channels = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(images, spatial, channels, fc.boolean(), fc.constantFrom(...names), fc.nat(), (...all) => {
        const [n, s, c, shared, normalization, seed] = all;
        expectExact([n, ...s, c], shared ? [c, c] : [n, c, c], { normalization }, seed);
      }),
      { numRuns: 150 },
    );
  });

  it.each(names)('has an oracle whose gradients agree with central differences: %s', (name) => {
    const x = tensor([2, 3, 2, 4], 1);
    for (const target of [tensor([4, 4], 2), tensor([2, 4, 4], 3)]) {
      const { features, target: inTarget } = styleLossGradients(x, target, name);
      const byFeatures = (values: Float64Array) => styleLossOracle({ ...x, values }, target, name);
      const byTarget = (values: Float64Array) => styleLossOracle(x, { ...target, values }, name);
      expect(relativeError(features, centralDifference(byFeatures, x.values))).toBeLessThan(1e-8);
      expect(relativeError(inTarget, centralDifference(byTarget, target.values))).toBeLessThan(1e-8);
    }
  });

  it.each(names)('is the formula of %s on the Gram matrices of two images of one size', (name) => {
    const [generated, style] = [tensor([1, 6, 7, 10], 1), tensor([1, 6, 7, 10], 2)];
    const target = runOp(gram, [style], { divisor: 'positions' });
    const { values } = runOp(styleLoss, [generated, target], { normalization: name });
    const expected = styleFormulas[name]!(gramOracle(generated), gramOracle(style), 42, 10);
    expect(relativeError(values, [expected])).toBeLessThan(tolerance.sum);
  });

  it('is 0 for the same texture at another size', () => {
    const small = tensor([1, 4, 5, 6], 1);
    const twice = { shape: [1, 8, 5, 6], values: [...small.values, ...small.values] };
    const target = runOp(gram, [small], { divisor: 'positions' });
    const { values, gradients } = runGradient(styleLoss, [twice, target], {});
    expect(values[0]).toBeLessThan(1e-14);
    expect(Math.max(...gradients.nodes.x0!.map(Math.abs))).toBeLessThan(1e-8);
  });

  it('falls as its gradient says', () => {
    const [x, target] = [tensor([1, 8, 8, 12], 4), runOp(gram, [tensor([1, 9, 7, 12], 5)], { divisor: 'positions' })];
    const { values, gradient, gradients } = runGradient(styleLoss, [x, target], {});
    const slope = gradients.nodes.x0!.map((value) => value / gradient[0]!);
    const step = 1e-3 / Math.hypot(...slope);
    const moved = { ...x, values: x.values.map((value, i) => value - step * slope[i]!) };
    const fall = values[0]! - runOp(styleLoss, [moved, target], {}).values[0]!;
    expect(fall / (1e-3 * Math.hypot(...slope))).toBeCloseTo(1, 2);
  });

  it('agrees with tfjs, and with its gradient', async () => {
    await tf.setBackend('cpu');
    const [x, target] = [tensor([1, 6, 7, 10], 6), tensor([10, 10], 7)];
    const loss = (value: tf.Tensor): tf.Scalar => {
      const features = tf.reshape(value, [42, 10]);
      const mean = tf.div(tf.matMul(tf.transpose(features), features), 42);
      return tf.mean(tf.square(tf.sub(mean, tf.tensor2d(target.values, [10, 10])))) as tf.Scalar;
    };
    const { value, grad } = tf.valueAndGrad(loss)(tf.tensor4d(x.values, [1, 6, 7, 10]));
    const { values, gradient, gradients } = runGradient(styleLoss, [x, target], { normalization: 'gatys-pytorch' });
    expect(relativeError(values, value.dataSync())).toBeLessThan(tolerance.sum);
    const expected = (grad.dataSync() as Float32Array).map((slope) => slope * gradient[0]!);
    expect(relativeError(gradients.nodes.x0!, expected)).toBeLessThan(tolerance.sum);
  });

  it('adds up with other losses behind one network, each by its weight', () => {
    const graph = new Graph();
    const image = graph.input('image');
    const features = graph.apply(relu, [
      graph.apply(conv, [image], { attributes: { padding: 'same' }, parameters: { filters: 'w' } }),
    ]);
    graph.apply(styleLoss, [features, graph.input('style')], { name: 'styleLoss' });
    graph.apply(contentLoss, [features, graph.input('content')], { name: 'contentLoss' });
    graph.apply(totalVariation, [image], { name: 'variation' });
    const shapes = { image: [1, 7, 6, 3], style: [8, 8], content: [1, 7, 6, 8] };
    const outputs = ['styleLoss', 'contentLoss', 'variation'];
    const planned = plan(graph, {
      parameters: parametersOf({ w: tensor([3, 3, 3, 8], 1) }),
      inputs: shapes,
      outputs,
      gradients: { nodes: ['image'] },
    });
    const inputs = Object.fromEntries(
      Object.entries(shapes).map(([name, shape], i) => [name, tensor(shape, i).values]),
    );
    const gradientOf = (weights: Record<string, number>): Float32Array => {
      planned.run(inputs);
      const seeds = Object.fromEntries(
        Object.entries(weights).map(([name, weight]) => [name, Float32Array.of(weight)]),
      );
      return planned.backward(seeds).nodes.image!;
    };
    const alone = outputs.map((name) => gradientOf({ [name]: 1 }));
    const together = gradientOf({ styleLoss: 50, contentLoss: 0.5, variation: 0.25 });
    planned.close();
    const sum = together.map((_, i) => 50 * alone[0]![i]! + 0.5 * alone[1]![i]! + 0.25 * alone[2]![i]!);
    expect(alone.every((gradient) => gradient.some((slope) => slope !== 0))).toBe(true);
    expect(relativeError(together, sum)).toBeLessThan(tolerance.sum);
  });

  it('does not hide NaN', () => {
    const x = tensor([1, 3, 3, 4], 1);
    x.values[5] = Number.NaN;
    expect(runOp(styleLoss, [x, tensor([4, 4], 2)], {}).values[0]).toBeNaN();
  });

  it.each<[string, Shape[], StyleLossAttributes, string]>([
    [
      'rank',
      [
        [4, 5],
        [5, 5],
      ],
      {},
      'styleLoss: features must be [N,W,C], [N,H,W,C] or [N,D,H,W,C], got [4,5]',
    ],
    ['number of inputs', [[1, 2, 3]], {}, 'styleLoss: takes features and a target Gram matrix, got 1 inputs'],
    [
      'target',
      [
        [2, 4, 4, 3],
        [3, 3, 3],
      ],
      {},
      'styleLoss: target of features [2,4,4,3] must be [3,3] or [2,3,3], got [3,3,3]',
    ],
    [
      'normalization',
      [
        [1, 2, 3],
        [3, 3],
      ],
      { normalization: 'mean' as 'gatys' },
      'styleLoss: normalization must be one of gatys, gatys-pytorch, johnson, got mean',
    ],
  ])('refuses a wrong %s', (_, shapes, attributes, message) => {
    const inputs = shapes.map((shape) => tensor(shape, 1));
    const run = () => runOp(styleLoss, inputs, attributes);
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(message);
  });
});
