import { elementsOf } from '../../src/core/shape.ts';
import { Graph } from '../../src/graph/graph.ts';
import type { Op, Rule } from '../../src/graph/op.ts';
import { parametersOf } from '../../src/graph/parameters.ts';
import { plan } from '../../src/graph/plan.ts';
import { randomArray } from './random.ts';
import type { Tensor } from './run-op.ts';

/** Runs one op forward and backward through a plan, from a seeded random gradient in its output. */
export function runGradient<A extends object>(
  op: Op<A>,
  inputs: readonly Tensor[],
  attributes: A,
  parameters: Record<string, Tensor> = {},
  { seed = 99, rule = 'gradient' as Rule, memoryBudget = Number.POSITIVE_INFINITY } = {},
) {
  const graph = new Graph();
  const nodes = inputs.map((_, i) => graph.input(`x${i}`));
  const roles = Object.fromEntries(Object.keys(parameters).map((role) => [role, role]));
  graph.apply(op, nodes, { name: 'y', attributes, parameters: roles });
  const planned = plan(graph, {
    parameters: parametersOf(parameters),
    inputs: Object.fromEntries(inputs.map((x, i) => [`x${i}`, x.shape])),
    gradients: { nodes: nodes.map(({ name }) => name), parameters: 'all' },
    memoryBudget,
  });
  const { y } = planned.run(Object.fromEntries(inputs.map((x, i) => [`x${i}`, Float32Array.from(x.values)])));
  const gradient = randomArray(elementsOf(planned.outputs.get('y')!), seed);
  const gradients = planned.backward({ y: gradient }, { rule });
  planned.close();
  return { values: y!, shape: planned.outputs.get('y')!, kernel: planned.steps[0]!.site.kernel, gradient, gradients };
}
