import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { tanh } from '../../../src/graph/ops/tanh.ts';
import { centralDifference } from '../../support/central-difference.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { randomArray } from '../../support/random.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';
import { lengths } from '../../support/sizes.ts';

const tensor = (n: number, seed: number) => ({ shape: [n], values: randomArray(n, seed).map((value) => value * 4) });

describe('tanh', () => {
  it.each([...lengths, 101])('of %i, forward and backward', (n) => {
    const x = tensor(n, n);
    const { values, gradient, gradients } = runGradient(tanh, [x], {});
    expect(relativeError(values, Array.from(x.values, Math.tanh))).toBeLessThan(tolerance.elementwise);
    const slopes = Array.from(gradient, (g, i) => g * (1 - Math.tanh(x.values[i]!) ** 2));
    expect(relativeError(gradients.nodes.x0!, slopes)).toBeLessThan(tolerance.elementwise);
  });

  it('has the gradient that central differences find', () => {
    const x = tensor(23, 1);
    const { gradient, gradients } = runGradient(tanh, [x], {});
    const along = (values: Float64Array) => values.reduce((sum, value, i) => sum + gradient[i]! * Math.tanh(value), 0);
    expect(relativeError(gradients.nodes.x0!, centralDifference(along, x.values))).toBeLessThan(tolerance.elementwise);
  });

  it('has the same gradient under every rule', () => {
    const x = tensor(9, 2);
    const plain = runGradient(tanh, [x], {}).gradients;
    for (const rule of ['guided', 'deconvnet'] as const)
      expect(runGradient(tanh, [x], {}, {}, { rule }).gradients).toEqual(plain);
  });

  it('neither overflows nor loses NaN, and is odd', () => {
    const values = [Number.POSITIVE_INFINITY, 1e30, 20, 0.625, 0.1, 1e-45, 0, Number.NaN];
    const y = runOp(tanh, [{ shape: [8], values }], {}).values;
    expect([...y.slice(0, 3), y[5], y[6], y[7]]).toEqual([1, 1, 1, Math.fround(1e-45), 0, Number.NaN]);
    const mirrored = runOp(tanh, [{ shape: [8], values: values.map((value) => -value) }], {}).values;
    expect(mirrored).toEqual(y.map((value) => -value));
  });

  it('agrees with tfjs', async () => {
    await tf.setBackend('cpu');
    const x = tensor(33, 3);
    const expected = tf.tanh(tf.tensor1d(x.values)).dataSync();
    expect(relativeError(runOp(tanh, [x], {}).values, expected)).toBeLessThan(tolerance.elementwise);
  });

  it('refuses more than one input', () => {
    const x = tensor(3, 1);
    expect(() => runOp(tanh, [x, x], {})).toThrow(ShapeError);
    expect(() => runOp(tanh, [x, x], {})).toThrow('tanh: takes 1 input, got 2');
  });
});
