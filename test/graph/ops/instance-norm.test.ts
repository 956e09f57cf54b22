import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { instanceNorm } from '../../../src/graph/ops/instance-norm.ts';
import { instanceNormOracle } from '../../oracle/normalize.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { errorOfOp, expectTrueGradients, tensor } from '../../support/op-oracle.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

describe('instanceNorm', () => {
  it('agrees with its definition for any shape of any rank, forward and backward', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 });
    const batches = fc.integer({ min: 1, max: 3 });
    fc.assert(
      fc.property(
        batches,
        sizes,
        fc.constantFrom(1, 3, 4, 5, 8, 9, 17),
        fc.boolean(),
        fc.nat(),
        (n, spatial, c, bare, seed) => {
          // Of n rows, n − 2 directions have a gradient: of few rows, it may be what rounding leaves of it.
          const x0 = tensor([n, ...spatial, 8, c], seed);
          const tensors = bare ? { x0 } : { x0, scale: tensor([c], seed + 1), shift: tensor([c], seed + 2) };
          expect(errorOfOp(instanceNorm, instanceNormOracle, tensors, {})).toBeLessThan(tolerance.sum);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('has an oracle whose gradients are true', () => {
    const tensors = { x0: tensor([2, 2, 3, 2], 1), scale: tensor([2], 2), shift: tensor([2], 3) };
    expectTrueGradients(instanceNormOracle, tensors, { epsilon: 1e-3 });
  });

  it('treats each item by itself', () => {
    const [a, b] = [tensor([1, 6, 5], 1), tensor([1, 6, 5], 2)];
    const both = runOp(instanceNorm, [{ shape: [2, 6, 5], values: [...a.values, ...b.values] }], {}).values;
    const each = [a, b].flatMap((x) => [...runOp(instanceNorm, [x], {}).values]);
    expect([...both]).toEqual(each);
  });

  describe('against tfjs', () => {
    beforeAll(() => tf.setBackend('cpu'));
    it('values and gradients', () => {
      const [x, scale, shift] = [tensor([3, 4, 5, 6], 1), tensor([6], 2), tensor([6], 3)];
      const { values, gradient, gradients } = runGradient(instanceNorm, [x], { epsilon: 1e-3 }, { scale, shift });
      const forward = (value: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => {
        const { mean, variance } = tf.moments(value, [1, 2], true);
        return tf.add(tf.mul(tf.div(tf.sub(value, mean), tf.sqrt(tf.add(variance, 1e-3))), a), b);
      };
      const tensors = [tf.tensor4d(x.values, [3, 4, 5, 6]), tf.tensor1d(scale.values), tf.tensor1d(shift.values)];
      const [input, a, b] = tensors as [tf.Tensor, tf.Tensor, tf.Tensor];
      expect(relativeError(values, forward(input, a, b).dataSync())).toBeLessThan(tolerance.sum);
      const expected = tf.grads(forward)(tensors, tf.tensor(gradient, [3, 4, 5, 6]));
      const ours = [gradients.nodes.x0!, gradients.parameters.scale!, gradients.parameters.shift!];
      for (const [i, mine] of ours.entries())
        expect(relativeError(mine, expected[i]!.dataSync())).toBeLessThan(tolerance.sum);
    });
  });

  it('keeps NaN in its own channel of its own item', () => {
    const x = tensor([2, 3, 5], 1);
    x.values[7] = Number.NaN;
    const { values, gradients } = runGradient(instanceNorm, [x], {});
    const expected = Array.from({ length: 30 }, (_, i) => i < 15 && i % 5 === 2);
    expect([...values].map(Number.isNaN)).toEqual(expected);
    expect([...gradients.nodes.x0!].map(Number.isNaN)).toEqual(expected);
  });

  it('refuses what it cannot normalise', () => {
    const run = (shape: number[], parameters = {}) => runOp(instanceNorm, [tensor(shape, 1)], {}, parameters);
    expect(() => run([2, 3])).toThrow(ShapeError);
    expect(() => run([2, 3])).toThrow('instanceNorm: input must be one [N, …spatial, C], got [2,3]');
    expect(() => run([2, 1, 1, 3])).toThrow('instanceNorm: needs two spatial cells or more, got [2,1,1,3]');
    expect(() => run([2, 4, 3], { shift: tensor([2], 1) })).toThrow('instanceNorm: shift must be [3]');
  });
});
