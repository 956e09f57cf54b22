import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import type { Rule } from '../../../src/graph/op.ts';
import { prelu } from '../../../src/graph/ops/prelu.ts';
import { preluOp } from '../../oracle/elementwise.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { errorOfOp, expectTrueGradients, mapTensors, tensor } from '../../support/op-oracle.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

describe('prelu', () => {
  it('agrees with its definition for any shape, forward and backward', () => {
    const outer = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 3 });
    fc.assert(
      fc.property(outer, fc.constantFrom(1, 3, 4, 5, 8, 9, 17), fc.nat(), (sizes, c, seed) => {
        const tensors = { x0: tensor([...sizes, c], seed), slope: tensor([c], seed + 1) };
        const negative = mapTensors(tensors, (value) => -Math.abs(value));
        expect(errorOfOp(prelu, preluOp, tensors, {}, negative)).toBeLessThan(tolerance.sum);
      }),
      { numRuns: 100 },
    );
  });

  it('has an oracle whose gradients are true', () => {
    expectTrueGradients(preluOp, { x0: tensor([3, 4], 1), slope: tensor([4], 2) }, {});
  });

  it.each<[Rule, number[]]>([
    ['gradient', [2, -2, 1, -1, 1]],
    ['guided', [2, 0, 1, 0, 1]],
    ['deconvnet', [2, 0, 2, 0, 2]],
  ])('lets through what the rule %s says', (rule, expected) => {
    for (const lanes of [1, 4]) {
      const repeat = (values: number[]) => values.flatMap((value) => new Array<number>(lanes).fill(value));
      const x = { shape: [5, lanes], values: repeat([1, 1, -1, -1, 0]) };
      const slope = { shape: [lanes], values: new Array(lanes).fill(0.5) };
      const { gradient, gradients } = runGradient(prelu, [x], {}, { slope }, { rule });
      const factors = [...gradients.nodes.x0!].map((value, i) => value / gradient[i]!);
      // What each rule does to a gradient of 2, −2, 2, −2 and 2, from what it does to this one.
      const seed = repeat([2, -2, 2, -2, 2]);
      const scaled = seed.map((value, i) =>
        Math.sign(value) === Math.sign(gradient[i]!) ? factors[i]! * value : null,
      );
      for (const [i, value] of scaled.entries()) if (value !== null) expect(value).toBeCloseTo(repeat(expected)[i]!, 5);
    }
  });

  describe('against tfjs', () => {
    beforeAll(() => tf.setBackend('cpu'));
    it('values and gradients', () => {
      const [x, slope] = [tensor([3, 4, 5], 1), tensor([5], 2)];
      const { values, gradient, gradients } = runGradient(prelu, [x], {}, { slope });
      const forward = (value: tf.Tensor, alpha: tf.Tensor) => tf.prelu(value, alpha);
      const tensors = [tf.tensor3d(x.values, [3, 4, 5]), tf.tensor1d(slope.values)];
      expect(relativeError(values, forward(tensors[0]!, tensors[1]!).dataSync())).toBeLessThan(tolerance.elementwise);
      const [dx, da] = tf.grads(forward)(tensors, tf.tensor(gradient, [3, 4, 5]));
      expect(relativeError(gradients.nodes.x0!, dx!.dataSync())).toBeLessThan(tolerance.elementwise);
      expect(relativeError(gradients.parameters.slope!, da!.dataSync())).toBeLessThan(tolerance.sum);
    });
  });

  it('keeps NaN and lets its gradient through', () => {
    const x = { shape: [1, 5], values: [1, Number.NaN, -1, 0, Number.POSITIVE_INFINITY] };
    const { values, gradients } = runGradient(prelu, [x], {}, { slope: tensor([5], 1) });
    expect([...values].map(Number.isNaN)).toEqual([false, true, false, false, false]);
    expect([...gradients.nodes.x0!].every((value) => Number.isFinite(value) && value !== 0)).toBe(true);
    expect([...gradients.parameters.slope!].map(Number.isNaN)).toEqual([false, true, false, false, false]);
  });

  it('refuses a slope of another length', () => {
    const run = () => runOp(prelu, [tensor([2, 5], 1)], {}, { slope: tensor([4], 2) });
    expect(run).toThrow(ShapeError);
    expect(run).toThrow('prelu: slope must be [5] for input [2,5], got [4]');
  });
});
