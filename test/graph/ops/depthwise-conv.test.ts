import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import type { Shape } from '../../../src/core/shape.ts';
import { Graph } from '../../../src/graph/graph.ts';
import { affine } from '../../../src/graph/ops/affine.ts';
import { clip } from '../../../src/graph/ops/clip.ts';
import { type DepthwiseConvAttributes, depthwiseConv } from '../../../src/graph/ops/depthwise-conv.ts';
import { parametersOf } from '../../../src/graph/parameters.ts';
import { Plan } from '../../../src/graph/plan.ts';
import { depthwiseConvOracle } from '../../oracle/convolution.ts';
import { affineOracle } from '../../oracle/elementwise.ts';
import { anyWindow } from '../../support/any-window.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { errorOfOp, expectTrueGradients, tensor } from '../../support/op-oracle.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

/** Forward and all gradients of one convolution against its definition. */
function errorOf(input: Shape, kernel: readonly number[], attributes: DepthwiseConvAttributes, seed = 1) {
  const c = input.at(-1)!;
  const x0 = tensor(input, seed);
  const filters = tensor([...kernel, c, 1], seed + 1);
  const bias = tensor([c], seed + 2);
  return errorOfOp(depthwiseConv, depthwiseConvOracle, { x0, filters, bias }, attributes);
}

describe('depthwiseConv', () => {
  const table: [string, Shape, number[], DepthwiseConvAttributes][] = [
    ['3×3, same', [1, 17, 19, 32], [3, 3], { padding: 'same' }],
    ['3×3, same, stride 2, even', [1, 16, 16, 8], [3, 3], { padding: 'same', stride: 2 }],
    ['3×3, same, stride 2, odd, batch 3', [3, 17, 23, 8], [3, 3], { padding: 'same', stride: 2 }],
    ['3×3, valid, exactly one tile', [2, 3, 6, 4], [3, 3], {}],
    ['3×3, valid, stride 2, exactly one tile', [1, 3, 9, 12], [3, 3], { stride: 2 }],
    ['3×3, too narrow for a tile', [1, 5, 5, 8], [3, 3], {}],
    ['3×3, one pixel', [1, 1, 1, 8], [3, 3], { padding: 'same' }],
    ['3×3, odd channels', [1, 9, 11, 7], [3, 3], { padding: 'same' }],
    ['3×3, fewer channels than lanes', [1, 9, 11, 3], [3, 3], { padding: 'same', stride: 2 }],
    ['3×3, dilated', [1, 13, 13, 8], [3, 3], { padding: 'same', dilation: [2, 3] }],
    ['3×3, dilated down only', [1, 13, 13, 8], [3, 3], { padding: 'same', dilation: [3, 1] }],
    ['3×3, unequal strides', [1, 13, 31, 8], [3, 3], { padding: 'same', stride: [3, 2] }],
    ['3×3, padding beyond the window', [1, 4, 6, 8], [3, 3], { padding: 5 }],
    [
      '3×3, padding by side',
      [1, 8, 9, 4],
      [3, 3],
      {
        padding: [
          [0, 2],
          [3, 1],
        ],
      },
    ],
    ['5×5', [1, 11, 12, 9], [5, 5], { padding: 'same' }],
    ['2×5, stride 3', [1, 10, 17, 4], [2, 5], { stride: [1, 3], padding: 'same-before' }],
    ['1×1', [2, 3, 5, 17], [1, 1], {}],
    ['1D', [2, 33, 5], [7], { stride: 2, padding: 'same' }],
    ['1D, dilated', [1, 40, 16], [3], { dilation: 4, padding: 'same' }],
    ['3D', [2, 5, 6, 11, 4], [3, 3, 3], { padding: 'same' }],
    ['3D, padding beyond the window', [1, 2, 3, 2, 5], [1, 2, 2], { padding: 2 }],
    ['3D, strided, unequal', [1, 6, 7, 9, 3], [2, 3, 4], { stride: [1, 2, 3], padding: 1 }],
    ['3D, dilated in depth', [2, 9, 4, 5, 17], [3, 1, 2], { dilation: [3, 1, 2], padding: 'same' }],
    ['enough for several pieces', [1, 70, 70, 48], [3, 3], { padding: 'same' }],
    ['enough for several pieces, strided', [1, 102, 101, 96], [3, 3], { padding: 'same', stride: 2 }],
  ];
  it.each(table)('%s, forward and backward', (_, input, kernel, attributes) => {
    expect(errorOf(input, kernel, attributes)).toBeLessThan(tolerance.sum);
  });

  it('agrees with its definition for any shape, in every rank, forward and backward', () => {
    fc.assert(
      fc.property(anyWindow, ({ batch, sizes, kernel, stride, dilation, c, padding, seed }) => {
        const error = errorOf([batch, ...sizes, c], kernel, { stride, dilation, padding }, seed);
        expect(error).toBeLessThan(tolerance.sum);
      }),
      { numRuns: 200 },
    );
  });

  it('has an oracle whose gradients are true', () => {
    const tensors = { x0: tensor([2, 4, 5, 2], 1), filters: tensor([2, 3, 2, 1], 2), bias: tensor([2], 3) };
    expectTrueGradients(depthwiseConvOracle, tensors, { stride: [1, 2], dilation: [2, 1], padding: 'same' });
  });

  it.each([1, 2])('is linear at stride %i: ⟨conv(x), y⟩ = ⟨x, convᵀ(y)⟩', (stride) => {
    const x = tensor([2, 12, 13, 8], 3);
    const filters = tensor([3, 3, 8, 1], 4);
    const { values, gradient, gradients } = runGradient(depthwiseConv, [x], { stride, padding: 'same' }, { filters });
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, v, i) => sum + v * b[i]!, 0);
    expect(dot(values, gradient)).toBeCloseTo(dot(x.values, gradients.nodes.x0!), 3);
  });

  it('agrees with its definition for any 3×3 map, so for every number of tiles and both edges', () => {
    const size = fc.integer({ min: 1, max: 24 });
    fc.assert(
      fc.property(
        size,
        size,
        fc.constantFrom(4, 8, 12),
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom('same' as const, 1, 2),
        fc.nat(),
        (h, w, c, stride, padding, seed) => {
          expect(errorOf([2, h, w, c], [3, 3], { stride, padding }, seed)).toBeLessThan(tolerance.sum);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('gives a pixel the same bits in a tile and outside of one', () => {
    const filters = tensor([3, 3, 8, 1], 2);
    const wide = tensor([1, 3, 9, 8], 1);
    const tiled = runOp(depthwiseConv, [wide], {}, { filters }).values;
    for (let x = 0; x < 7; x++) {
      const values = Array.from({ length: 3 }, (_, y) => wide.values.slice((y * 9 + x) * 8, (y * 9 + x + 3) * 8));
      const alone = { shape: [1, 3, 3, 8], values: values.flatMap((row) => [...row]) };
      expect(runOp(depthwiseConv, [alone], {}, { filters }).values).toEqual(tiled.slice(x * 8, x * 8 + 8));
    }
  });

  it('keeps NaN, and only where its windows see one', () => {
    const x = tensor([1, 5, 9, 4], 3);
    x.values[(2 * 9 + 4) * 4 + 1] = Number.NaN;
    const { values } = runOp(depthwiseConv, [x], { padding: 'same' }, { filters: tensor([3, 3, 4, 1], 4) });
    const seen = [...values].flatMap((value, i) => (Number.isNaN(value) ? [i] : []));
    const expected = [1, 2, 3].flatMap((row) => [3, 4, 5].map((column) => (row * 9 + column) * 4 + 1));
    expect(seen).toEqual(expected);
  });

  it('takes an affine and an activation behind it', () => {
    const [c, x] = [9, tensor([1, 7, 8, 9], 5)];
    const parameters = {
      w: tensor([3, 3, c, 1], 6),
      b: tensor([c], 7),
      s: tensor([c], 8),
      t: tensor([c], 9),
    };
    const graph = new Graph();
    const attributes = { padding: 'same' } as const;
    const conv = graph.apply(depthwiseConv, [graph.input('x')], {
      attributes,
      parameters: { filters: 'w', bias: 'b' },
    });
    const scaled = graph.apply(affine, [conv], { parameters: { scale: 's', shift: 't' } });
    graph.apply(clip, [scaled], { name: 'y', attributes: { lo: 0, hi: 0.5 } });
    const plan = new Plan(graph, { parameters: parametersOf(parameters), inputs: { x: x.shape } });
    expect(plan.steps.length).toBe(1);
    const sums = depthwiseConvOracle.forward({ x0: x, filters: parameters.w, bias: parameters.b }, attributes);
    const expected = affineOracle(sums, parameters.s.values, parameters.t.values).map((v) =>
      Math.min(Math.max(v, 0), 0.5),
    );
    expect(relativeError(plan.run({ x: x.values }).y!, expected)).toBeLessThan(tolerance.sum);
  });

  describe('against tfjs', () => {
    beforeAll(() => tf.setBackend('cpu'));
    it.each([
      ['same', 1, 1],
      ['same', 2, 1],
      ['valid', 2, 1],
      ['same', 1, 2],
    ] as const)('padding %s, stride %i, dilation %i', (padding, stride, dilation) => {
      const x = tensor([2, 11, 14, 8], 7);
      const w = tensor([3, 3, 8, 1], 8);
      const expected = tf.depthwiseConv2d(
        tf.tensor4d(x.values, [2, 11, 14, 8]),
        tf.tensor4d(w.values, [3, 3, 8, 1]),
        stride,
        padding,
        'NHWC',
        dilation,
      );
      const { values, shape } = runOp(depthwiseConv, [x], { stride, padding, dilation }, { filters: w });
      expect(shape).toEqual(expected.shape);
      expect(relativeError(values, expected.dataSync())).toBeLessThan(tolerance.sum);
    });
    it.each([1, 2])('gradients at stride %i', (stride) => {
      const [x, w] = [tensor([2, 11, 14, 5], 7), tensor([3, 3, 5, 1], 8)];
      const forward = (value: tf.Tensor, filters: tf.Tensor) =>
        tf.depthwiseConv2d(value as tf.Tensor4D, filters as tf.Tensor4D, stride, 'same');
      const { gradient, gradients, shape } = runGradient(
        depthwiseConv,
        [x],
        { stride, padding: 'same' },
        { filters: w },
      );
      const [dx, dw] = tf.grads(forward)(
        [tf.tensor4d(x.values, [2, 11, 14, 5]), tf.tensor4d(w.values, [3, 3, 5, 1])],
        tf.tensor(gradient, [...shape]),
      );
      expect(relativeError(gradients.nodes.x0!, dx!.dataSync())).toBeLessThan(tolerance.sum);
      expect(relativeError(gradients.parameters.filters!, dw!.dataSync())).toBeLessThan(tolerance.sum);
    });
  });

  it.each([
    [
      'channels',
      [1, 8, 8, 3],
      [3, 3, 4, 1],
      {},
      'depthwiseConv: input has 3 channels, filters expect 4 (input [1,8,8,3], filters [3,3,4,1])',
    ],
    [
      'multiplier',
      [1, 8, 8, 3],
      [3, 3, 3, 2],
      {},
      'depthwiseConv: filters of input [1,8,8,3] must be [kh,kw,C,1], got [3,3,3,2]',
    ],
    ['rank', [8, 3], [3, 3, 3, 1], {}, 'depthwiseConv: input must be one [N,W,C], [N,H,W,C] or [N,D,H,W,C], got [8,3]'],
    [
      'filter rank',
      [8, 8, 3],
      [3, 3, 3, 1],
      {},
      'depthwiseConv: filters of input [8,8,3] must be [kw,C,1], got [3,3,3,1]',
    ],
    ['window', [1, 2, 8, 3], [3, 3, 3, 1], {}, 'depthwiseConv: a window of 3 does not fit an input of 2'],
    ['stride', [1, 8, 8, 3], [3, 3, 3, 1], { stride: 0 }, 'depthwiseConv: stride must be a whole number'],
  ] as const)('refuses wrong %s', (_, input, filters, attributes, message) => {
    const run = () => runOp(depthwiseConv, [tensor(input, 1)], attributes, { filters: tensor(filters, 2) });
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(message);
  });

  it('refuses a bias of another length', () => {
    const parameters = { filters: tensor([3, 3, 4, 1], 2), bias: tensor([3], 3) };
    expect(() => runOp(depthwiseConv, [tensor([1, 8, 8, 4], 1)], {}, parameters)).toThrow(
      'depthwiseConv: bias must be [4], got [3]',
    );
  });
});
