import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import type { Shape } from '../../../src/core/shape.ts';
import { type ResizeBilinearAttributes, resizeBilinear } from '../../../src/graph/ops/resize-bilinear.ts';
import { resizeBilinearOracle } from '../../oracle/resize.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { errorOfOp, expectTrueGradients, tensor } from '../../support/op-oracle.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

const conventions = ['asymmetric', 'align-corners', 'half-pixel'] as const;

describe('resizeBilinear', () => {
  it('agrees with its definition for any shape, forward and backward', () => {
    const size = fc.integer({ min: 1, max: 11 });
    const channels = fc.constantFrom(1, 3, 4, 5, 8, 9, 17);
    fc.assert(
      fc.property(
        size,
        size,
        channels,
        size,
        size,
        fc.constantFrom(...conventions),
        fc.nat(),
        (h, w, c, y, x, how, seed) => {
          const x0 = tensor([2, h, w, c], seed);
          const attributes: ResizeBilinearAttributes = { size: [y, x], coordinates: how };
          const error = errorOfOp(resizeBilinear, resizeBilinearOracle, { x0 }, attributes);
          expect(error).toBeLessThan(tolerance.elementwise);
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each(conventions)('has an oracle whose gradients are true (%s)', (coordinates) => {
    expectTrueGradients(resizeBilinearOracle, { x0: tensor([1, 3, 4, 2], 1) }, { size: [5, 3], coordinates });
  });

  it.each([
    ['asymmetric', [0, 1, 2, 3, 4, 4]],
    ['align-corners', [0, 0.8, 1.6, 2.4, 3.2, 4]],
    ['half-pixel', [0, 0.5, 1.5, 2.5, 3.5, 4]],
  ] as const)('places cells as %s says', (coordinates, expected) => {
    // A ramp shows each cell's place as its value: three cells 0, 2, 4 become six.
    const ramp = { shape: [1, 1, 3, 1], values: [0, 2, 4] };
    const { values } = runOp(resizeBilinear, [ramp], { size: [1, 6], coordinates });
    expect(relativeError(values, expected)).toBeLessThan(tolerance.elementwise);
  });

  it.each(conventions)('is the identity at its own size (%s)', (coordinates) => {
    const x = tensor([1, 7, 5, 6], 1);
    expect(runOp(resizeBilinear, [x], { size: [7, 5], coordinates }).values).toEqual(x.values);
  });

  it('keeps NaN in the cells that it touches', () => {
    const x = { shape: [1, 1, 3, 1], values: [1, Number.NaN, 1] };
    const { values } = runOp(resizeBilinear, [x], { size: [1, 5], coordinates: 'align-corners' });
    expect([...values].map(Number.isNaN)).toEqual([false, true, true, true, false]);
  });

  describe('against tfjs', () => {
    beforeAll(() => tf.setBackend('cpu'));
    it.each([
      ['asymmetric', false, false, 9, 17],
      ['asymmetric', false, false, 3, 4],
      ['align-corners', true, false, 9, 17],
      ['align-corners', true, false, 3, 1],
      ['half-pixel', false, true, 9, 17],
      ['half-pixel', false, true, 3, 4],
    ] as const)('%s (alignCorners %s, halfPixelCenters %s) to %i × %i', (coordinates, align, half, h, w) => {
      const x = tensor([2, 5, 7, 6], 3);
      const expected = tf.image.resizeBilinear(tf.tensor4d(x.values, [2, 5, 7, 6]), [h, w], align, half);
      const { values } = runOp(resizeBilinear, [x], { size: [h, w], coordinates });
      expect(relativeError(values, expected.dataSync())).toBeLessThan(tolerance.elementwise);
    });
    // It has no gradient for half pixels, and swaps height and width of the others.
    it.each([
      ['asymmetric', false],
      ['align-corners', true],
    ] as const)('the gradient, %s', (coordinates, align) => {
      const x = tensor([2, 6, 6, 5], 3);
      const { gradient, gradients, shape } = runGradient(resizeBilinear, [x], { size: [9, 4], coordinates });
      const forward = (value: tf.Tensor) => tf.image.resizeBilinear(value as tf.Tensor4D, [9, 4], align);
      const dx = tf.grad(forward)(tf.tensor4d(x.values, [2, 6, 6, 5]), tf.tensor(gradient, [...shape]));
      expect(relativeError(gradients.nodes.x0!, dx.dataSync())).toBeLessThan(tolerance.elementwise);
    });
  });

  it.each<[string, Shape, unknown, string]>([
    ['rank', [4, 4, 1], { size: [2, 2], coordinates: 'half-pixel' }, 'resizeBilinear: input must be one [N,H,W,C]'],
    [
      'size',
      [1, 4, 4, 1],
      { size: [2, 0], coordinates: 'half-pixel' },
      'resizeBilinear: size must be whole numbers of at least 1, got [2,0]',
    ],
    [
      'one number',
      [1, 4, 4, 1],
      { size: 2, coordinates: 'half-pixel' },
      'resizeBilinear: size must be [height, width]',
    ],
    [
      'convention',
      [1, 4, 4, 1],
      { size: [2, 2] },
      'resizeBilinear: coordinates must be one of asymmetric, align-corners, half-pixel, got undefined',
    ],
  ])('refuses wrong %s', (_, shape, attributes, message) => {
    const run = () => runOp(resizeBilinear, [tensor(shape, 1)], attributes as ResizeBilinearAttributes);
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(message);
  });
});
