import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { elementsOf, type Shape } from '../../../src/core/shape.ts';
import { type PadAttributes, pad } from '../../../src/graph/ops/pad.ts';
import { padOracle } from '../../oracle/elementwise.ts';
import { randomArray } from '../../support/random.ts';
import { runOp } from '../../support/run-op.ts';

const tensor = (shape: Shape, seed: number) => ({ shape, values: randomArray(elementsOf(shape), seed) });

describe('pad', () => {
  it.each<[string, Shape, PadAttributes]>([
    ['one axis', [5], { before: [2], after: [3] }],
    ['a row and a column after', [1, 3, 3, 8], { before: [0, 0, 0, 0], after: [0, 1, 1, 0] }],
    ['channels after', [2, 3, 4, 5], { before: [0, 0, 0, 0], after: [0, 0, 0, 5] }],
    ['the outermost axis', [2, 3, 4], { before: [1, 0, 0], after: [2, 0, 0] }],
    ['a middle axis', [2, 3, 4, 5], { before: [0, 2, 0, 0], after: [0, 0, 0, 0] }],
    ['nothing', [2, 3, 4, 5], { before: [0, 0, 0, 0], after: [0, 0, 0, 0] }],
    ['everything', [2, 3, 1, 5], { before: [1, 2, 3, 4], after: [4, 3, 2, 1] }],
  ])('%s', (_, shape, attributes) => {
    const x = tensor(shape, 1);
    const result = runOp(pad, [x], attributes);
    expect(result.shape).toEqual(shape.map((size, i) => attributes.before[i]! + size + attributes.after[i]!));
    expect(result.values).toEqual(Float32Array.from(padOracle(x, attributes.before, attributes.after)));
  });

  it('agrees with its definition for any shape', () => {
    const axis = fc.record({
      size: fc.integer({ min: 1, max: 5 }),
      before: fc.integer({ min: 0, max: 3 }),
      after: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(axis, { minLength: 1, maxLength: 4 }), fc.nat(), (axes, seed) => {
        const shape = axes.map(({ size }) => size);
        const attributes = { before: axes.map(({ before }) => before), after: axes.map(({ after }) => after) };
        const x = tensor(shape, seed);
        const expected = Float32Array.from(padOracle(x, attributes.before, attributes.after));
        expect(runOp(pad, [x], attributes).values).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  it('agrees with tfjs', async () => {
    await tf.setBackend('cpu');
    const x = tensor([2, 3, 4, 5], 1);
    const expected = tf.pad4d(tf.tensor4d(x.values, [2, 3, 4, 5]), [
      [0, 1],
      [2, 0],
      [1, 1],
      [0, 3],
    ]);
    const { values, shape } = runOp(pad, [x], { before: [0, 2, 1, 0], after: [1, 0, 1, 3] });
    expect(shape).toEqual(expected.shape);
    expect(values).toEqual(expected.dataSync());
  });

  it.each<[string, Shape, PadAttributes, string]>([
    [
      'rank',
      [1, 1, 1, 1, 1],
      { before: [], after: [] },
      'pad: input must be one tensor of 1 to 4 axes, got [1,1,1,1,1]',
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
  ])('refuses wrong %s', (_, shape, attributes, message) => {
    const run = () => runOp(pad, [tensor(shape, 1)], attributes);
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(message);
  });
});
