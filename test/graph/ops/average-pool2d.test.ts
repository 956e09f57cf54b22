import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { elementsOf, type Shape } from '../../../src/core/shape.ts';
import { resolveWindow } from '../../../src/core/window.ts';
import { type AveragePool2dAttributes, averagePool2d } from '../../../src/graph/ops/average-pool2d.ts';
import { averagePool2dOracle } from '../../oracle/pool.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { randomArray } from '../../support/random.ts';
import { runOp } from '../../support/run-op.ts';

const tensor = (shape: Shape, seed: number) => ({ shape, values: randomArray(elementsOf(shape), seed) });

function errorOf(input: Shape, attributes: AveragePool2dAttributes, seed = 1): number {
  const { size, stride = size, padding = 'valid', countPadding = false } = attributes;
  const x = tensor(input, seed);
  const window = resolveWindow('', input, typeof size === 'number' ? [size, size] : size, { stride, padding });
  return relativeError(runOp(averagePool2d, [x], attributes).values, averagePool2dOracle(x, window, countPadding));
}

describe('averagePool2d', () => {
  it.each<[string, Shape, AveragePool2dAttributes]>([
    ['2×2, its own stride', [1, 8, 8, 16], { size: 2 }],
    ['2×2, same, odd', [2, 7, 9, 5], { size: 2, padding: 'same' }],
    ['7×7, stride 2, valid', [1, 7, 7, 256], { size: 7, stride: 2 }],
    ['3×3, padding 1', [3, 9, 8, 3], { size: 3, stride: 2, padding: 1 }],
    ['3×3, padding 1, counted', [3, 9, 8, 3], { size: 3, stride: 2, padding: 1, countPadding: true }],
    ['3×2, stride [1,3]', [1, 9, 11, 8], { size: [3, 2], stride: [1, 3], padding: 'same-before' }],
    ['one pixel', [1, 1, 1, 9], { size: 1 }],
  ])('%s', (_, input, attributes) => expect(errorOf(input, attributes)).toBeLessThan(tolerance.elementwise));

  it('agrees with its definition for any shape', () => {
    const size = fc.integer({ min: 1, max: 12 });
    const small = fc.integer({ min: 1, max: 4 });
    const channels = fc.constantFrom(1, 3, 4, 5, 8, 9, 17);
    fc.assert(
      fc.property(
        size,
        size,
        channels,
        small,
        small,
        small,
        fc.boolean(),
        fc.nat(),
        (h, w, c, sizeY, sizeX, stride, countPadding, seed) => {
          const attributes: AveragePool2dAttributes = { size: [sizeY, sizeX], stride, padding: 'same', countPadding };
          expect(errorOf([2, h, w, c], attributes, seed)).toBeLessThan(tolerance.elementwise);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('counts padding only where it is told to', () => {
    const x = { shape: [1, 1, 1, 1], values: [9] };
    const attributes = { size: 3, stride: 1, padding: 1 };
    expect([...runOp(averagePool2d, [x], attributes).values]).toEqual([9]);
    expect([...runOp(averagePool2d, [x], { ...attributes, countPadding: true }).values]).toEqual([1]);
  });

  it('keeps NaN', () => {
    const x = { shape: [1, 2, 2, 5], values: new Float32Array(20).fill(1) };
    x.values[7] = Number.NaN;
    x.values[19] = Number.NaN;
    expect([...runOp(averagePool2d, [x], { size: 2 }).values]).toEqual([1, 1, Number.NaN, 1, Number.NaN]);
  });

  describe('against tfjs', () => {
    beforeAll(() => tf.setBackend('cpu'));
    it.each([
      [2, 2, 'same'],
      [3, 2, 'valid'],
      [3, 1, 'same'],
    ] as const)('size %i, stride %i, padding %s', (size, stride, padding) => {
      const x = tensor([2, 11, 10, 5], 7);
      const expected = tf.avgPool(tf.tensor4d(x.values, [2, 11, 10, 5]), size, stride, padding);
      const { values, shape } = runOp(averagePool2d, [x], { size, stride, padding });
      expect(shape).toEqual(expected.shape);
      expect(relativeError(values, expected.dataSync())).toBeLessThan(tolerance.elementwise);
    });
  });

  it.each<[string, Shape, AveragePool2dAttributes, string]>([
    ['rank', [4, 4, 1], { size: 2 }, 'averagePool2d: input must be one [N,H,W,C], got [4,4,1]'],
    ['window', [1, 4, 4, 1], { size: 5 }, 'averagePool2d: a window of 5 does not fit an input of 4'],
    [
      'padding',
      [1, 4, 4, 1],
      { size: 2, padding: 3 },
      "averagePool2d: padding must be less than the window's size [2,2]",
    ],
  ])('refuses wrong %s', (_, input, attributes, message) => {
    const run = () => runOp(averagePool2d, [tensor(input, 1)], attributes);
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(message);
  });
});
