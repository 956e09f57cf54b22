import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { clip } from '../../../src/graph/ops/clip.ts';
import { activationOp } from '../../oracle/activation.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { errorOfOp, expectTrueGradients, tensor } from '../../support/op-oracle.ts';
import { randomArray } from '../../support/random.ts';
import { runGradient } from '../../support/run-gradient.ts';
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

  it('has the gradient of its definition, and of tfjs', async () => {
    const oracle = activationOp(({ lo, hi }: { lo: number; hi: number }) => ({ slope: 1, lo, hi }));
    expectTrueGradients(oracle, { x0: tensor([9], 1) }, { lo: -0.4, hi: 0.6 });
    await tf.setBackend('cpu');
    for (const n of [1, 3, 4, 5, 8, 9, 17]) {
      const x0 = tensor([n], n);
      expect(errorOfOp(clip, oracle, { x0 }, { lo: -0.4, hi: 0.6 })).toBeLessThan(tolerance.elementwise);
      const { gradient, gradients } = runGradient(clip, [x0], { lo: -0.4, hi: 0.6 });
      const dx = tf.grad((x: tf.Tensor): tf.Tensor => tf.clipByValue(x, -0.4, 0.6))(
        tf.tensor1d(x0.values),
        tf.tensor1d(gradient),
      );
      expect(relativeError(gradients.nodes.x0!, dx.dataSync())).toBeLessThan(tolerance.elementwise);
    }
  });
});
