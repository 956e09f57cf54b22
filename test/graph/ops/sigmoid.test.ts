import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sigmoid } from '../../../src/graph/ops/sigmoid.ts';
import { sigmoidOp, sigmoidOracle } from '../../oracle/elementwise.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { errorOfOp, expectTrueGradients, tensor } from '../../support/op-oracle.ts';
import { randomArray } from '../../support/random.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

const run = (values: ArrayLike<number>) => runOp(sigmoid, [{ shape: [values.length], values }], {}).values;

describe('sigmoid', () => {
  it('agrees with its definition at every length', () => {
    for (const length of [1, 3, 4, 5, 8, 9, 17, 101]) {
      const values = randomArray(length, length).map((value) => value * 20);
      expect(relativeError(run(values), sigmoidOracle(values))).toBeLessThan(tolerance.elementwise);
    }
  });

  it('agrees with its definition for any float, digit by digit where it is tiny', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true }), (x) => {
        const y = run([x])[0]!;
        const expected = sigmoidOracle([x])[0]!;
        expect(Math.abs(y - expected)).toBeLessThanOrEqual(Math.max(4e-7 * expected, 1.5e-45));
      }),
      { numRuns: 1000 },
    );
  });

  it('neither overflows nor loses NaN', () => {
    const values = [Number.NEGATIVE_INFINITY, -1e30, -104, -89, -0, 0, 89, 1e30, Number.POSITIVE_INFINITY, Number.NaN];
    const results = run(values);
    expect([...results.slice(0, 2), ...results.slice(4)]).toEqual([0, 0, 0.5, 0.5, 1, 1, 1, Number.NaN]);
    expect(results[3]).toBeCloseTo(2.227e-39, 42);
  });

  it('is symmetric: σ(−x) = 1 − σ(x)', () => {
    const values = randomArray(64, 1).map((value) => value * 10);
    const mirrored = run(values.map((value) => -value)).map((value) => 1 - value);
    expect(relativeError(mirrored, run(values))).toBeLessThan(tolerance.elementwise);
  });

  it('agrees with tfjs', async () => {
    await tf.setBackend('cpu');
    const values = randomArray(33, 2).map((value) => value * 30);
    expect(relativeError(run(values), tf.sigmoid(tf.tensor1d(values)).dataSync())).toBeLessThan(tolerance.elementwise);
  });

  it('has the gradient y · (1 − y) at every length, in place too', async () => {
    expectTrueGradients(sigmoidOp, { x0: tensor([9], 1) }, {});
    await tf.setBackend('cpu');
    for (const length of [1, 3, 4, 5, 8, 9, 17]) {
      const x0 = tensor([length], length);
      expect(errorOfOp(sigmoid, sigmoidOp, { x0 }, {})).toBeLessThan(tolerance.elementwise);
      const { gradient, gradients } = runGradient(sigmoid, [x0], {});
      const dx = tf.grad((value: tf.Tensor) => tf.sigmoid(value))(tf.tensor1d(x0.values), tf.tensor1d(gradient));
      expect(relativeError(gradients.nodes.x0!, dx.dataSync())).toBeLessThan(tolerance.elementwise);
    }
  });

  it('has gradient 0 where it is flat and NaN at NaN', () => {
    const x = { shape: [5], values: [Number.NEGATIVE_INFINITY, -200, Number.NaN, 200, Number.POSITIVE_INFINITY] };
    const [a, b, c, d, e] = runGradient(sigmoid, [x], {}).gradients.nodes.x0!;
    expect([a, b, d, e].map(Math.abs)).toEqual([0, 0, 0, 0]);
    expect(c).toBeNaN();
  });
});
