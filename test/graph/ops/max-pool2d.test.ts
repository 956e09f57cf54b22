import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { elementsOf, type Shape } from '../../../src/core/shape.ts';
import { resolveWindow } from '../../../src/core/window.ts';
import { type MaxPool2dAttributes, maxPool2d } from '../../../src/graph/ops/max-pool2d.ts';
import { maxPool2dOracle } from '../../oracle/pool.ts';
import { randomArray } from '../../support/random.ts';
import { runOp } from '../../support/run-op.ts';

const tensor = (shape: Shape, seed: number) => ({ shape, values: randomArray(elementsOf(shape), seed) });

const windowOf = (input: Shape, { size, stride = size, padding = 'valid' }: MaxPool2dAttributes) =>
  resolveWindow('maxPool2d', input, typeof size === 'number' ? [size, size] : size, { stride, padding });

describe('maxPool2d', () => {
  it.each<[string, Shape, MaxPool2dAttributes]>([
    ['2×2, its own stride', [1, 8, 8, 16], { size: 2 }],
    ['2×2, same, odd', [2, 7, 9, 5], { size: 2, padding: 'same' }],
    ['2×2, stride 1, same', [1, 13, 13, 17], { size: 2, stride: 1, padding: 'same' }],
    ['3×3, stride 2, valid', [1, 72, 71, 4], { size: 3, stride: 2 }],
    ['3×3, stride 2, padding 1', [3, 9, 8, 3], { size: 3, stride: 2, padding: 1 }],
    ['3×2, stride [1,3]', [1, 9, 11, 8], { size: [3, 2], stride: [1, 3], padding: 'same-before' }],
    [
      'padding by side',
      [1, 5, 5, 1],
      {
        size: 3,
        stride: 2,
        padding: [
          [2, 0],
          [1, 2],
        ],
      },
    ],
    ['the whole map', [1, 5, 7, 9], { size: [5, 7] }],
    ['one pixel', [1, 1, 1, 4], { size: 1 }],
  ])('%s', (_, input, attributes) => {
    const x = tensor(input, 1);
    const { values } = runOp(maxPool2d, [x], attributes);
    expect(values).toEqual(Float32Array.from(maxPool2dOracle(x, windowOf(input, attributes))));
  });

  it('agrees with its definition for any shape', () => {
    const size = fc.integer({ min: 1, max: 12 });
    const small = fc.integer({ min: 1, max: 4 });
    const channels = fc.constantFrom(1, 3, 4, 5, 8, 9, 17);
    fc.assert(
      fc.property(size, size, channels, small, small, small, fc.nat(), (h, w, c, sizeY, sizeX, stride, seed) => {
        const attributes: MaxPool2dAttributes = { size: [sizeY, sizeX], stride, padding: 'same' };
        const x = tensor([2, h, w, c], seed);
        const { values } = runOp(maxPool2d, [x], attributes);
        expect(values).toEqual(Float32Array.from(maxPool2dOracle(x, windowOf(x.shape, attributes))));
      }),
      { numRuns: 200 },
    );
  });

  it('lets no padding win where every value is negative', () => {
    const x = { shape: [1, 3, 3, 5], values: new Float32Array(45).fill(-7) };
    const { values } = runOp(maxPool2d, [x], { size: 3, stride: 1, padding: 1 });
    expect([...values].every((value) => value === -7)).toBe(true);
  });

  it('keeps −∞ and NaN, whichever cell of the window holds it and in every lane', () => {
    for (let cell = 0; cell < 4; cell++)
      for (let channel = 0; channel < 5; channel++) {
        const x = { shape: [1, 2, 2, 5], values: new Float32Array(20).fill(Number.NEGATIVE_INFINITY) };
        x.values[cell * 5 + channel] = Number.NaN;
        const expected = new Array(5).fill(Number.NEGATIVE_INFINITY);
        expected[channel] = Number.NaN;
        expect([...runOp(maxPool2d, [x], { size: 2 }).values]).toEqual(expected);
      }
  });

  describe('against tfjs', () => {
    beforeAll(() => tf.setBackend('cpu'));
    it.each([
      [2, 2, 'same'],
      [3, 2, 'valid'],
      [2, 1, 'same'],
      [3, 2, 'same'],
    ] as const)('size %i, stride %i, padding %s', (size, stride, padding) => {
      const x = tensor([2, 11, 10, 5], 7);
      const expected = tf.maxPool(tf.tensor4d(x.values, [2, 11, 10, 5]), size, stride, padding);
      const { values, shape } = runOp(maxPool2d, [x], { size, stride, padding });
      expect(shape).toEqual(expected.shape);
      expect(values).toEqual(expected.dataSync());
    });
  });

  it.each<[string, Shape, MaxPool2dAttributes, string]>([
    ['rank', [4, 4, 1], { size: 2 }, 'maxPool2d: input must be one [N,H,W,C], got [4,4,1]'],
    ['size', [1, 4, 4, 1], { size: 0 }, 'maxPool2d: size must be a whole number of at least 1, or two of them, got 0'],
    [
      'stride',
      [1, 4, 4, 1],
      { size: 2, stride: 1.5 },
      'maxPool2d: stride must be a whole number of at least 1, or 2 of them, got',
    ],
    ['window', [1, 4, 4, 1], { size: 5 }, 'maxPool2d: a window of 5 does not fit an input of 4'],
    [
      'padding',
      [1, 4, 4, 1],
      { size: 2, padding: 2 },
      "maxPool2d: padding must be less than the window's size [2,2] on every side, got 2",
    ],
    [
      'attributes',
      [1, 4, 4, 1],
      {} as MaxPool2dAttributes,
      'maxPool2d: size must be a whole number of at least 1, or two of them, got undefined',
    ],
  ])('refuses wrong %s', (_, input, attributes, message) => {
    const run = () => runOp(maxPool2d, [tensor(input, 1)], attributes);
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(message);
  });
});
