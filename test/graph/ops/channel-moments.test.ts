import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { channelMoments } from '../../../src/graph/ops/channel-moments.ts';
import { channelMomentsOracle } from '../../oracle/normalize.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { errorOfOp, expectTrueGradients, tensor } from '../../support/op-oracle.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

describe('channelMoments', () => {
  it('agrees with its definition for any shape, forward and backward', () => {
    const outer = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(outer, fc.constantFrom(1, 3, 4, 5, 8, 9, 17), fc.nat(), (sizes, c, seed) => {
        const error = errorOfOp(channelMoments, channelMomentsOracle, { x0: tensor([...sizes, c], seed) }, {});
        expect(error).toBeLessThan(tolerance.sum);
      }),
      { numRuns: 100 },
    );
  });

  it('has an oracle whose gradients are true', () => {
    expectTrueGradients(channelMomentsOracle, { x0: tensor([2, 3, 2], 1) }, {});
  });

  it('keeps the variance of values that lie close together far from 0', () => {
    const x0 = { shape: [1000, 3], values: tensor([1000, 3], 1).values.map((value) => 1e4 + Math.fround(value)) };
    const { values } = runOp(channelMoments, [x0], {});
    expect(relativeError(values.slice(3), channelMomentsOracle.forward({ x0 }, {}).slice(3))).toBeLessThan(1e-6);
  });

  describe('against tfjs', () => {
    beforeAll(() => tf.setBackend('cpu'));
    it('values and gradient', () => {
      const x = tensor([3, 4, 5], 1);
      const { values, gradient, gradients } = runGradient(channelMoments, [x], {});
      const forward = (value: tf.Tensor) => {
        const { mean, variance } = tf.moments(value, [0, 1]);
        return tf.stack([mean, variance]);
      };
      const input = tf.tensor3d(x.values, [3, 4, 5]);
      expect(relativeError(values, forward(input).dataSync())).toBeLessThan(tolerance.sum);
      const dx = tf.grad(forward)(input, tf.tensor2d(gradient, [2, 5]));
      expect(relativeError(gradients.nodes.x0!, dx.dataSync())).toBeLessThan(tolerance.sum);
    });
  });

  it('keeps NaN in its own channel, and refuses a vector', () => {
    const { values } = runOp(channelMoments, [{ shape: [2, 2], values: [1, 2, Number.NaN, 4] }], {});
    expect([...values]).toEqual([Number.NaN, 3, Number.NaN, 1]);
    expect(() => runOp(channelMoments, [tensor([5], 1)], {})).toThrow(ShapeError);
    expect(() => runOp(channelMoments, [tensor([5], 1)], {})).toThrow('channelMoments: input must be one […,C]');
  });
});
