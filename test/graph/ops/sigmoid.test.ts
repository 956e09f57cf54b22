import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sigmoid } from '../../../src/graph/ops/sigmoid.ts';
import { sigmoidOracle } from '../../oracle/elementwise.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { randomArray } from '../../support/random.ts';
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
});
