import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { InputError, ShapeError } from '../../../src/core/errors.ts';
import { sigmoidCrossEntropy } from '../../../src/graph/ops/sigmoid-cross-entropy.ts';
import { sigmoidCrossEntropyOracle } from '../../oracle/softmax.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { errorOfOp, expectTrueGradients, tensor } from '../../support/op-oracle.ts';
import { randomFrom } from '../../support/random.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

function tensorsOf(shape: number[], seed: number) {
  const x0 = tensor(shape, seed);
  const random = randomFrom(seed);
  return { x0, x1: { shape, values: Array.from(x0.values, () => Math.round(random())) } };
}

const run = (x: number[], labels: number[]) => {
  const shape = [x.length];
  return [
    ...runOp(
      sigmoidCrossEntropy,
      [
        { shape, values: x },
        { shape, values: labels },
      ],
      {},
    ).values,
  ];
};

describe('sigmoidCrossEntropy', () => {
  it('agrees with its definition for any shape, forward and backward', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(sizes, fc.nat(), (shape, seed) => {
        const error = errorOfOp(sigmoidCrossEntropy, sigmoidCrossEntropyOracle, tensorsOf(shape, seed), {});
        expect(error).toBeLessThan(tolerance.elementwise);
      }),
      { numRuns: 100 },
    );
  });

  it('has an oracle whose gradients are true', () => {
    expectTrueGradients(sigmoidCrossEntropyOracle, tensorsOf([3, 4], 1), {});
  });

  it('gives ln 2 where nothing is known, does not overflow and keeps the digits of a small loss', () => {
    expect(run([0, 0], [0, 1])[0]).toBeCloseTo(Math.LN2, 6);
    expect(run([1e30, -1e30], [1, 0])).toEqual([0, 1]);
    expect(run([-1e30], [1])).toEqual([Math.fround(1e30), 0]);
    expect(run([20], [1])[0]! / Math.log1p(Math.exp(-20))).toBeCloseTo(1, 5);
  });

  it('counts a logit of 0 as label 0, and NaN as neither', () => {
    expect(run([0, 0, 1, -1], [0, 1, 1, 1])[1]).toBe(0.5);
    for (const label of [0, 1]) expect(run([Number.NaN], [label])).toEqual([Number.NaN, 0]);
  });

  it('gives no gradient to labels', () => {
    const { x0, x1 } = tensorsOf([5], 1);
    expect([...runGradient(sigmoidCrossEntropy, [x0, x1], {}).gradients.nodes.x1!]).toEqual([0, 0, 0, 0, 0]);
  });

  describe('against tfjs', () => {
    beforeAll(() => tf.setBackend('cpu'));
    it('loss and gradient', () => {
      const { x0, x1 } = tensorsOf([6, 7], 1);
      const { values, gradient, gradients } = runGradient(sigmoidCrossEntropy, [x0, x1], {});
      const labels = tf.tensor2d(x1.values, [6, 7]);
      const forward = (x: tf.Tensor): tf.Tensor => tf.losses.sigmoidCrossEntropy(labels, x);
      const input = tf.tensor2d(x0.values, [6, 7]);
      expect(values[0]).toBeCloseTo(forward(input).dataSync()[0]!, 5);
      const dx = tf.grad(forward)(input, tf.scalar(gradient[0]!));
      expect(relativeError(gradients.nodes.x0!, dx.dataSync())).toBeLessThan(tolerance.elementwise);
    });
  });

  it('refuses labels that are neither 0 nor 1, and another shape', () => {
    expect(() => run([1, 2], [0, 2])).toThrow(InputError);
    expect(() => run([1, 2], [0, 2])).toThrow(
      'sigmoidCrossEntropy: labels must be whole numbers from 0 to 1, number 1 of 2 is 2',
    );
    const act = () => runOp(sigmoidCrossEntropy, [tensor([2, 3], 1), tensor([6], 1)], {});
    expect(act).toThrow(ShapeError);
    expect(act).toThrow('sigmoidCrossEntropy: takes logits and labels of one shape, got [2,3] and [6]');
  });
});
