import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { softmax } from '../../../src/graph/ops/softmax.ts';
import { softmaxOracle } from '../../oracle/softmax.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { errorOfOp, expectTrueGradients, tensor } from '../../support/op-oracle.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

const run = (shape: number[], values: ArrayLike<number>) => [...runOp(softmax, [{ shape, values }], {}).values];

describe('softmax', () => {
  it('agrees with its definition for any shape, forward and backward', () => {
    const outer = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 });
    fc.assert(
      fc.property(outer, fc.constantFrom(2, 3, 4, 5, 8, 9, 17, 100), fc.nat(), (sizes, c, seed) => {
        const error = errorOfOp(softmax, softmaxOracle, { x0: tensor([...sizes, c], seed) }, {});
        expect(error).toBeLessThan(tolerance.elementwise);
      }),
      { numRuns: 100 },
    );
  });

  it('has an oracle whose gradients are true', () => {
    expectTrueGradients(softmaxOracle, { x0: tensor([3, 5], 1) }, {});
  });

  it('does not overflow, and is sure of one class', () => {
    expect(run([5], [1e30, 0, -1e30, 0, 0])).toEqual([1, 0, 0, 0, 0]);
    expect(run([2, 1], [3e38, -3e38])).toEqual([1, 1]);
    expect(run([3], [Number.NEGATIVE_INFINITY, 0, 0])).toEqual([0, 0.5, 0.5]);
    expect(run([5], [88, 89, 90, 91, 1000])).toEqual([0, 0, 0, 0, 1]);
  });

  it('keeps NaN in its own row, wherever it lies', () => {
    for (let at = 0; at < 6; at++) {
      const values = new Array(12).fill(1);
      values[at] = Number.NaN;
      expect(run([2, 6], values).map(Number.isNaN)).toEqual(Array.from({ length: 12 }, (_, i) => i < 6));
    }
  });

  describe('against tfjs', () => {
    beforeAll(() => tf.setBackend('cpu'));
    it('values and gradient', () => {
      const x = tensor([4, 3, 7], 1);
      const { values, gradient, gradients } = runGradient(softmax, [x], {});
      const forward = (value: tf.Tensor) => tf.softmax(value);
      const input = tf.tensor3d(x.values, [4, 3, 7]);
      expect(relativeError(values, forward(input).dataSync())).toBeLessThan(tolerance.elementwise);
      const dx = tf.grad(forward)(input, tf.tensor(gradient, [4, 3, 7]));
      expect(relativeError(gradients.nodes.x0!, dx.dataSync())).toBeLessThan(tolerance.elementwise);
    });
  });

  it('refuses two inputs', () => {
    const twice = () => runOp(softmax, [tensor([2, 5], 1), tensor([2, 5], 2)], {});
    expect(twice).toThrow(ShapeError);
    expect(twice).toThrow('softmax: input must be one […,C], got [2,5] [2,5]');
  });
});
