import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { elementsOf, type Shape } from '../../../src/core/shape.ts';
import { resolveWindow } from '../../../src/core/window.ts';
import { chooseFilterGradient } from '../../../src/graph/ops/conv/choose.ts';
import { type ConvAttributes, geometryOf } from '../../../src/graph/ops/conv/geometry.ts';
import { chooseInputGradient } from '../../../src/graph/ops/conv/input-gradient.ts';
import { conv } from '../../../src/graph/ops/conv.ts';
import { convolution, convolutionGradients } from '../../oracle/convolution.ts';
import { magnitudesOf, relativeError, tolerance } from '../../support/compare.ts';
import { randomArray } from '../../support/random.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

const tensor = (shape: Shape, seed: number) => ({ shape, values: randomArray(elementsOf(shape), seed) });

/** Forward and all gradients of one convolution against its definition. */
function errorsOf(input: Shape, filters: Shape, attributes: ConvAttributes, seed = 1, memoryBudget?: number) {
  const x = tensor(input, seed);
  const w = tensor(filters, seed + 1);
  const bias = tensor([filters.at(-1)!], seed + 2);
  const options = memoryBudget === undefined ? {} : { memoryBudget };
  const result = runGradient(conv, [x], attributes, { filters: w, bias }, options);
  const window = resolveWindow('conv', input, filters.slice(0, -2), attributes);
  const exact = { x, filters: w, window, groups: attributes.groups ?? 1 };
  const expected = convolutionGradients(exact, result.gradient);
  const [unsignedX, unsignedW] = [x, w].map(({ shape, values }) => ({ shape, values: magnitudesOf(values) }));
  const unsigned = { ...exact, x: unsignedX!, filters: unsignedW! };
  const magnitudes = convolutionGradients(unsigned, magnitudesOf(result.gradient));
  const { nodes, parameters } = result.gradients;
  const geometry = geometryOf('conv', input, filters, attributes);
  return {
    kernels: [result.kernel, chooseInputGradient(geometry).name, chooseFilterGradient(geometry).name],
    forward: relativeError(
      result.values,
      convolution(exact, bias.values),
      convolution(unsigned, magnitudesOf(bias.values)),
    ),
    input: relativeError(nodes.x0!, expected.x, magnitudes.x),
    filters: relativeError(parameters.filters!, expected.filters, magnitudes.filters),
    bias: relativeError(parameters.bias!, expected.bias, magnitudes.bias),
  };
}

function expectExact(errors: ReturnType<typeof errorsOf>): void {
  const { kernels, ...rest } = errors;
  const allowed = tolerance.winograd;
  for (const [what, error] of Object.entries(rest))
    expect(error, `${what} by ${kernels.join(', ')}`).toBeLessThan(allowed);
}

describe('conv', () => {
  const table: [string, Shape, Shape, ConvAttributes, string[]][] = [
    ['1×1', [2, 5, 7, 9], [1, 1, 9, 17], {}, ['gemm', 'flip', 'direct']],
    ['1×1, one pixel', [1, 1, 1, 300], [1, 1, 300, 8], {}, ['gemm', 'flip', 'direct']],
    ['1×1, stride 2', [1, 9, 8, 5], [1, 1, 5, 3], { stride: 2 }, ['direct', 'scatter', 'direct']],
    ['7×7, stride 2, valid', [1, 31, 29, 3], [7, 7, 3, 32], { stride: 2 }, ['polyphase', 'scatter', 'direct']],
    [
      '5×6, stride 2, odd padding, batch 3',
      [3, 22, 27, 5],
      [5, 6, 5, 16],
      {
        stride: 2,
        padding: [
          [1, 3],
          [2, 0],
        ],
      },
      ['polyphase', 'scatter', 'direct'],
    ],
    ['7×7, stride 2, odd outputs', [1, 31, 29, 3], [7, 7, 3, 31], { stride: 2 }, ['direct', 'scatter', 'direct']],
    ['3×3, same', [1, 17, 17, 64], [3, 3, 64, 64], { padding: 'same' }, ['winograd_6x6', 'flip', 'winograd_4x4']],
    ['3×3, medium map', [1, 20, 20, 64], [3, 3, 64, 64], { padding: 'same' }, ['winograd_4x4', 'flip', 'winograd_4x4']],
    ['3×3, valid, batch 3', [3, 14, 11, 8], [3, 3, 8, 16], {}, ['winograd_4x4', 'flip', 'winograd_4x4']],
    ['3×3, large map', [1, 48, 53, 16], [3, 3, 16, 16], { padding: 1 }, ['winograd_6x6', 'flip', 'winograd_4x4']],
    ['3×3, 4×4 map', [1, 4, 4, 256], [3, 3, 256, 64], { padding: 'same' }, ['winograd_2x2', 'flip', 'direct']],
    ['3×3, 1×1 map', [1, 1, 1, 16], [3, 3, 16, 8], { padding: 'same' }, ['single_cell', 'flip', 'direct']],
    ['3×3, odd channels', [1, 9, 10, 5], [3, 3, 5, 7], { padding: 'same' }, ['direct', 'flip', 'direct']],
    ['3×3, dilated', [2, 13, 11, 6], [3, 3, 6, 9], { dilation: [2, 3], padding: 'same' }, ['direct', 'flip', 'direct']],
    [
      'unequal strides and paddings',
      [1, 12, 15, 3],
      [2, 5, 3, 4],
      {
        stride: [3, 2],
        padding: [
          [1, 0],
          [3, 2],
        ],
      },
      ['direct', 'scatter', 'direct'],
    ],
    ['padding wider than the window', [1, 6, 5, 3], [2, 2, 3, 4], { padding: 3 }, ['direct', 'scatter', 'direct']],
    ['a band a row', [1, 5, 2000, 40], [3, 3, 40, 9], { padding: 1 }, ['direct', 'flip', 'direct']],
    ['same-before', [1, 6, 6, 3], [2, 2, 3, 4], { padding: 'same-before' }, ['direct', 'flip', 'direct']],
    ['groups', [2, 7, 8, 12], [3, 3, 4, 15], { groups: 3, padding: 'same' }, ['direct', 'scatter', 'direct']],
    ['1D', [2, 33, 5], [7, 5, 9], { stride: 2, padding: 'same' }, ['direct', 'scatter', 'direct']],
    ['1D, dilated', [1, 40, 4], [3, 4, 8], { dilation: 4, padding: 'same' }, ['direct', 'flip', 'direct']],
    ['1D, pointwise', [3, 11, 6], [1, 6, 10], {}, ['gemm', 'flip', 'direct']],
    ['3D', [2, 5, 6, 7, 4], [3, 3, 3, 4, 8], { padding: 'same' }, ['winograd_3d_4x4', 'flip', 'direct']],
    ['3D, odd channels', [2, 5, 6, 7, 3], [3, 3, 3, 3, 8], { padding: 'same' }, ['direct', 'flip', 'direct']],
    [
      '3D, several bands and blocks',
      [1, 19, 9, 18, 16],
      [3, 3, 3, 16, 24],
      { padding: 1 },
      ['winograd_3d_4x4', 'flip', 'winograd_3d_4x4'],
    ],
    ['3D, small maps', [1, 8, 2, 2, 16], [3, 3, 3, 16, 32], { padding: 'same' }, ['winograd_3d_2x2', 'flip', 'direct']],
    [
      '3D, two slices deep, padded by side',
      [1, 6, 9, 11, 8],
      [2, 3, 3, 8, 16],
      {
        padding: [
          [3, 1],
          [0, 2],
          [2, 4],
        ],
      },
      ['winograd_3d_4x4', 'scatter', 'winograd_3d_4x4'],
    ],
    ['3D, one slice deep', [2, 5, 12, 13, 8], [1, 3, 3, 8, 8], {}, ['winograd_3d_4x4', 'flip', 'direct']],
    [
      '3D, strided, unequal',
      [1, 6, 7, 9, 3],
      [2, 3, 4, 3, 5],
      {
        stride: [1, 2, 3],
        padding: [
          [1, 0],
          [0, 2],
          [2, 1],
        ],
      },
      ['direct', 'scatter', 'direct'],
    ],
    [
      '3D, dilated in depth',
      [1, 9, 4, 5, 2],
      [3, 1, 2, 2, 3],
      { dilation: [3, 1, 2], padding: 'same' },
      ['direct', 'flip', 'direct'],
    ],
    ['3D, groups', [1, 4, 5, 5, 6], [2, 2, 2, 2, 9], { groups: 3 }, ['direct', 'scatter', 'direct']],
  ];
  it.each(table)('%s, forward and backward', (_, input, filters, attributes, kernels) => {
    const errors = errorsOf(input, filters, attributes);
    expect(errors.kernels).toEqual(kernels);
    expectExact(errors);
  });

  const small = fc.integer({ min: 1, max: 4 });
  const anyConv = fc.integer({ min: 1, max: 3 }).chain((rank) => {
    const each = (max: number) => fc.array(fc.integer({ min: 1, max }), { minLength: rank, maxLength: rank });
    return fc.record({
      batch: fc.integer({ min: 1, max: 3 }),
      sizes: each(rank === 3 ? 6 : 13),
      kernel: each(rank === 3 ? 3 : 4),
      stride: each(3),
      dilation: each(2),
      groups: fc.integer({ min: 1, max: 3 }),
      c: small,
      n: fc.integer({ min: 1, max: 9 }),
      padding: fc.constantFrom('same' as const, 'same-before' as const, 3),
      seed: fc.nat(),
    });
  });
  it('agrees with its definition for any shape, in every rank, forward and backward', () => {
    fc.assert(
      fc.property(anyConv, ({ batch, sizes, kernel, stride, dilation, groups, c, n, padding, seed }) => {
        const reach = kernel.every((k, i) => (k - 1) * dilation[i]! < sizes[i]! + 6);
        fc.pre(padding !== 3 || reach);
        expectExact(
          errorsOf(
            [batch, ...sizes, c * groups],
            [...kernel, c, n * groups],
            { stride, dilation, padding, groups },
            seed,
          ),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('agrees with its definition for any 3×3 map, so for every way a Winograd tile can hang over', () => {
    const side = fc.integer({ min: 1, max: 14 });
    const padding = fc.constantFrom('same' as const, 'valid' as const, 2);
    fc.assert(
      fc.property(
        side,
        side,
        fc.constantFrom(4, 8, 20),
        fc.constantFrom(8, 24),
        padding,
        fc.nat(),
        (h, w, c, n, padding, seed) => {
          fc.pre(padding !== 'valid' || (h > 2 && w > 2));
          expectExact(errorsOf([2, h, w, c], [3, 3, c, n], { padding }, seed));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('agrees with its definition for any large 3×3 map', () => {
    const side = fc.constantFrom(47, 48, 53, 54);
    fc.assert(
      fc.property(side, side, fc.nat(), (h, w, seed) => {
        const errors = errorsOf([1, h, w, 16], [3, 3, 16, 16], { padding: 'same' }, seed);
        expect(errors.kernels[0]).toBe('winograd_6x6');
        expectExact(errors);
      }),
      { numRuns: 4 },
    );
  });

  it('agrees with its definition for any window of 5 to 8 a side in steps of 2', () => {
    const side = fc.integer({ min: 17, max: 40 });
    const kernel = fc.integer({ min: 5, max: 8 });
    const padding = fc.constantFrom('same' as const, 'same-before' as const, 'valid' as const, 3, 9);
    fc.assert(
      fc.property(
        fc.tuple(side, side),
        fc.tuple(kernel, kernel),
        fc.constantFrom(1, 2, 3, 5),
        fc.constantFrom(16, 24),
        padding,
        fc.nat(),
        (sides, [kh, kw], c, n, padding, seed) => {
          expectExact(errorsOf([2, ...sides, c], [kh, kw, c, n], { stride: 2, padding }, seed));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('agrees with its definition for any volume and 3×3 slices of the window', () => {
    const side = fc.integer({ min: 1, max: 9 });
    const depths = fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 4 }));
    const channels = fc.constantFrom([4, 8] as const, [8, 8] as const, [8, 16] as const);
    fc.assert(
      fc.property(
        depths,
        side,
        side,
        channels,
        fc.constantFrom('same' as const, 1, 2),
        fc.nat(),
        ([d, kd], h, w, [c, n], padding, seed) => {
          fc.pre(padding === 'same' || d + 2 * padding >= kd);
          expectExact(errorsOf([2, d, h, w, c], [kd, 3, 3, c, n], { padding }, seed));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('gives the same gradients where the memory budget has filters transformed at each run', () => {
    const x = tensor([1, 17, 17, 64], 1);
    const filters = tensor([3, 3, 64, 64], 2);
    const rich = runGradient(conv, [x], { padding: 'same' }, { filters });
    const poor = runGradient(conv, [x], { padding: 'same' }, { filters }, { memoryBudget: 0 });
    expect(poor.gradients).toEqual(rich.gradients);
  });

  it('is linear: ⟨conv(x), y⟩ = ⟨x, convᵀ(y)⟩', () => {
    const x = tensor([2, 12, 13, 8], 3);
    const filters = tensor([3, 3, 8, 16], 4);
    const { values, gradient, gradients } = runGradient(conv, [x], { padding: 'same' }, { filters });
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, v, i) => sum + v * b[i]!, 0);
    expect(dot(values, gradient)).toBeCloseTo(dot(x.values, gradients.nodes.x0!), 2);
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
      const { values, shape } = runOp(conv, [x], { stride, padding, dilation }, { filters: w });
      expect(shape).toEqual(expected.shape);
      expect(relativeError(values, expected.dataSync())).toBeLessThan(tolerance.winograd);
    });
    it('in three dimensions, with the gradient that its wasm backend gets wrong', () => {
      const x = tensor([1, 5, 6, 7, 3], 7);
      const w = tensor([3, 3, 3, 3, 5], 8);
      const filters = tf.tensor5d(w.values, [3, 3, 3, 3, 5]);
      const forward = (value: tf.Tensor) => tf.conv3d(value as tf.Tensor5D, filters, 1, 'same');
      const { values, gradient, gradients } = runGradient(conv, [x], { padding: 'same' }, { filters: w });
      const input = tf.tensor5d(x.values, [1, 5, 6, 7, 3]);
      expect(relativeError(values, forward(input).dataSync())).toBeLessThan(tolerance.sum);
      const dx = tf.grad(forward)(input, tf.tensor(gradient, [1, 5, 6, 7, 5]));
      expect(relativeError(gradients.nodes.x0!, dx.dataSync())).toBeLessThan(tolerance.sum);
    });
  });

  it.each([
    [
      'channels',
      [1, 8, 8, 3],
      [3, 3, 4, 8],
      {},
      'conv: input has 3 channels, filters expect 4 (input [1,8,8,3], filters [3,3,4,8])',
    ],
    ['rank', [8, 3], [3, 3, 8], {}, 'conv: input must be one [N,W,C], [N,H,W,C] or [N,D,H,W,C], got [8,3]'],
    ['filter rank', [1, 8, 8, 3], [3, 3, 8], {}, 'conv: filters of input [1,8,8,3] must be [kh,kw,C,Co], got [3,3,8]'],
    ['window', [1, 2, 8, 3], [3, 3, 3, 8], {}, 'conv: a window of 3 does not fit an input of 2 padded by 0 and 0'],
    [
      'stride',
      [1, 8, 8, 3],
      [3, 3, 3, 8],
      { stride: 0 },
      'conv: stride must be a whole number of at least 1, or 2 of them, got 0',
    ],
    ['padding', [1, 8, 8, 3], [3, 3, 3, 8], { padding: -1 }, 'conv: padding must be'],
    [
      'groups',
      [1, 8, 8, 4],
      [3, 3, 4, 9],
      { groups: 2 },
      'conv: groups must divide 4 input and 9 output channels, got 2',
    ],
  ] as const)('refuses wrong %s', (_, input, filters, attributes, message) => {
    const run = () => runOp(conv, [tensor(input, 1)], attributes as ConvAttributes, { filters: tensor(filters, 2) });
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(message);
  });
});
