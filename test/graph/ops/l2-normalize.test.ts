import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import type { Shape } from '../../../src/core/shape.ts';
import { l2Normalize } from '../../../src/graph/ops/l2-normalize.ts';
import { l2NormalizeOracle } from '../../oracle/normalize.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { errorOfOp, expectTrueGradients, tensor } from '../../support/op-oracle.ts';
import { randomArray } from '../../support/random.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

const run = (shape: Shape, values: ArrayLike<number>) => runOp(l2Normalize, [{ shape, values }], {}).values;

describe('l2Normalize', () => {
  it('agrees with its definition for any shape, forward and backward', () => {
    const rows = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(rows, fc.constantFrom(2, 3, 4, 5, 8, 9, 17, 128, 131), fc.nat(), (n, c, seed) => {
        const error = errorOfOp(l2Normalize, l2NormalizeOracle, { x0: tensor([n, c], seed) }, {});
        expect(error).toBeLessThan(tolerance.elementwise);
      }),
      { numRuns: 150 },
    );
  });

  it('has an oracle whose gradients are true', () => {
    expectTrueGradients(l2NormalizeOracle, { x0: tensor([3, 5], 1) }, {});
  });

  it('has gradient 0 at a vector of zeros and in one dimension, and no NaN', () => {
    const x = { shape: [2, 5], values: [...new Array(5).fill(0), 1, 2, 3, 4, 5] };
    const { x0 } = runGradient(l2Normalize, [x], {}).gradients.nodes;
    expect([...x0!.subarray(0, 5)].map(Math.abs)).toEqual(new Array(5).fill(0));
    expect(Math.max(...x0!.subarray(5).map(Math.abs))).toBeGreaterThan(0);
    const single = runGradient(l2Normalize, [{ shape: [3, 1], values: [0, -2, 5] }], {}).gradients.nodes.x0!;
    expect([...single].every((value) => Math.abs(value) < 1e-7)).toBe(true);
  });

  it('has a finite gradient whatever the scale, with NaN in its own row only', () => {
    for (const scale of [1e-30, 1e30]) {
      const values = randomArray(7, 1).map((value) => value * scale);
      const { x0 } = runGradient(l2Normalize, [{ shape: [1, 7], values }], {}).gradients.nodes;
      expect([...x0!].every(Number.isFinite)).toBe(true);
    }
    const x = { shape: [2, 5], values: [1, 1, Number.NaN, 1, 1, 1, 1, 1, 1, 1] };
    const { x0 } = runGradient(l2Normalize, [x], {}).gradients.nodes;
    expect([...x0!].map(Number.isNaN)).toEqual(Array.from({ length: 10 }, (_, i) => i < 5));
  });

  it('makes every vector one of length 1, whatever its scale', () => {
    for (const scale of [1e-44, 1e-20, 1, 1e20, 3e38]) {
      const y = run(
        [1, 7],
        randomArray(7, 1).map((value) => value * scale),
      );
      expect(Math.hypot(...y)).toBeCloseTo(1, 6);
    }
  });

  it('leaves a vector of zeros as it is, among others', () => {
    expect([...run([3, 5], [...new Array(5).fill(2), ...new Array(5).fill(0), 0, 0, 0, 0, -3])]).toEqual([
      ...new Array(5).fill(Math.fround(1 / Math.sqrt(5))),
      ...new Array(5).fill(0),
      ...[0, 0, 0, 0, -1],
    ]);
  });

  it('keeps NaN in its own row', () => {
    const y = run([3, 5], [1, 1, 1, 1, 1, 1, 1, 1, 1, Number.NaN, 1, 1, 1, 1, 1]);
    expect([...y].map(Number.isNaN)).toEqual(Array.from({ length: 15 }, (_, i) => i >= 5 && i < 10));
  });

  it('agrees with tfjs, gradient too', async () => {
    await tf.setBackend('cpu');
    const x = tensor([6, 19], 3);
    const { values, gradient, gradients } = runGradient(l2Normalize, [x], {});
    const forward = (value: tf.Tensor) => tf.div(value, tf.norm(value, 'euclidean', -1, true));
    const input = tf.tensor2d(x.values, [6, 19]);
    expect(relativeError(values, forward(input).dataSync())).toBeLessThan(tolerance.elementwise);
    const dx = tf.grad(forward)(input, tf.tensor2d(gradient, [6, 19]));
    expect(relativeError(gradients.nodes.x0!, dx.dataSync())).toBeLessThan(tolerance.elementwise);
  });

  it('refuses more than one input', () => {
    const x = { shape: [2, 3], values: randomArray(6, 1) };
    expect(() => runOp(l2Normalize, [x, x], {})).toThrow(ShapeError);
    expect(() => runOp(l2Normalize, [x, x], {})).toThrow('l2Normalize: input must be one […,C], got [2,3] [2,3]');
  });
});
