import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { globalAveragePool } from '../../../src/graph/ops/global-average-pool.ts';
import { globalAveragePoolOracle } from '../../oracle/pool.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { errorOfOp, expectTrueGradients, tensor } from '../../support/op-oracle.ts';
import { randomArray } from '../../support/random.ts';
import { runOp } from '../../support/run-op.ts';

describe('globalAveragePool', () => {
  it('agrees with its definition for any shape of any rank, forward and backward', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(sizes, fc.constantFrom(1, 3, 4, 5, 8, 9, 17), fc.nat(), (spatial, c, seed) => {
        const x0 = tensor([2, ...spatial, c], seed);
        expect(runOp(globalAveragePool, [x0], {}).shape).toEqual([2, c]);
        expect(errorOfOp(globalAveragePool, globalAveragePoolOracle, { x0 }, {})).toBeLessThan(tolerance.elementwise);
      }),
      { numRuns: 150 },
    );
  });

  it('has an oracle whose gradients are true', () => {
    expectTrueGradients(globalAveragePoolOracle, { x0: tensor([2, 3, 4, 2], 1) }, {});
  });

  it.each([
    ['map', [1, 400, 500, 1]],
    ['signal', [1, 200_000, 1]],
    ['volume', [1, 50, 80, 50, 1]],
  ])('loses little over a large %s', (_, shape) => {
    const x0 = { shape, values: randomArray(200_000, 1).map((value) => value + 1) };
    const { values } = runOp(globalAveragePool, [x0], {});
    expect(relativeError(values, globalAveragePoolOracle.forward({ x0 }, {}))).toBeLessThan(tolerance.elementwise);
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
    const run = () => runOp(globalAveragePool, [tensor([2, 3], 1)], {});
    expect(run).toThrow(ShapeError);
    expect(run).toThrow('globalAveragePool: input must be one [N, …spatial, C], got [2,3]');
  });
});
