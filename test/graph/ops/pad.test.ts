import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import type { Shape } from '../../../src/core/shape.ts';
import { type PadAttributes, pad } from '../../../src/graph/ops/pad.ts';
import { padOracle } from '../../oracle/pad.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { errorOfOp, expectTrueGradients, tensor } from '../../support/op-oracle.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

describe('pad', () => {
  it.each<[string, Shape, PadAttributes]>([
    ['one axis', [5], { before: [2], after: [3] }],
    ['a row and a column after', [1, 3, 3, 8], { before: [0, 0, 0, 0], after: [0, 1, 1, 0] }],
    ['channels after', [2, 3, 4, 5], { before: [0, 0, 0, 0], after: [0, 0, 0, 5] }],
    ['the outermost axis', [2, 3, 4], { before: [1, 0, 0], after: [2, 0, 0] }],
    ['a middle axis', [2, 3, 4, 5], { before: [0, 2, 0, 0], after: [0, 0, 0, 0] }],
    ['nothing', [2, 3, 4, 5], { before: [0, 0, 0, 0], after: [0, 0, 0, 0] }],
    ['everything', [2, 3, 1, 5], { before: [1, 2, 3, 4], after: [4, 3, 2, 1] }],
    ['five axes', [2, 1, 3, 2, 3], { before: [1, 0, 2, 1, 0], after: [0, 3, 1, 2, 2] }],
    ['a mirror', [1, 4, 5, 3], { before: [0, 3, 1, 0], after: [0, 2, 4, 0], mode: 'reflect' }],
    ['a mirror on five axes', [2, 3, 2, 4, 3], { before: [1, 2, 1, 3, 0], after: [1, 1, 0, 2, 2], mode: 'reflect' }],
  ])('%s, forward and backward', (_, shape, attributes) => {
    const x = tensor(shape, 1);
    const result = runOp(pad, [x], attributes);
    expect(result.shape).toEqual(shape.map((size, i) => attributes.before[i]! + size + attributes.after[i]!));
    expect(errorOfOp(pad, padOracle, { x0: x }, attributes)).toBeLessThan(tolerance.elementwise);
  });

  it('agrees with its definition for any shape, forward and backward', () => {
    const axis = fc.record({
      size: fc.integer({ min: 1, max: 5 }),
      before: fc.integer({ min: 0, max: 3 }),
      after: fc.integer({ min: 0, max: 3 }),
    });
    const axes = fc.array(axis, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(axes, fc.constantFrom('zero' as const, 'reflect' as const), fc.nat(), (axes, mode, seed) => {
        const cells = (side: 'before' | 'after') =>
          axes.map((axis) => (mode === 'reflect' ? Math.min(axis[side], axis.size - 1) : axis[side]));
        const x0 = tensor(
          axes.map(({ size }) => size),
          seed,
        );
        const attributes = { before: cells('before'), after: cells('after'), mode };
        expect(errorOfOp(pad, padOracle, { x0 }, attributes)).toBeLessThan(tolerance.elementwise);
      }),
      { numRuns: 150 },
    );
  });

  it.each(['zero', 'reflect'] as const)('has an oracle whose gradients are true (%s)', (mode) => {
    expectTrueGradients(padOracle, { x0: tensor([3, 4, 2], 1) }, { before: [2, 0, 1], after: [1, 3, 0], mode });
  });

  it('keeps NaN, and shows it wherever it is mirrored', () => {
    const x = { shape: [3], values: [1, Number.NaN, 2] };
    const { values } = runOp(pad, [x], { before: [1], after: [2], mode: 'reflect' });
    expect([...values]).toEqual([Number.NaN, 1, Number.NaN, 2, Number.NaN, 1]);
  });

  describe('against tfjs', () => {
    beforeAll(() => tf.setBackend('cpu'));
    const around: [number, number][] = [
      [0, 1],
      [2, 0],
      [1, 1],
      [0, 3],
    ];
    const attributes = { before: around.map(([before]) => before), after: around.map(([, after]) => after) };
    const x = tensor([2, 3, 4, 5], 1);
    const input = () => tf.tensor4d(x.values, [2, 3, 4, 5]);
    it('zeros, and their gradient', () => {
      const { values, shape, gradient, gradients } = runGradient(pad, [x], attributes);
      const expected = tf.pad(input(), around);
      expect(shape).toEqual(expected.shape);
      expect(values).toEqual(expected.dataSync());
      const dx = tf.grad((value) => tf.pad(value, around))(input(), tf.tensor(gradient, [...shape]));
      expect(relativeError(gradients.nodes.x0!, dx.dataSync())).toBe(0);
    });
    it('mirrors', () => {
      const { values } = runOp(pad, [x], { ...attributes, mode: 'reflect' });
      expect(values).toEqual(tf.mirrorPad(input(), around, 'reflect').dataSync());
    });
  });

  it.each<[string, Shape, PadAttributes, string]>([
    [
      'rank',
      [1, 1, 1, 1, 1, 1],
      { before: [], after: [] },
      'pad: input must be one tensor of 1 to 5 axes, got [1,1,1,1,1,1]',
    ],
    [
      'length',
      [2, 3],
      { before: [1], after: [0, 0] },
      'pad: before must be a whole number of at least 0 for each axis of [2,3], got [1]',
    ],
    [
      'sign',
      [2, 3],
      { before: [1, 0], after: [0, -1] },
      'pad: after must be a whole number of at least 0 for each axis of [2,3], got [0,-1]',
    ],
    ['attributes', [2, 3], {} as PadAttributes, 'pad: before must be a whole number'],
    [
      'mode',
      [2, 3],
      { before: [0, 0], after: [0, 0], mode: 'edge' } as unknown as PadAttributes,
      'pad: mode must be one of zero, reflect, got edge',
    ],
    [
      'mirror',
      [2, 3],
      { before: [0, 0], after: [0, 3], mode: 'reflect' },
      'pad: after must be less than each size of [2,3] to reflect, got [0,3]',
    ],
  ])('refuses wrong %s', (_, shape, attributes, message) => {
    const run = () => runOp(pad, [tensor(shape, 1)], attributes);
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(message);
  });
});
