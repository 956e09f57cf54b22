import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import type { Shape } from '../../../src/core/shape.ts';
import { type AveragePoolAttributes, averagePool } from '../../../src/graph/ops/average-pool.ts';
import { averagePoolOracle } from '../../oracle/pool.ts';
import { anyWindow } from '../../support/any-window.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { errorOfOp, expectTrueGradients, tensor } from '../../support/op-oracle.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

const errorOf = (input: Shape, attributes: AveragePoolAttributes, seed = 1): number =>
  errorOfOp(averagePool, averagePoolOracle, { x0: tensor(input, seed) }, attributes);

describe('averagePool', () => {
  it.each<[string, Shape, AveragePoolAttributes]>([
    ['2×2, its own stride', [1, 8, 8, 16], { size: 2 }],
    ['2×2, same, odd', [2, 7, 9, 5], { size: 2, padding: 'same' }],
    ['7×7, stride 2, valid', [1, 7, 7, 256], { size: 7, stride: 2 }],
    ['3×3, padding 1', [3, 9, 8, 3], { size: 3, stride: 2, padding: 1 }],
    ['3×3, padding 1, counted', [3, 9, 8, 3], { size: 3, stride: 2, padding: 1, countPadding: true }],
    ['3×2, stride [1,3]', [1, 9, 11, 8], { size: [3, 2], stride: [1, 3], padding: 'same-before' }],
    ['one pixel', [1, 1, 1, 9], { size: 1 }],
    ['1D', [2, 33, 5], { size: 4, stride: 3, padding: 'same' }],
    ['3D', [2, 5, 6, 7, 4], { size: 2 }],
    ['3D, unequal, counted', [1, 6, 5, 9, 3], { size: [3, 2, 4], stride: [2, 1, 3], padding: 1, countPadding: true }],
    ['enough for several pieces', [1, 64, 63, 4], { size: 15, stride: 1, padding: 3 }],
  ])('%s, forward and backward', (_, input, attributes) => {
    expect(errorOf(input, attributes)).toBeLessThan(tolerance.elementwise);
  });

  it('agrees with its definition for any shape, in every rank, forward and backward', () => {
    fc.assert(
      fc.property(anyWindow, fc.boolean(), ({ batch, sizes, kernel, stride, c, padding, seed }, countPadding) => {
        const error = errorOf([batch, ...sizes, c], { size: kernel, stride, padding, countPadding }, seed);
        expect(error).toBeLessThan(tolerance.elementwise);
      }),
      { numRuns: 150 },
    );
  });

  it('has an oracle whose gradients are true', () => {
    const attributes = { size: [2, 3], stride: [1, 2], padding: 'same' } as const;
    for (const countPadding of [false, true])
      expectTrueGradients(averagePoolOracle, { x0: tensor([2, 4, 5, 2], 1) }, { ...attributes, countPadding });
  });

  it('counts padding only where it is told to', () => {
    const x = { shape: [1, 1, 1, 1], values: [9] };
    const attributes = { size: 3, stride: 1, padding: 1 };
    expect([...runOp(averagePool, [x], attributes).values]).toEqual([9]);
    expect([...runOp(averagePool, [x], { ...attributes, countPadding: true }).values]).toEqual([1]);
  });

  it('keeps NaN', () => {
    const x = { shape: [1, 2, 2, 5], values: new Float32Array(20).fill(1) };
    x.values[7] = Number.NaN;
    x.values[19] = Number.NaN;
    expect([...runOp(averagePool, [x], { size: 2 }).values]).toEqual([1, 1, Number.NaN, 1, Number.NaN]);
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
      const { values, shape } = runOp(averagePool, [x], { size, stride, padding });
      expect(shape).toEqual(expected.shape);
      expect(relativeError(values, expected.dataSync())).toBeLessThan(tolerance.elementwise);
    });
    it('in three dimensions, and its gradient', () => {
      const x = tensor([2, 5, 6, 7, 3], 7);
      const forward = (value: tf.Tensor) => tf.avgPool3d(value as tf.Tensor5D, [2, 3, 2], [2, 1, 2], 'valid');
      const attributes = { size: [2, 3, 2], stride: [2, 1, 2] };
      const { values, shape, gradient, gradients } = runGradient(averagePool, [x], attributes);
      const input = tf.tensor5d(x.values, [2, 5, 6, 7, 3]);
      expect(relativeError(values, forward(input).dataSync())).toBeLessThan(tolerance.elementwise);
      const dx = tf.grad(forward)(input, tf.tensor(gradient, [...shape]));
      expect(relativeError(gradients.nodes.x0!, dx.dataSync())).toBeLessThan(tolerance.elementwise);
    });
  });

  it.each<[string, Shape, AveragePoolAttributes, string]>([
    ['rank', [4, 4], { size: 2 }, 'averagePool: input must be one [N,W,C], [N,H,W,C] or [N,D,H,W,C], got [4,4]'],
    ['window', [1, 4, 4, 1], { size: 5 }, 'averagePool: a window of 5 does not fit an input of 4'],
    [
      'padding',
      [1, 4, 4, 1],
      { size: 2, padding: 3 },
      "averagePool: padding must be less than the window's size [2,2]",
    ],
  ])('refuses wrong %s', (_, input, attributes, message) => {
    const run = () => runOp(averagePool, [tensor(input, 1)], attributes);
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(message);
  });
});
