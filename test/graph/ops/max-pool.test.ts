import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import type { Shape } from '../../../src/core/shape.ts';
import type { Rule } from '../../../src/graph/op.ts';
import { type MaxPoolAttributes, maxPool } from '../../../src/graph/ops/max-pool.ts';
import { maxPoolOracle } from '../../oracle/pool.ts';
import { anyWindow } from '../../support/any-window.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { errorOfOp, expectTrueGradients, tensor } from '../../support/op-oracle.ts';
import { randomArray } from '../../support/random.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

/** Forward in a plan without gradients, and forward and backward in one with: the larger error. */
function errorOf(input: Shape, attributes: MaxPoolAttributes, seed = 1): number {
  const x0 = tensor(input, seed);
  const { values } = runOp(maxPool, [x0], attributes);
  const exact = relativeError(values, maxPoolOracle.forward({ x0 }, attributes));
  return Math.max(exact, errorOfOp(maxPool, maxPoolOracle, { x0 }, attributes));
}

describe('maxPool', () => {
  it.each<[string, Shape, MaxPoolAttributes]>([
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
    ['1D', [2, 33, 5], { size: 4, stride: 3, padding: 'same' }],
    ['3D', [2, 5, 6, 7, 4], { size: 2 }],
    ['3D, unequal', [1, 6, 5, 9, 3], { size: [3, 2, 4], stride: [2, 1, 3], padding: 1 }],
    ['3D, same', [2, 5, 4, 5, 9], { size: 3, stride: 2, padding: 'same' }],
    ['enough for several pieces', [1, 64, 63, 4], { size: 15, stride: 1, padding: 3 }],
    ['enough for several pieces, windows apart', [1, 128, 130, 128], { size: 2 }],
  ])('%s, forward and backward', (_, input, attributes) => {
    expect(errorOf(input, attributes)).toBeLessThan(tolerance.elementwise);
  });

  it('agrees with its definition for any shape, in every rank, forward and backward', () => {
    fc.assert(
      fc.property(anyWindow, ({ batch, sizes, kernel, stride, c, padding, seed }) => {
        const error = errorOf([batch, ...sizes, c], { size: kernel, stride, padding }, seed);
        expect(error).toBeLessThan(tolerance.elementwise);
      }),
      { numRuns: 150 },
    );
  });

  it('has an oracle whose gradients are true', () => {
    const attributes = { size: [2, 3], stride: [1, 2], padding: 'same' } as const;
    expectTrueGradients(maxPoolOracle, { x0: tensor([2, 4, 5, 2], 1) }, attributes);
  });

  describe('the gradient', () => {
    const gradientOf = (values: number[], attributes: MaxPoolAttributes, rule?: Rule) => {
      const x = { shape: [1, values.length / 5, 5], values };
      const { gradient, gradients } = runGradient(maxPool, [x], attributes, {}, rule ? { rule } : {});
      return { gradient: [...gradient], dx: [...gradients.nodes.x0!] };
    };

    it('goes to the first of equals, in every lane', () => {
      const { gradient, dx } = gradientOf(new Array(15).fill(-2), { size: 3 });
      expect(dx).toEqual([...gradient, ...new Array(10).fill(0)]);
    });

    it('goes to the first NaN, wherever it lies', () => {
      for (let cell = 0; cell < 3; cell++)
        for (let channel = 0; channel < 5; channel++) {
          const values = Array.from({ length: 15 }, (_, i) => i);
          values[cell * 5 + channel] = Number.NaN;
          values[10 + channel] = Number.NaN;
          const { gradient, dx } = gradientOf(values, { size: 3 });
          const expected = new Array(15).fill(0);
          for (let c = 0; c < 5; c++) expected[(c === channel ? cell : 2) * 5 + c] = gradient[c];
          expect(dx).toEqual(expected);
        }
    });

    it('adds up where windows overlap', () => {
      const values = [...new Array(5).fill(0), ...new Array(5).fill(9), ...new Array(5).fill(0)];
      const { gradient, dx } = gradientOf(values, { size: 2, stride: 1 });
      const both = Array.from({ length: 5 }, (_, c) => Math.fround(gradient[c]! + gradient[5 + c]!));
      expect(dx).toEqual([...new Array(5).fill(0), ...both, ...new Array(5).fill(0)]);
    });

    it.each(['guided', 'deconvnet'] as const)('unpools by the same switches under the rule %s', (rule) => {
      const values = [...randomArray(30, 3)];
      const [plain, ruled] = [gradientOf(values, { size: 2 }), gradientOf(values, { size: 2 }, rule)];
      expect(ruled).toEqual(plain);
    });
  });

  it('lets no padding win where every value is negative', () => {
    const x = { shape: [1, 3, 3, 5], values: new Float32Array(45).fill(-7) };
    const { values } = runOp(maxPool, [x], { size: 3, stride: 1, padding: 1 });
    expect([...values].every((value) => value === -7)).toBe(true);
  });

  it('keeps −∞ and NaN, whichever cell of the window holds it and in every lane', () => {
    for (let cell = 0; cell < 4; cell++)
      for (let channel = 0; channel < 5; channel++) {
        const x = { shape: [1, 2, 2, 5], values: new Float32Array(20).fill(Number.NEGATIVE_INFINITY) };
        x.values[cell * 5 + channel] = Number.NaN;
        const expected = new Array(5).fill(Number.NEGATIVE_INFINITY);
        expected[channel] = Number.NaN;
        expect([...runOp(maxPool, [x], { size: 2 }).values]).toEqual(expected);
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
      const { values, shape } = runOp(maxPool, [x], { size, stride, padding });
      expect(shape).toEqual(expected.shape);
      expect(values).toEqual(expected.dataSync());
    });
    it('the gradient, of windows that do and do not overlap', () => {
      for (const [size, stride] of [
        [2, 2],
        [3, 2],
      ] as const) {
        const x = tensor([2, 11, 10, 5], 7);
        const { gradient, gradients, shape } = runGradient(maxPool, [x], { size, stride });
        const forward = (value: tf.Tensor) => tf.maxPool(value as tf.Tensor4D, size, stride, 'valid');
        const dx = tf.grad(forward)(tf.tensor4d(x.values, [2, 11, 10, 5]), tf.tensor(gradient, [...shape]));
        expect(relativeError(gradients.nodes.x0!, dx.dataSync())).toBeLessThan(tolerance.elementwise);
      }
    });
    // Its gradient is wrong, in this backend too, for a window whose height is not its width.
    it('in three dimensions, and its gradient', () => {
      const x = tensor([2, 5, 6, 7, 3], 7);
      const forward = (value: tf.Tensor) => tf.maxPool3d(value as tf.Tensor5D, 2, [2, 1, 2], 'valid');
      const attributes = { size: 2, stride: [2, 1, 2] };
      const { values, shape, gradient, gradients } = runGradient(maxPool, [x], attributes);
      const input = tf.tensor5d(x.values, [2, 5, 6, 7, 3]);
      expect(values).toEqual(forward(input).dataSync());
      const dx = tf.grad(forward)(input, tf.tensor(gradient, [...shape]));
      expect(relativeError(gradients.nodes.x0!, dx.dataSync())).toBeLessThan(tolerance.elementwise);
    });
  });

  it.each<[string, Shape, MaxPoolAttributes, string]>([
    ['rank', [4, 4], { size: 2 }, 'maxPool: input must be one [N,W,C], [N,H,W,C] or [N,D,H,W,C], got [4,4]'],
    ['size', [1, 4, 4, 1], { size: 0 }, 'maxPool: size must be a whole number of at least 1, or 2 of them, got 0'],
    [
      'stride',
      [1, 4, 4, 1],
      { size: 2, stride: 1.5 },
      'maxPool: stride must be a whole number of at least 1, or 2 of them, got',
    ],
    ['window', [1, 4, 4, 1], { size: 5 }, 'maxPool: a window of 5 does not fit an input of 4'],
    [
      'padding',
      [1, 4, 4, 1],
      { size: 2, padding: 2 },
      "maxPool: padding must be less than the window's size [2,2] on every side, got 2",
    ],
    [
      'attributes',
      [1, 4, 4, 1],
      {} as MaxPoolAttributes,
      'maxPool: size must be a whole number of at least 1, or 2 of them, got undefined',
    ],
  ])('refuses wrong %s', (_, input, attributes, message) => {
    const run = () => runOp(maxPool, [tensor(input, 1)], attributes);
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(message);
  });
});
