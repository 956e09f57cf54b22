import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { channelMax } from '../../../src/graph/ops/channel-max.ts';
import { channelMaxOracle } from '../../oracle/channel-max.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { errorOfOp, expectTrueGradients, tensor } from '../../support/op-oracle.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

const run = (shape: number[], values: ArrayLike<number>) => [...runOp(channelMax, [{ shape, values }], {}).values];

describe('channelMax', () => {
  it('agrees with its definition for any shape of any rank, forward and backward', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(sizes, fc.constantFrom(1, 3, 4, 5, 8, 9, 17), fc.nat(), (spatial, c, seed) => {
        const error = errorOfOp(channelMax, channelMaxOracle, { x0: tensor([2, ...spatial, c], seed) }, {});
        expect(error).toBeLessThan(tolerance.elementwise);
      }),
      { numRuns: 150 },
    );
  });

  it('has an oracle whose gradients are true', () => {
    expectTrueGradients(channelMaxOracle, { x0: tensor([2, 3, 2, 3], 1) }, {});
  });

  it('takes the first of equals, in every lane', () => {
    const values = Array.from({ length: 20 }, (_, i) => (i < 5 ? 0 : 7));
    expect(run([1, 2, 2, 5], values)).toEqual(new Array(5).fill([7, 1]).flat());
    expect(run([1, 4, 5], new Array(20).fill(Number.NEGATIVE_INFINITY))).toEqual(
      new Array(5).fill([Number.NEGATIVE_INFINITY, 0]).flat(),
    );
  });

  it('takes the first NaN over every number', () => {
    for (let channel = 0; channel < 5; channel++) {
      const values = Array.from({ length: 20 }, (_, i) => i);
      values[5 + channel] = Number.NaN;
      values[10 + channel] = Number.NaN;
      const expected = Array.from({ length: 5 }, (_, c) => (c === channel ? [Number.NaN, 1] : [15 + c, 3])).flat();
      expect(run([1, 4, 5], values)).toEqual(expected);
    }
  });

  it('gives no gradient to positions', () => {
    const { gradient, gradients } = runGradient(channelMax, [{ shape: [1, 3, 1], values: [1, 3, 2] }], {});
    expect([...gradients.nodes.x0!]).toEqual([0, gradient[0], 0]);
  });

  describe('against tfjs', () => {
    beforeAll(() => tf.setBackend('cpu'));
    it('values, positions and gradient', () => {
      const x = tensor([2, 4, 3, 5], 1);
      const { values, gradient, gradients } = runGradient(channelMax, [x], {});
      const rows = tf.tensor3d(x.values, [2, 12, 5]);
      const pairs = (offset: number) => Float32Array.from({ length: 10 }, (_, i) => values[2 * i + offset]!);
      expect(pairs(0)).toEqual(tf.max(rows, 1).dataSync());
      expect([...pairs(1)]).toEqual([...tf.argMax(rows, 1).dataSync()]);
      const seed = Float32Array.from({ length: 10 }, (_, i) => gradient[2 * i]!);
      const dx = tf.grad((value: tf.Tensor): tf.Tensor => tf.max(value, 1))(rows, tf.tensor2d(seed, [2, 5]));
      expect(relativeError(gradients.nodes.x0!, dx.dataSync())).toBe(0);
    });
  });

  it('refuses what has no spatial axis, or more positions than float32 holds', () => {
    expect(() => runOp(channelMax, [tensor([2, 3], 1)], {})).toThrow(ShapeError);
    expect(() => runOp(channelMax, [tensor([2, 3], 1)], {})).toThrow('channelMax: input must be one [N, …spatial, C]');
    expect(() => channelMax.shape([[1, 4097, 4096, 1]], {}, {})).toThrow(
      'channelMax: takes at most 16777216 cells a channel, got [1,4097,4096,1]',
    );
  });
});
