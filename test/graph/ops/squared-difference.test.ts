import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { squaredDifference } from '../../../src/graph/ops/squared-difference.ts';
import { squaredDifferenceOp } from '../../oracle/elementwise.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { errorOfOp, expectTrueGradients, tensor } from '../../support/op-oracle.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

describe('squaredDifference', () => {
  it('agrees with its definition for any shape, forward and backward', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(sizes, fc.nat(), (shape, seed) => {
        const tensors = { x0: tensor(shape, seed), x1: tensor(shape, seed + 1) };
        expect(errorOfOp(squaredDifference, squaredDifferenceOp, tensors, {})).toBeLessThan(tolerance.elementwise);
      }),
      { numRuns: 100 },
    );
  });

  it('has an oracle whose gradients are true', () => {
    expectTrueGradients(squaredDifferenceOp, { x0: tensor([9], 1), x1: tensor([9], 2) }, {});
  });

  describe('against tfjs', () => {
    beforeAll(() => tf.setBackend('cpu'));
    it('values and gradients', () => {
      const [a, b] = [tensor([3, 5], 1), tensor([3, 5], 2)];
      const { values, gradient, gradients } = runGradient(squaredDifference, [a, b], {});
      const forward = (x: tf.Tensor, y: tf.Tensor) => tf.squaredDifference(x, y);
      const tensors = [tf.tensor2d(a.values, [3, 5]), tf.tensor2d(b.values, [3, 5])];
      expect(relativeError(values, forward(tensors[0]!, tensors[1]!).dataSync())).toBeLessThan(tolerance.elementwise);
      const [da, db] = tf.grads(forward)(tensors, tf.tensor2d(gradient, [3, 5]));
      expect(relativeError(gradients.nodes.x0!, da!.dataSync())).toBeLessThan(tolerance.elementwise);
      expect(relativeError(gradients.nodes.x1!, db!.dataSync())).toBeLessThan(tolerance.elementwise);
    });
  });

  it('keeps NaN of either side', () => {
    const a = { shape: [5], values: [1, Number.NaN, 2, 3, 4] };
    const b = { shape: [5], values: [0, 0, 0, 0, Number.NaN] };
    expect([...runOp(squaredDifference, [a, b], {}).values].map(Number.isNaN)).toEqual([
      false,
      true,
      false,
      false,
      true,
    ]);
  });

  it('refuses two shapes', () => {
    const run = () => runOp(squaredDifference, [tensor([2, 3], 1), tensor([3, 2], 2)], {});
    expect(run).toThrow(ShapeError);
    expect(run).toThrow('squaredDifference: takes 2 inputs of one shape, got [2,3] and [3,2]');
  });
});
