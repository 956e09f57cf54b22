import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { clip } from '../../../src/graph/ops/clip.ts';
import { randomArray } from '../../support/random.ts';
import { runOp } from '../../support/run-op.ts';
import { lengths } from '../../support/sizes.ts';

const run = (values: ArrayLike<number>, lo: number, hi: number) =>
  runOp(clip, [{ shape: [values.length], values }], { lo, hi }).values;

describe('clip', () => {
  it.each(lengths)('agrees with tfjs at length %i', async (n) => {
    await tf.setBackend('cpu');
    const values = randomArray(n, n).map((value) => value * 9);
    expect(run(values, 0, 6)).toEqual(tf.clipByValue(tf.tensor1d(values), 0, 6).dataSync());
    expect(run(values, -2, 1)).toEqual(tf.clipByValue(tf.tensor1d(values), -2, 1).dataSync());
  });

  it('keeps NaN and clips the infinities', () => {
    const values = [Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, -3, 3];
    expect([...run(values, -2, 2.5)]).toEqual([Number.NaN, -2, 2.5, -2, 2.5]);
  });

  it.each([
    [2, 1],
    [Number.NaN, 1],
  ])('refuses lo %d and hi %d', (lo, hi) => {
    expect(() => run([1], lo, hi)).toThrow(ShapeError);
    expect(() => run([1], lo, hi)).toThrow(`clip: lo must not exceed hi, got ${lo} and ${hi}`);
  });
});
