import { describe, expect, it } from 'vitest';
import { elementsOf } from '../../../src/core/shape.ts';
import { Graph } from '../../../src/graph/graph.ts';
import { flatten } from '../../../src/graph/ops/flatten.ts';
import { relu } from '../../../src/graph/ops/relu.ts';
import { parametersOf } from '../../../src/graph/parameters.ts';
import { plan } from '../../../src/graph/plan.ts';
import { tensor } from '../../support/op-oracle.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

describe('flatten', () => {
  it.each([[[1, 1]], [[3, 5]], [[2, 3, 4]], [[4, 3, 3, 8]], [[1, 2, 3, 4, 5]]])(
    '%j: values and gradient stay where they are',
    (shape) => {
      const x = tensor(shape, 1);
      const { values, shape: out, gradient, gradients } = runGradient(flatten, [x], {});
      expect(out).toEqual([shape[0], elementsOf(shape) / shape[0]!]);
      expect(values).toEqual(x.values);
      expect(gradients.nodes.x0).toEqual(gradient);
    },
  );

  it('copies where somebody else reads its input', () => {
    const graph = new Graph();
    const kept = graph.apply(relu, [graph.input('x')], { name: 'kept' });
    graph.apply(relu, [graph.apply(flatten, [kept], { name: 'flat' })], { name: 'y' });
    const planned = plan(graph, {
      parameters: parametersOf({}),
      inputs: { x: [2, 2, 2] },
      outputs: ['kept', 'flat', 'y'],
    });
    const x = Float32Array.of(1, -2, 3, -4, 5, 6, 7, 8);
    const out = Float32Array.of(1, 0, 3, 0, 5, 6, 7, 8);
    expect(planned.run({ x })).toEqual({ kept: out, flat: out, y: out });
  });

  it('takes two axes or more', () => {
    expect(() => runOp(flatten, [tensor([3], 1)], {})).toThrow(
      'flatten: input must be one [N,…] of two axes or more, got [3]',
    );
  });
});
