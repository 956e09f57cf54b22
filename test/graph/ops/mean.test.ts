import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { mean } from '../../../src/graph/ops/mean.ts';
import { meanOp } from '../../oracle/elementwise.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { errorOfOp, expectTrueGradients, tensor } from '../../support/op-oracle.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

describe('mean', () => {
  it('agrees with its definition for any shape, forward and backward', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(sizes, fc.nat(), (shape, seed) => {
        expect(errorOfOp(mean, meanOp, { x0: tensor(shape, seed) }, {})).toBeLessThan(tolerance.sum);
      }),
      { numRuns: 100 },
    );
  });

  it('has an oracle whose gradients are true', () => expectTrueGradients(meanOp, { x0: tensor([3, 3], 1) }, {}));

  it('loses nothing over many values', () => {
    const values = new Float32Array(1_000_000).fill(0.1);
    expect(runOp(mean, [{ shape: [1_000_000], values }], {}).values[0]).toBe(Math.fround(0.1));
  });

  it('agrees with tfjs, gradient too', async () => {
    await tf.setBackend('cpu');
    const x = tensor([3, 5, 7], 1);
    const { values, shape, gradient, gradients } = runGradient(mean, [x], {});
    const forward = (value: tf.Tensor): tf.Tensor => tf.mean(value);
    const input = tf.tensor3d(x.values, [3, 5, 7]);
    expect(shape).toEqual([1]);
    expect(values[0]).toBeCloseTo(forward(input).dataSync()[0]!, 6);
    const dx = tf.grad(forward)(input, tf.scalar(gradient[0]!));
    expect(relativeError(gradients.nodes.x0!, dx.dataSync())).toBeLessThan(tolerance.elementwise);
  });

  it('keeps NaN, and refuses the mean of nothing', () => {
    expect(runOp(mean, [{ shape: [3], values: [1, Number.NaN, 2] }], {}).values[0]).toBeNaN();
    expect(() => mean.shape([[3, 0]], {}, {})).toThrow(ShapeError);
    expect(() => mean.shape([[3, 0]], {}, {})).toThrow('mean: of nothing, got [3,0]');
    expect(() => mean.shape([[3], [3]], {}, {})).toThrow('mean: takes 1 input, got 2');
  });
});
