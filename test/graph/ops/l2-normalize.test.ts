import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import type { Shape } from '../../../src/core/shape.ts';
import { l2Normalize } from '../../../src/graph/ops/l2-normalize.ts';
import { l2NormalizeOracle } from '../../oracle/elementwise.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { randomArray } from '../../support/random.ts';
import { runOp } from '../../support/run-op.ts';

const run = (shape: Shape, values: ArrayLike<number>) => runOp(l2Normalize, [{ shape, values }], {}).values;

describe('l2Normalize', () => {
  it('agrees with its definition for any shape', () => {
    const rows = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(rows, fc.constantFrom(1, 3, 4, 5, 8, 9, 17, 128, 131), fc.nat(), (n, c, seed) => {
        const values = randomArray(n * c, seed);
        const y = run([n, c], values);
        expect(relativeError(y, l2NormalizeOracle(values, c))).toBeLessThan(tolerance.elementwise);
      }),
      { numRuns: 200 },
    );
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

  it('agrees with tfjs', async () => {
    await tf.setBackend('cpu');
    const values = randomArray(6 * 19, 3);
    const x = tf.tensor2d(values, [6, 19]);
    const expected = tf.div(x, tf.norm(x, 'euclidean', -1, true));
    expect(relativeError(run([6, 19], values), expected.dataSync())).toBeLessThan(tolerance.elementwise);
  });

  it('refuses more than one input', () => {
    const x = { shape: [2, 3], values: randomArray(6, 1) };
    expect(() => runOp(l2Normalize, [x, x], {})).toThrow(ShapeError);
    expect(() => runOp(l2Normalize, [x, x], {})).toThrow('l2Normalize: input must be one […,C], got [2,3] [2,3]');
  });
});
