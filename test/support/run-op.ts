import type { Shape } from '../../src/core/shape.ts';
import { Graph } from '../../src/graph/graph.ts';
import type { Op } from '../../src/graph/op.ts';
import { parametersOf } from '../../src/graph/parameters.ts';
import { Plan } from '../../src/graph/plan.ts';

export interface Tensor {
  readonly shape: Shape;
  readonly values: ArrayLike<number>;
}

/** Runs one op through graph → plan → run on the default engine; returns its output and the kernel that was chosen. */
export function runOp<A extends object>(
  op: Op<A>,
  inputs: readonly Tensor[],
  attributes: A,
  parameters: Record<string, Tensor> = {},
) {
  const graph = new Graph();
  const nodes = inputs.map((_, i) => graph.input(`x${i}`));
  graph.apply(op, nodes, {
    name: 'y',
    attributes,
    parameters: Object.fromEntries(Object.keys(parameters).map((role) => [role, role])),
  });
  const plan = new Plan(graph, {
    parameters: parametersOf(parameters),
    inputs: Object.fromEntries(inputs.map((x, i) => [`x${i}`, x.shape])),
  });
  const { y } = plan.run(Object.fromEntries(inputs.map((x, i) => [`x${i}`, Float32Array.from(x.values)])));
  return { values: y!, shape: plan.outputs.get('y')!, kernel: plan.steps[0]!.site.kernel, plan };
}
