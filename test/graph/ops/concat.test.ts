import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import type { Shape } from '../../../src/core/shape.ts';
import { concat } from '../../../src/graph/ops/concat.ts';
import { concatOracle } from '../../oracle/concat.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { errorOfOp, expectTrueGradients, tensor } from '../../support/op-oracle.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

describe('concat', () => {
  it('agrees with its definition for any inputs and axis, forward and backward', () => {
    const size = fc.integer({ min: 1, max: 5 });
    const cases = fc.record({
      shape: fc.array(size, { minLength: 1, maxLength: 4 }),
      along: fc.array(size, { minLength: 1, maxLength: 4 }),
      axis: fc.nat(3),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(cases, ({ shape, along, axis, seed }) => {
        fc.pre(axis < shape.length);
        const tensors = Object.fromEntries(
          along.map((n, i) => [
            `x${i}`,
            tensor(
              shape.map((size, at) => (at === axis ? n : size)),
              seed + i,
            ),
          ]),
        );
        expect(errorOfOp(concat, concatOracle, tensors, { axis })).toBe(0);
        if (axis === shape.length - 1) expect(errorOfOp(concat, concatOracle, tensors, {})).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  it('has an oracle whose gradients are true', () => {
    expectTrueGradients(concatOracle, { x0: tensor([2, 2, 3], 1), x1: tensor([2, 4, 3], 2) }, { axis: 1 });
  });

  it('is shown twice where it is given twice, and adds up both gradients', () => {
    const x = tensor([2, 3], 1);
    const { values } = runOp(concat, [x, x], {});
    expect([...values.slice(0, 6)]).toEqual([...x.values.slice(0, 3), ...x.values.slice(0, 3)]);
  });

  describe('against tfjs', () => {
    beforeAll(() => tf.setBackend('cpu'));
    it.each([0, 1, 2])('values and gradients along axis %i', (axis) => {
      const shapeOf = (n: number) => [2, 3, 4].map((size, i) => (i === axis ? n : size)) as [number, number, number];
      const [a, b] = [tensor(shapeOf(5), 1), tensor(shapeOf(3), 2)];
      const { values, shape, gradient, gradients } = runGradient(concat, [a, b], { axis });
      const forward = (x: tf.Tensor, y: tf.Tensor) => tf.concat([x, y], axis);
      const tensors = [tf.tensor(a.values, shapeOf(5)), tf.tensor(b.values, shapeOf(3))];
      const expected = forward(tensors[0]!, tensors[1]!);
      expect(shape).toEqual(expected.shape);
      expect(values).toEqual(expected.dataSync());
      const [da, db] = tf.grads(forward)(tensors, tf.tensor(gradient, [...shape]));
      expect(relativeError(gradients.nodes.x0!, da!.dataSync())).toBeLessThan(tolerance.elementwise);
      expect(relativeError(gradients.nodes.x1!, db!.dataSync())).toBeLessThan(tolerance.elementwise);
    });
  });

  it.each<[string, Shape[], number | undefined, string]>([
    [
      'sizes',
      [
        [2, 3],
        [3, 3],
      ],
      1,
      'concat: inputs must agree in all axes but 1, got [2,3] and [3,3]',
    ],
    [
      'ranks',
      [
        [2, 3],
        [2, 3, 1],
      ],
      1,
      'concat: inputs must agree in all axes but 1, got [2,3] and [2,3,1]',
    ],
    ['axis', [[2, 3]], 2, "concat: axis must be one of the inputs', from 0, got 2 for [2,3]"],
    ['inputs', [], undefined, "concat: axis must be one of the inputs', from 0"],
  ])('refuses wrong %s', (_, shapes, axis, message) => {
    const run = () => concat.shape(shapes, axis === undefined ? {} : { axis }, {});
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(message);
  });
});
