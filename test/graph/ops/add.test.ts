import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { Graph } from '../../../src/graph/graph.ts';
import { add } from '../../../src/graph/ops/add.ts';
import { relu } from '../../../src/graph/ops/relu.ts';
import { parametersOf } from '../../../src/graph/parameters.ts';
import { plan } from '../../../src/graph/plan.ts';
import { addOp } from '../../oracle/elementwise.ts';
import { tolerance } from '../../support/compare.ts';
import { errorOfOp, expectTrueGradients, tensor } from '../../support/op-oracle.ts';
import { runOp } from '../../support/run-op.ts';
import { lengths } from '../../support/sizes.ts';

describe('add', () => {
  it.each(lengths)('agrees with tfjs at [3,%i]', async (n) => {
    await tf.setBackend('cpu');
    const [a, b] = [tensor([3, n], n), tensor([3, n], n + 1)];
    const expected = tf.add(tf.tensor2d(a.values, [3, n]), tf.tensor2d(b.values, [3, n])).dataSync();
    expect(runOp(add, [a, b], {}).values).toEqual(expected);
  });

  it('takes an activation behind it', () => {
    const [a, b] = [tensor([9], 1), tensor([9], 2)];
    const graph = new Graph();
    graph.apply(relu, [graph.apply(add, [graph.input('a'), graph.input('b')])], { name: 'y' });
    const made = plan(graph, { parameters: parametersOf({}), inputs: { a: [9], b: [9] } });
    expect(made.steps.length).toBe(1);
    const expected = a.values.map((value, i) => Math.max(value + b.values[i]!, 0));
    expect(made.run({ a: a.values, b: b.values }).y).toEqual(expected);
  });

  it('keeps NaN, and makes one of ∞ − ∞', () => {
    const a = { shape: [4], values: [Number.NaN, 1, Number.POSITIVE_INFINITY, 1] };
    const b = { shape: [4], values: [1, Number.NaN, Number.NEGATIVE_INFINITY, 1] };
    expect([...runOp(add, [a, b], {}).values]).toEqual([Number.NaN, Number.NaN, Number.NaN, 2]);
  });

  it('refuses two shapes', () => {
    const run = () => runOp(add, [tensor([2, 3], 1), tensor([3, 2], 2)], {});
    expect(run).toThrow(ShapeError);
    expect(run).toThrow('add: takes 2 inputs of one shape, got [2,3] and [3,2]');
  });

  it('gives its gradient to both sides, twice to one that is both', () => {
    expectTrueGradients(addOp, { x0: tensor([5], 1), x1: tensor([5], 2) }, {});
    for (const n of lengths)
      expect(errorOfOp(add, addOp, { x0: tensor([n], n), x1: tensor([n], n + 1) }, {})).toBeLessThan(
        tolerance.elementwise,
      );
    const graph = new Graph();
    const x = graph.input('x');
    graph.apply(add, [x, x], { name: 'y' });
    const made = plan(graph, { parameters: parametersOf({}), inputs: { x: [3] }, gradients: { nodes: ['x'] } });
    made.run({ x: Float32Array.of(1, 2, 3) });
    expect([...made.backward({ y: Float32Array.of(1, 2, 3) }).nodes.x!]).toEqual([2, 4, 6]);
    made.close();
  });
});
