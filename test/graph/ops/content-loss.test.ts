import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { elementsOf, type Shape } from '../../../src/core/shape.ts';
import { type ContentLossAttributes, contentLoss } from '../../../src/graph/ops/content-loss.ts';
import { squaredDifference } from '../../oracle/style.ts';
import { centralDifference } from '../../support/central-difference.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { randomArray } from '../../support/random.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';
import { lengths } from '../../support/sizes.ts';

const tensor = (shape: Shape, seed: number) => ({ shape, values: randomArray(elementsOf(shape), seed) });
const factorOf = (normalization: string, n: number): number => (normalization === 'mean' ? 1 / n : 1 / 2);

describe.each(['gatys', 'mean'] as const)('contentLoss, %s', (normalization) => {
  it.each([...lengths, 4099])('of %i, forward and backward', (n) => {
    const [a, t] = [tensor([n], n), tensor([n], n + 1)];
    const { values, shape, gradient, gradients } = runGradient(contentLoss, [a, t], { normalization });
    expect(shape).toEqual([1]);
    const factor = factorOf(normalization, n);
    expect(relativeError(values, [factor * squaredDifference(a.values, t.values)])).toBeLessThan(tolerance.elementwise);
    const slope = a.values.map((value, i) => 2 * factor * (value - t.values[i]!) * gradient[0]!);
    expect(relativeError(gradients.nodes.x0!, slope)).toBeLessThan(tolerance.elementwise);
    expect(
      relativeError(
        gradients.nodes.x1!,
        slope.map((value) => -value),
      ),
    ).toBeLessThan(tolerance.elementwise);
  });

  it('has the gradient that central differences find', () => {
    const [a, t] = [tensor([2, 3, 5], 1), tensor([2, 3, 5], 2)];
    const { gradient, gradients } = runGradient(contentLoss, [a, t], { normalization });
    const factor = factorOf(normalization, 30) * gradient[0]!;
    const slope = centralDifference((values) => factor * squaredDifference(values, t.values), a.values);
    expect(relativeError(gradients.nodes.x0!, slope)).toBeLessThan(tolerance.elementwise);
  });
});

describe('contentLoss', () => {
  it('is right to the last digit over four million elements', () => {
    const shape = [1, 256, 256, 64];
    const [a, t] = [tensor(shape, 1), tensor(shape, 2)];
    const exact = squaredDifference(a.values, t.values) / 2;
    expect(runOp(contentLoss, [a, t], {}).values[0]).toBe(Math.fround(exact));
  });

  it('agrees with tfjs, and with its gradient', async () => {
    await tf.setBackend('cpu');
    const [a, t] = [tensor([1, 6, 7, 10], 6), tensor([1, 6, 7, 10], 7)];
    const loss = (value: tf.Tensor): tf.Scalar =>
      tf.losses.meanSquaredError(tf.tensor4d(t.values, [1, 6, 7, 10]), value as tf.Tensor4D);
    const { value, grad } = tf.valueAndGrad(loss)(tf.tensor4d(a.values, [1, 6, 7, 10]));
    const { values, gradient, gradients } = runGradient(contentLoss, [a, t], { normalization: 'mean' });
    expect(relativeError(values, value.dataSync())).toBeLessThan(tolerance.elementwise);
    const expected = (grad.dataSync() as Float32Array).map((slope) => slope * gradient[0]!);
    expect(relativeError(gradients.nodes.x0!, expected)).toBeLessThan(tolerance.elementwise);
  });

  it('does not hide NaN', () => {
    const a = tensor([1, 3, 3], 1);
    a.values[5] = Number.NaN;
    expect(runOp(contentLoss, [a, tensor([1, 3, 3], 2)], {}).values[0]).toBeNaN();
  });

  it.each<[string, Shape[], ContentLossAttributes, string]>([
    [
      'shape',
      [
        [4, 5],
        [5, 4],
      ],
      {},
      'contentLoss: takes features and a target of one shape, got [4,5] and [5,4]',
    ],
    ['number of inputs', [[4, 5]], {}, 'contentLoss: takes features and a target of one shape, got [4,5]'],
    [
      'normalization',
      [
        [1, 2],
        [1, 2],
      ],
      { normalization: 'sum' as 'mean' },
      'contentLoss: normalization must be one of gatys, mean, got sum',
    ],
  ])('refuses a wrong %s', (_, shapes, attributes, message) => {
    const inputs = shapes.map((shape) => tensor(shape, 1));
    const run = () => runOp(contentLoss, inputs, attributes);
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(message);
  });
});
