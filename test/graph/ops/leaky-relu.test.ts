import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { leakyRelu } from '../../../src/graph/ops/leaky-relu.ts';
import { activationOp } from '../../oracle/activation.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { errorOfOp, expectTrueGradients, tensor } from '../../support/op-oracle.ts';
import { randomArray } from '../../support/random.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

const run = (values: ArrayLike<number>, slope: number) =>
  runOp(leakyRelu, [{ shape: [values.length], values }], { slope }).values;

describe('leakyRelu', () => {
  it('agrees with its definition', () => {
    const slopes = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 19 }), slopes, fc.nat(), (n, slope, seed) => {
        const values = randomArray(n, seed);
        const expected = Array.from(values, (value) => (value < 0 ? slope * value : value));
        expect(relativeError(run(values, slope), expected)).toBeLessThan(tolerance.elementwise);
      }),
    );
  });

  it('agrees with tfjs', async () => {
    await tf.setBackend('cpu');
    const values = randomArray(17, 1);
    const expected = tf.leakyRelu(tf.tensor1d(values), 0.1).dataSync();
    expect(relativeError(run(values, 0.1), expected)).toBeLessThan(tolerance.elementwise);
  });

  it('keeps NaN and the infinities', () => {
    const values = [Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, -8, 8];
    expect([...run(values, 0.25)]).toEqual([Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, -2, 8]);
  });

  it.each([-0.1, 1.5, Number.NaN])('refuses the slope %d', (slope) => {
    expect(() => run([1], slope)).toThrow(ShapeError);
    expect(() => run([1], slope)).toThrow(`leakyRelu: slope must lie in 0..1, got ${slope}`);
  });

  it('has the gradient of its definition, and of tfjs', async () => {
    const oracle = activationOp(({ slope }: { slope: number }) => ({
      slope,
      lo: Number.NEGATIVE_INFINITY,
      hi: Number.POSITIVE_INFINITY,
    }));
    expectTrueGradients(oracle, { x0: tensor([9], 1) }, { slope: 0.2 });
    await tf.setBackend('cpu');
    for (const n of [1, 3, 4, 5, 8, 9, 17]) {
      const x0 = tensor([n], n);
      expect(errorOfOp(leakyRelu, oracle, { x0 }, { slope: 0.2 })).toBeLessThan(tolerance.elementwise);
      const { gradient, gradients } = runGradient(leakyRelu, [x0], { slope: 0.2 });
      const dx = tf.grad((x: tf.Tensor): tf.Tensor => tf.leakyRelu(x, 0.2))(
        tf.tensor1d(x0.values),
        tf.tensor1d(gradient),
      );
      expect(relativeError(gradients.nodes.x0!, dx.dataSync())).toBeLessThan(tolerance.elementwise);
    }
  });
});
