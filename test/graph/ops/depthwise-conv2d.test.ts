import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { elementsOf, type Shape } from '../../../src/core/shape.ts';
import { resolveWindow } from '../../../src/core/window.ts';
import { Graph } from '../../../src/graph/graph.ts';
import { affine } from '../../../src/graph/ops/affine.ts';
import { clip } from '../../../src/graph/ops/clip.ts';
import { type DepthwiseConv2dAttributes, depthwiseConv2d } from '../../../src/graph/ops/depthwise-conv2d.ts';
import { parametersOf } from '../../../src/graph/parameters.ts';
import { Plan } from '../../../src/graph/plan.ts';
import { convolution } from '../../oracle/convolution.ts';
import { affineOracle } from '../../oracle/elementwise.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { randomArray } from '../../support/random.ts';
import { runOp, type Tensor } from '../../support/run-op.ts';

const tensor = (shape: Shape, seed: number) => ({ shape, values: randomArray(elementsOf(shape), seed) });

/** A depthwise convolution is one in as many groups as there are channels. */
function expectedOf(x: Tensor, filters: Tensor, bias: ArrayLike<number>, attributes: DepthwiseConv2dAttributes) {
  const [kh, kw, c] = filters.shape as [number, number, number];
  const window = resolveWindow('depthwiseConv2d', x.shape, [kh, kw], attributes);
  return convolution({ x, filters: { ...filters, shape: [kh, kw, 1, c] }, window, groups: c }, bias);
}

function errorOf(input: Shape, kernel: readonly [number, number], attributes: DepthwiseConv2dAttributes, seed = 1) {
  const c = input[3]!;
  const x = tensor(input, seed);
  const filters = tensor([...kernel, c, 1], seed + 1);
  const bias = tensor([c], seed + 2);
  const { values } = runOp(depthwiseConv2d, [x], attributes, { filters, bias });
  return relativeError(values, expectedOf(x, filters, bias.values, attributes));
}

describe('depthwiseConv2d', () => {
  const table: [string, Shape, [number, number], DepthwiseConv2dAttributes][] = [
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
  ];
  it.each(table)('%s', (_, input, kernel, attributes) => {
    expect(errorOf(input, kernel, attributes)).toBeLessThan(tolerance.sum);
  });

  it('agrees with its definition for any shape', () => {
    const size = fc.integer({ min: 1, max: 13 });
    const small = fc.integer({ min: 1, max: 4 });
    const cases = fc.record({
      batch: fc.integer({ min: 1, max: 3 }),
      h: size,
      w: size,
      c: fc.constantFrom(1, 3, 4, 5, 8, 9, 16, 17),
      kh: small,
      kw: small,
      stride: fc.tuple(small, small),
      dilation: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
      padding: fc.constantFrom('same' as const, 'same-before' as const, 4),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(cases, ({ batch, h, w, c, kh, kw, stride, dilation, padding, seed }) => {
        const error = errorOf([batch, h, w, c], [kh, kw], { stride, dilation, padding }, seed);
        expect(error).toBeLessThan(tolerance.sum);
      }),
      { numRuns: 300 },
    );
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
      { numRuns: 300 },
    );
  });

  it('gives a pixel the same bits in a tile and outside of one', () => {
    const filters = tensor([3, 3, 8, 1], 2);
    const wide = tensor([1, 3, 9, 8], 1);
    const tiled = runOp(depthwiseConv2d, [wide], {}, { filters }).values;
    for (let x = 0; x < 7; x++) {
      const values = Array.from({ length: 3 }, (_, y) => wide.values.slice((y * 9 + x) * 8, (y * 9 + x + 3) * 8));
      const alone = { shape: [1, 3, 3, 8], values: values.flatMap((row) => [...row]) };
      expect(runOp(depthwiseConv2d, [alone], {}, { filters }).values).toEqual(tiled.slice(x * 8, x * 8 + 8));
    }
  });

  it('keeps NaN, and only where its windows see one', () => {
    const x = tensor([1, 5, 9, 4], 3);
    x.values[(2 * 9 + 4) * 4 + 1] = Number.NaN;
    const { values } = runOp(depthwiseConv2d, [x], { padding: 'same' }, { filters: tensor([3, 3, 4, 1], 4) });
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
    const conv = graph.apply(depthwiseConv2d, [graph.input('x')], {
      attributes,
      parameters: { filters: 'w', bias: 'b' },
    });
    const scaled = graph.apply(affine, [conv], { parameters: { scale: 's', shift: 't' } });
    graph.apply(clip, [scaled], { name: 'y', attributes: { lo: 0, hi: 0.5 } });
    const plan = new Plan(graph, { parameters: parametersOf(parameters), inputs: { x: x.shape } });
    expect(plan.steps.length).toBe(1);
    const sums = expectedOf(x, parameters.w, parameters.b.values, attributes);
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
      const { values, shape } = runOp(depthwiseConv2d, [x], { stride, padding, dilation }, { filters: w });
      expect(shape).toEqual(expected.shape);
      expect(relativeError(values, expected.dataSync())).toBeLessThan(tolerance.sum);
    });
  });

  it.each([
    [
      'channels',
      [1, 8, 8, 3],
      [3, 3, 4, 1],
      {},
      'depthwiseConv2d: input has 3 channels, filters expect 4 (input [1,8,8,3], filters [3,3,4,1])',
    ],
    ['multiplier', [1, 8, 8, 3], [3, 3, 3, 2], {}, 'depthwiseConv2d: filters must be [kh,kw,C,1], got [3,3,3,2]'],
    ['rank', [8, 8, 3], [3, 3, 3, 1], {}, 'depthwiseConv2d: input must be one [N,H,W,C], got [8,8,3]'],
    ['window', [1, 2, 8, 3], [3, 3, 3, 1], {}, 'depthwiseConv2d: a window of 3 does not fit an input of 2'],
    ['stride', [1, 8, 8, 3], [3, 3, 3, 1], { stride: 0 }, 'depthwiseConv2d: stride must be a whole number'],
  ] as const)('refuses wrong %s', (_, input, filters, attributes, message) => {
    const run = () => runOp(depthwiseConv2d, [tensor(input, 1)], attributes, { filters: tensor(filters, 2) });
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(message);
  });

  it('refuses a bias of another length', () => {
    const parameters = { filters: tensor([3, 3, 4, 1], 2), bias: tensor([3], 3) };
    expect(() => runOp(depthwiseConv2d, [tensor([1, 8, 8, 4], 1)], {}, parameters)).toThrow(
      'depthwiseConv2d: bias must be [4], got [3]',
    );
  });
});
