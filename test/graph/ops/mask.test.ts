import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { mask } from '../../../src/graph/ops/mask.ts';
import { maskOp } from '../../oracle/elementwise.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { errorOfOp, expectTrueGradients, tensor } from '../../support/op-oracle.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

describe('mask', () => {
  it('agrees with its definition for any shape, forward and backward', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(sizes, fc.constantFrom(1, 3, 4, 5, 8, 9, 17), fc.nat(), (positions, channels, seed) => {
        const tensors = { x0: tensor([...positions, channels], seed), x1: tensor([...positions, 1], seed + 1) };
        expect(errorOfOp(mask, maskOp, tensors, {})).toBeLessThan(tolerance.sum);
      }),
      { numRuns: 100 },
    );
  });

  it('has an oracle whose gradients are true', () => {
    expectTrueGradients(maskOp, { x0: tensor([2, 3, 4], 1), x1: tensor([2, 3, 1], 2) }, {});
  });

  describe('against tfjs', () => {
    beforeAll(() => tf.setBackend('cpu'));
    it('values and gradients', () => {
      const [x, m] = [tensor([2, 3, 3, 5], 1), tensor([2, 3, 3, 1], 2)];
      const { values, gradient, gradients } = runGradient(mask, [x, m], {});
      const forward = (a: tf.Tensor, b: tf.Tensor) => tf.mul(a, b);
      const tensors = [tf.tensor4d(x.values, [2, 3, 3, 5]), tf.tensor4d(m.values, [2, 3, 3, 1])];
      expect(relativeError(values, forward(tensors[0]!, tensors[1]!).dataSync())).toBeLessThan(tolerance.elementwise);
      const [dx, dm] = tf.grads(forward)(tensors, tf.tensor4d(gradient, [2, 3, 3, 5]));
      expect(relativeError(gradients.nodes.x0!, dx!.dataSync())).toBeLessThan(tolerance.elementwise);
      expect(relativeError(gradients.nodes.x1!, dm!.dataSync())).toBeLessThan(tolerance.elementwise);
    });
  });

  it('keeps NaN where the factor is 0', () => {
    const x = { shape: [1, 2, 2], values: [Number.NaN, 1, 2, 3] };
    expect([...runOp(mask, [x, { shape: [1, 2, 1], values: [0, 2] }], {}).values]).toEqual([Number.NaN, 0, 4, 6]);
  });

  it('refuses factors of another shape', () => {
    const run = () => runOp(mask, [tensor([1, 2, 3, 4], 1), tensor([1, 2, 3, 4], 2)], {});
    expect(run).toThrow(ShapeError);
    expect(run).toThrow('mask: takes features [N,…,C] and their factors [N,…,1], got [1,2,3,4] and [1,2,3,4]');
  });
});
