import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import type { Shape } from '../../../src/core/shape.ts';
import { Graph } from '../../../src/graph/graph.ts';
import { type CropAttributes, crop } from '../../../src/graph/ops/crop.ts';
import { parametersOf } from '../../../src/graph/parameters.ts';
import { receptiveField } from '../../../src/graph/receptive-field.ts';
import { cropOracle } from '../../oracle/crop.ts';
import { errorOfOp, expectTrueGradients, tensor } from '../../support/op-oracle.ts';
import { runOp } from '../../support/run-op.ts';

describe('crop', () => {
  it('agrees with its definition for any shape, forward and backward', () => {
    const axis = fc.record({
      kept: fc.integer({ min: 1, max: 4 }),
      before: fc.integer({ min: 0, max: 3 }),
      after: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(axis, { minLength: 1, maxLength: 5 }), fc.nat(), (axes, seed) => {
        const attributes = { before: axes.map((a) => a.before), after: axes.map((a) => a.after) };
        const x0 = tensor(
          axes.map(({ kept, before, after }) => before + kept + after),
          seed,
        );
        expect(runOp(crop, [x0], attributes).shape).toEqual(axes.map(({ kept }) => kept));
        expect(errorOfOp(crop, cropOracle, { x0 }, attributes)).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it('has an oracle whose gradients are true', () => {
    expectTrueGradients(cropOracle, { x0: tensor([4, 5, 2], 1) }, { before: [2, 0, 1], after: [1, 3, 0] });
  });

  it('moves receptive fields', () => {
    const graph = new Graph();
    graph.apply(crop, [graph.input('x')], { name: 'y', attributes: { before: [0, 2, 3, 0], after: [0, 1, 0, 0] } });
    expect(receptiveField(graph, 'y', { inputs: { x: [1, 8, 8, 3] }, parameters: parametersOf({}) })).toEqual([
      { size: 1, stride: 1, padding: -2 },
      { size: 1, stride: 1, padding: -3 },
    ]);
  });

  it.each<[string, Shape, CropAttributes, string]>([
    ['rank', [1, 1, 1, 1, 1, 1], { before: [], after: [] }, 'crop: input must be one tensor of 1 to 5 axes'],
    [
      'length',
      [2, 3],
      { before: [1], after: [0, 0] },
      'crop: before must be a whole number of at least 0 for each axis of [2,3], got [1]',
    ],
    [
      'sign',
      [2, 3],
      { before: [1, 0], after: [0, -1] },
      'crop: after must be a whole number of at least 0 for each axis of [2,3], got [0,-1]',
    ],
    [
      'amount',
      [2, 3],
      { before: [1, 2], after: [0, 1] },
      'crop: something of each axis of [2,3] must be left, got before [1,2] and after [0,1]',
    ],
  ])('refuses wrong %s', (_, shape, attributes, message) => {
    const run = () => runOp(crop, [tensor(shape, 1)], attributes);
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(message);
  });
});
