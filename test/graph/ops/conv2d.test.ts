import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { elementsOf, resolveWindow, type Shape } from '../../../src/core/shape.ts';
import { type Conv2dAttributes, conv2d } from '../../../src/graph/ops/conv2d.ts';
import { conv2dOracle } from '../../oracle/conv.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { randomArray } from '../../support/random.ts';
import { runOp } from '../../support/run-op.ts';

const tensor = (shape: Shape, seed: number) => ({ shape, values: randomArray(elementsOf(shape), seed) });

function errorOf(input: Shape, filters: Shape, attributes: Conv2dAttributes, seed = 1) {
  const x = tensor(input, seed);
  const w = tensor(filters, seed + 1);
  const bias = tensor([filters[3]!], seed + 2);
  const result = runOp(conv2d, [x], attributes, { filters: w, bias });
  const window = resolveWindow('conv2d', input, [filters[0]!, filters[1]!], attributes);
  return { kernel: result.kernel, error: relativeError(result.values, conv2dOracle(x, w, bias.values, window)) };
}

describe('conv2d', () => {
  const table: [string, Shape, Shape, Conv2dAttributes, string][] = [
    ['1×1', [2, 5, 7, 9], [1, 1, 9, 17], {}, 'gemm_1x1'],
    ['1×1, one pixel', [1, 1, 1, 300], [1, 1, 300, 8], {}, 'gemm_1x1'],
    ['1×1, stride 2', [1, 9, 8, 5], [1, 1, 5, 3], { stride: 2 }, 'direct'],
    ['7×7, three channels, stride 2', [1, 31, 29, 3], [7, 7, 3, 32], { stride: 2 }, 'direct'],
    ['3×3, same', [1, 17, 17, 64], [3, 3, 64, 64], { padding: 'same' }, 'winograd_4x4'],
    ['3×3, valid, batch 3', [3, 14, 11, 8], [3, 3, 8, 16], {}, 'winograd_4x4'],
    ['3×3, 4×4 map', [1, 4, 4, 256], [3, 3, 256, 64], { padding: 'same' }, 'winograd_2x2'],
    ['3×3, 1×1 map', [1, 1, 1, 16], [3, 3, 16, 8], { padding: 'same' }, 'direct'],
    ['3×3, odd channels', [1, 9, 10, 5], [3, 3, 5, 7], { padding: 'same' }, 'direct'],
    ['3×3, dilated', [2, 13, 11, 6], [3, 3, 6, 9], { dilation: [2, 3], padding: 'same' }, 'direct'],
    [
      'unequal strides, padding by name',
      [1, 12, 15, 3],
      [2, 5, 3, 4],
      { stride: [3, 2], padding: { top: 1, bottom: 0, left: 3, right: 2 } },
      'direct',
    ],
    ['a band a row', [1, 5, 2000, 40], [3, 3, 40, 9], { padding: 1 }, 'direct'],
    ['same-before', [1, 6, 6, 3], [2, 2, 3, 4], { stride: 1, padding: 'same-before' }, 'direct'],
  ];
  it.each(table)('%s', (_, input, filters, attributes, kernel) => {
    const result = errorOf(input, filters, attributes);
    expect(result.kernel).toBe(kernel);
    expect(result.error).toBeLessThan(kernel.startsWith('winograd') ? tolerance.winograd : tolerance.sum);
  });

  it('agrees with its definition for any shape', () => {
    const size = fc.integer({ min: 1, max: 13 });
    const small = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(
        fc.record({
          batch: fc.integer({ min: 1, max: 3 }),
          h: size,
          w: size,
          c: fc.constantFrom(1, 2, 3, 4, 5, 8, 12),
          n: fc.constantFrom(1, 3, 4, 7, 8, 16, 17),
          kh: small,
          kw: small,
          sy: small,
          sx: small,
          dy: fc.integer({ min: 1, max: 2 }),
          dx: fc.integer({ min: 1, max: 2 }),
          padding: fc.constantFrom('same' as const, 'same-before' as const, 3),
          seed: fc.nat(),
        }),
        ({ batch, h, w, c, n, kh, kw, sy, sx, dy, dx, padding, seed }) => {
          const { error } = errorOf(
            [batch, h, w, c],
            [kh, kw, c, n],
            { stride: [sy, sx], dilation: [dy, dx], padding },
            seed,
          );
          expect(error).toBeLessThan(tolerance.winograd);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('agrees with its definition for any 3×3 map, so for every way a Winograd tile can hang over', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 14 }),
        fc.integer({ min: 1, max: 14 }),
        fc.constantFrom(4, 8, 20),
        fc.constantFrom(8, 24),
        fc.constantFrom('same' as const, 'valid' as const, 2),
        fc.nat(),
        (h, w, c, n, padding, seed) => {
          fc.pre(padding !== 'valid' || (h > 2 && w > 2));
          expect(errorOf([2, h, w, c], [3, 3, c, n], { padding }, seed).error).toBeLessThan(tolerance.winograd);
        },
      ),
      { numRuns: 300 },
    );
  });

  describe('against tfjs', () => {
    beforeAll(() => tf.setBackend('cpu'));
    it.each([
      ['same', 1, 1],
      ['same', 2, 1],
      ['valid', 2, 1],
      ['same', 1, 2],
    ] as const)('padding %s, stride %i, dilation %i', (padding, stride, dilation) => {
      const x = tensor([2, 11, 10, 8], 7);
      const w = tensor([3, 3, 8, 8], 8);
      const expected = tf.conv2d(
        tf.tensor4d(x.values, [2, 11, 10, 8]),
        tf.tensor4d(w.values, [3, 3, 8, 8]),
        stride,
        padding,
        'NHWC',
        dilation,
      );
      const { values, shape } = runOp(conv2d, [x], { stride, padding, dilation }, { filters: w });
      expect(shape).toEqual(expected.shape);
      expect(relativeError(values, expected.dataSync())).toBeLessThan(tolerance.winograd);
    });
  });

  it.each([
    [
      'channels',
      [1, 8, 8, 3],
      [3, 3, 4, 8],
      {},
      'conv2d: input has 3 channels, filters expect 4 (input [1,8,8,3], filters [3,3,4,8])',
    ],
    ['rank', [8, 8, 3], [3, 3, 3, 8], {}, 'conv2d: input must be one [N,H,W,C], got [8,8,3]'],
    ['window', [1, 2, 8, 3], [3, 3, 3, 8], {}, 'conv2d: a window of 3 does not fit an input of 2 padded by 0 and 0'],
    ['stride', [1, 8, 8, 3], [3, 3, 3, 8], { stride: 0 }, 'conv2d: stride must be whole numbers of at least 1, got 0'],
    ['padding', [1, 8, 8, 3], [3, 3, 3, 8], { padding: -1 }, 'conv2d: padding must be'],
  ] as const)('refuses wrong %s', (_, input, filters, attributes, message) => {
    const run = () => runOp(conv2d, [tensor(input, 1)], attributes, { filters: tensor(filters, 2) });
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(message);
  });
});
