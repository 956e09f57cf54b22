import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { elementsOf, type Shape } from '../../../src/core/shape.ts';
import { globalAveragePool } from '../../../src/graph/ops/global-average-pool.ts';
import { globalAveragePoolOracle } from '../../oracle/pool.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { randomArray } from '../../support/random.ts';
import { runOp } from '../../support/run-op.ts';

const tensor = (shape: Shape, seed: number) => ({ shape, values: randomArray(elementsOf(shape), seed) });

describe('globalAveragePool', () => {
  it('agrees with its definition for any shape', () => {
    const size = fc.integer({ min: 1, max: 13 });
    fc.assert(
      fc.property(size, size, fc.constantFrom(1, 3, 4, 5, 8, 9, 17), fc.nat(), (h, w, c, seed) => {
        const x = tensor([2, h, w, c], seed);
        const { values, shape } = runOp(globalAveragePool, [x], {});
        expect(shape).toEqual([2, c]);
        expect(relativeError(values, globalAveragePoolOracle(x))).toBeLessThan(tolerance.elementwise);
      }),
      { numRuns: 200 },
    );
  });

  it('loses little over a large map', () => {
    const x = { shape: [1, 400, 500, 1], values: randomArray(200_000, 1).map((value) => value + 1) };
    const { values } = runOp(globalAveragePool, [x], {});
    expect(relativeError(values, globalAveragePoolOracle(x))).toBeLessThan(tolerance.elementwise);
  });

  it('agrees with tfjs', async () => {
    await tf.setBackend('cpu');
    const x = tensor([3, 7, 5, 6], 2);
    const expected = tf.mean(tf.tensor4d(x.values, [3, 7, 5, 6]), [1, 2]);
    const { values, shape } = runOp(globalAveragePool, [x], {});
    expect(shape).toEqual(expected.shape);
    expect(relativeError(values, expected.dataSync())).toBeLessThan(tolerance.elementwise);
  });

  it('keeps NaN in its own channel', () => {
    const x = { shape: [1, 2, 2, 5], values: new Float32Array(20).fill(2) };
    x.values[11] = Number.NaN;
    x.values[4] = Number.NaN;
    expect([...runOp(globalAveragePool, [x], {}).values]).toEqual([2, Number.NaN, 2, 2, Number.NaN]);
  });

  it('refuses another rank', () => {
    const run = () => runOp(globalAveragePool, [tensor([2, 3, 4], 1)], {});
    expect(run).toThrow(ShapeError);
    expect(run).toThrow('globalAveragePool: input must be one [N,H,W,C], got [2,3,4]');
  });
});
