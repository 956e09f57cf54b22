import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import type { Shape } from '../../../src/core/shape.ts';
import { Graph } from '../../../src/graph/graph.ts';
import { affine } from '../../../src/graph/ops/affine.ts';
import { conv } from '../../../src/graph/ops/conv.ts';
import { leakyRelu } from '../../../src/graph/ops/leaky-relu.ts';
import { parametersOf } from '../../../src/graph/parameters.ts';
import { Plan } from '../../../src/graph/plan.ts';
import { affineOp, affineOracle } from '../../oracle/elementwise.ts';
import { magnitudesOf, relativeError, tolerance } from '../../support/compare.ts';
import { errorOfOp, expectTrueGradients, tensor } from '../../support/op-oracle.ts';
import { randomArray } from '../../support/random.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

describe('affine', () => {
  it('agrees with its definition for any shape', () => {
    const size = fc.integer({ min: 1, max: 7 });
    fc.assert(
      fc.property(
        fc.array(size, { maxLength: 3 }),
        fc.constantFrom(1, 3, 4, 5, 8, 9, 17),
        fc.nat(),
        (outer, c, seed) => {
          const x = tensor([...outer, c], seed);
          const [scale, shift] = [tensor([c], seed + 1), tensor([c], seed + 2)];
          const { values, shape } = runOp(affine, [x], {}, { scale, shift });
          expect(shape).toEqual(x.shape);
          const exact = [x.values, scale.values, shift.values] as const;
          const expected = affineOracle(...exact);
          const [magnitudes, scales, shifts] = exact.map(magnitudesOf);
          const unsigned = affineOracle(magnitudes!, scales!, shifts!);
          expect(relativeError(values, expected, unsigned)).toBeLessThan(tolerance.elementwise);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is folded into a linear op in front of it', () => {
    const parameters = { w: tensor([3, 3, 4, 9], 1), s: tensor([9], 2), t: tensor([9], 3) };
    const x = tensor([1, 5, 6, 4], 4);
    const graph = new Graph();
    const attributes = { padding: 'same' } as const;
    const linear = graph.apply(conv, [graph.input('x')], { name: 'conv', attributes, parameters: { filters: 'w' } });
    graph.apply(affine, [linear], { name: 'y', parameters: { scale: 's', shift: 't' } });
    const options = { parameters: parametersOf(parameters), inputs: { x: x.shape } };
    const folded = new Plan(graph, options);
    const apart = new Plan(graph, { ...options, outputs: ['conv', 'y'] });
    expect([folded.steps.length, apart.steps.length]).toEqual([1, 2]);
    const expected = apart.run({ x: x.values });
    expect(relativeError(folded.run({ x: x.values }).y!, expected.y!)).toBeLessThan(tolerance.sum);
    const defined = affineOracle(expected.conv!, parameters.s.values, parameters.t.values);
    expect(relativeError(expected.y!, defined)).toBeLessThan(tolerance.elementwise);
  });

  it('takes an activation behind it', () => {
    const parameters = { s: tensor([5], 1), t: tensor([5], 2) };
    const x = tensor([7, 5], 3);
    const graph = new Graph();
    const scaled = graph.apply(affine, [graph.input('x')], { parameters: { scale: 's', shift: 't' } });
    graph.apply(leakyRelu, [scaled], { name: 'y', attributes: { slope: 0.25 } });
    const plan = new Plan(graph, { parameters: parametersOf(parameters), inputs: { x: x.shape } });
    expect(plan.steps.length).toBe(1);
    const sums = affineOracle(x.values, parameters.s.values, parameters.t.values);
    const expected = sums.map((value) => Math.max(value, 0.25 * value));
    expect(relativeError(plan.run({ x: x.values }).y!, expected)).toBeLessThan(tolerance.elementwise);
  });

  it('agrees with the batch normalisation of tfjs', async () => {
    await tf.setBackend('cpu');
    const x = tensor([2, 3, 5, 7], 1);
    const [mean, beta, gamma] = [tensor([7], 2), tensor([7], 3), tensor([7], 4)];
    const variance = randomArray(7, 5).map((value) => value + 1.5);
    const expected = tf.batchNorm(
      tf.tensor4d(x.values, [2, 3, 5, 7]),
      tf.tensor1d(mean.values),
      tf.tensor1d(variance),
      tf.tensor1d(beta.values),
      tf.tensor1d(gamma.values),
      1e-3,
    );
    const scale = gamma.values.map((value, c) => value / Math.sqrt(variance[c]! + 1e-3));
    const shift = beta.values.map((value, c) => value - mean.values[c]! * scale[c]!);
    const parameters = { scale: { shape: [7], values: scale }, shift: { shape: [7], values: shift } };
    expect(relativeError(runOp(affine, [x], {}, parameters).values, expected.dataSync())).toBeLessThan(tolerance.sum);
  });

  it('keeps NaN', () => {
    const x = { shape: [2, 5], values: [1, Number.NaN, 2, 3, Number.NaN, 4, 5, 6, 7, 8] };
    const parameters = { scale: tensor([5], 1), shift: tensor([5], 2) };
    const seen = [...runOp(affine, [x], {}, parameters).values].flatMap((value, i) => (Number.isNaN(value) ? [i] : []));
    expect(seen).toEqual([1, 4]);
  });

  it.each<[string, Shape, Shape, Shape, string]>([
    ['scale', [2, 5], [4], [5], 'affine: scale must be [5] for input [2,5], got [4]'],
    ['shift', [2, 5], [5], [1, 5], 'affine: shift must be [5] for input [2,5], got [1,5]'],
  ])('refuses wrong %s', (_, input, scale, shift, message) => {
    const run = () => runOp(affine, [tensor(input, 1)], {}, { scale: tensor(scale, 2), shift: tensor(shift, 3) });
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(message);
  });

  it('has the gradients of its definition, and of tfjs', async () => {
    const tensors = { x0: tensor([3, 4], 1), scale: tensor([4], 2), shift: tensor([4], 3) };
    expectTrueGradients(affineOp, tensors, {});
    for (const c of [1, 3, 4, 5, 8, 9, 17, 35]) {
      const wide = { x0: tensor([2, 3, c], 1), scale: tensor([c], 2), shift: tensor([c], 3) };
      expect(errorOfOp(affine, affineOp, wide, {})).toBeLessThan(tolerance.elementwise);
    }
    await tf.setBackend('cpu');
    const { x0, scale, shift } = tensors;
    const { gradient, gradients } = runGradient(affine, [x0], {}, { scale, shift });
    const expected = tf.grads((x: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => tf.add(tf.mul(x, a), b))(
      [tf.tensor2d(x0.values, [3, 4]), tf.tensor1d(scale.values), tf.tensor1d(shift.values)],
      tf.tensor2d(gradient, [3, 4]),
    );
    const ours = [gradients.nodes.x0!, gradients.parameters.scale!, gradients.parameters.shift!];
    for (const [i, mine] of ours.entries())
      expect(relativeError(mine, expected[i]!.dataSync())).toBeLessThan(tolerance.elementwise);
  });
});
