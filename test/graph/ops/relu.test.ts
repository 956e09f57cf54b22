import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { relu } from '../../../src/graph/ops/relu.ts';
import { randomArray } from '../../support/random.ts';
import { runOp } from '../../support/run-op.ts';
import { lengths } from '../../support/sizes.ts';

describe('relu', () => {
  it.each(lengths)('agrees with tfjs at length %i', async (n) => {
    await tf.setBackend('cpu');
    const values = randomArray(n, n);
    const expected = tf.relu(tf.tensor1d(values)).dataSync();
    expect(runOp(relu, [{ shape: [n], values }], {}).values).toEqual(expected);
  });

  it('keeps NaN and the infinities apart', () => {
    const values = [Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, -1e-45, 1e-45];
    const y = runOp(relu, [{ shape: [5], values }], {}).values;
    expect([...y]).toEqual([Number.NaN, 0, Number.POSITIVE_INFINITY, 0, Math.fround(1e-45)]);
  });

  it('refuses two inputs', () => {
    const x = { shape: [3], values: [1, 2, 3] };
    expect(() => runOp(relu, [x, x], {})).toThrow(ShapeError);
    expect(() => runOp(relu, [x, x], {})).toThrow('relu: takes 1 input, got 2');
  });
});
