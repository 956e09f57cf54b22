import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import type { Shape } from '../../../src/core/shape.ts';
import { Graph } from '../../../src/graph/graph.ts';
import { affine } from '../../../src/graph/ops/affine.ts';
import { dense } from '../../../src/graph/ops/dense.ts';
import { relu } from '../../../src/graph/ops/relu.ts';
import { parametersOf } from '../../../src/graph/parameters.ts';
import { Plan } from '../../../src/graph/plan.ts';
import { denseOracle } from '../../oracle/dense.ts';
import { affineOracle } from '../../oracle/elementwise.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { errorOfOp, expectTrueGradients, tensor } from '../../support/op-oracle.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

describe('dense', () => {
  it('agrees with its definition for any shape, forward and backward', () => {
    const rows = fc.integer({ min: 1, max: 9 });
    const sizes = fc.constantFrom(1, 3, 4, 5, 8, 9, 17, 31, 300);
    fc.assert(
      fc.property(rows, sizes, sizes, fc.boolean(), fc.nat(), (n, c, units, biased, seed) => {
        const linear = { x0: tensor([n, c], seed), filters: tensor([c, units], seed + 1) };
        const tensors = biased ? { ...linear, bias: tensor([units], seed + 2) } : linear;
        expect(errorOfOp(dense, denseOracle, tensors, {})).toBeLessThan(tolerance.sum);
      }),
      { numRuns: 100 },
    );
  });

  it('agrees with its definition where it is cut into pieces', () => {
    const tensors = { x0: tensor([37, 230], 1), filters: tensor([230, 260], 2), bias: tensor([260], 3) };
    expect(errorOfOp(dense, denseOracle, tensors, {})).toBeLessThan(tolerance.sum);
  });

  it('has an oracle whose gradients are true', () => {
    expectTrueGradients(denseOracle, { x0: tensor([3, 4], 1), filters: tensor([4, 5], 2), bias: tensor([5], 3) }, {});
  });

  it('takes an affine and an activation behind it', () => {
    const parameters = { w: tensor([7, 9], 1), s: tensor([9], 2), t: tensor([9], 3) };
    const x = tensor([5, 7], 4);
    const graph = new Graph();
    const product = graph.apply(dense, [graph.input('x')], { parameters: { filters: 'w' } });
    const scaled = graph.apply(affine, [product], { parameters: { scale: 's', shift: 't' } });
    graph.apply(relu, [scaled], { name: 'y' });
    const plan = new Plan(graph, { parameters: parametersOf(parameters), inputs: { x: x.shape } });
    expect(plan.steps.length).toBe(1);
    const products = denseOracle.forward({ x0: x, filters: parameters.w }, {});
    const expected = affineOracle(products, parameters.s.values, parameters.t.values);
    const positive = expected.map((value) => Math.max(value, 0));
    expect(relativeError(plan.run({ x: x.values }).y!, positive)).toBeLessThan(tolerance.sum);
  });

  it('agrees with tfjs, gradients too', async () => {
    await tf.setBackend('cpu');
    const [x, filters] = [tensor([5, 19], 1), tensor([19, 13], 2)];
    const { values, gradient, gradients } = runGradient(dense, [x], {}, { filters });
    const [input, weights] = [tf.tensor2d(x.values, [5, 19]), tf.tensor2d(filters.values, [19, 13])];
    expect(relativeError(values, tf.matMul(input, weights).dataSync())).toBeLessThan(tolerance.sum);
    const [dx, dw] = tf.grads((a: tf.Tensor, b: tf.Tensor) => tf.matMul(a, b))(
      [input, weights],
      tf.tensor2d(gradient, [5, 13]),
    );
    expect(relativeError(gradients.nodes.x0!, dx!.dataSync())).toBeLessThan(tolerance.sum);
    expect(relativeError(gradients.parameters.filters!, dw!.dataSync())).toBeLessThan(tolerance.sum);
  });

  it('keeps NaN in its own row', () => {
    const x = tensor([5, 3], 1);
    x.values[4] = Number.NaN;
    const { values } = runOp(dense, [x], {}, { filters: tensor([3, 9], 2) });
    expect([...values].map(Number.isNaN)).toEqual(Array.from({ length: 45 }, (_, i) => i >= 9 && i < 18));
  });

  it.each<[string, Shape, Shape, Shape, string]>([
    ['rank', [1, 2, 2, 3], [3, 4], [4], 'dense: input must be one [N,C], got [1,2,2,3]'],
    ['filters', [2, 3], [1, 3, 4], [4], 'dense: filters must be [C,Co], got [1,3,4]'],
    ['channels', [2, 3], [4, 5], [5], 'dense: input has 3 channels, filters expect 4 (input [2,3], filters [4,5])'],
    ['bias', [2, 3], [3, 5], [4], 'dense: bias must be [5], got [4]'],
  ])('refuses wrong %s', (_, input, filters, bias, message) => {
    const run = () => runOp(dense, [tensor(input, 1)], {}, { filters: tensor(filters, 2), bias: tensor(bias, 3) });
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(message);
  });
});
