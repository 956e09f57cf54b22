import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { relu } from '../../../src/graph/ops/relu.ts';
import { activationOp } from '../../oracle/activation.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { errorOfOp, expectTrueGradients, tensor } from '../../support/op-oracle.ts';
import { randomArray } from '../../support/random.ts';
import { runGradient } from '../../support/run-gradient.ts';
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

  it('has the gradient of its definition, and of tfjs', async () => {
    const oracle = activationOp(() => ({ slope: 1, lo: 0, hi: Number.POSITIVE_INFINITY }));
    expectTrueGradients(oracle, { x0: tensor([9], 1) }, {});
    await tf.setBackend('cpu');
    for (const n of [1, 3, 4, 5, 8, 9, 17]) {
      const x0 = tensor([n], n);
      expect(errorOfOp(relu, oracle, { x0 }, {})).toBeLessThan(tolerance.elementwise);
      const { gradient, gradients } = runGradient(relu, [x0], {});
      const dx = tf.grad((x: tf.Tensor): tf.Tensor => tf.relu(x))(tf.tensor1d(x0.values), tf.tensor1d(gradient));
      expect(relativeError(gradients.nodes.x0!, dx.dataSync())).toBeLessThan(tolerance.elementwise);
    }
  });
});
