import { elementsOf, type Shape } from '../core/shape.ts';
import { Graph } from '../graph/graph.ts';
import { parametersOf } from '../graph/parameters.ts';
import { plan } from '../graph/plan.ts';
import type { Engine } from '../runtime/engine.ts';
import { noise } from './noise.ts';
import type { Input, OpCase } from './op-cases.ts';

const shapeOf = (input: Input): Shape => ('shape' in input ? input.shape : input);

/**
 * An op forward and, where it has one and `backward` is not false, backward, from seeded inputs, parameters and gradients.
 */
export function runOp(
  { op, inputs, attributes = {}, parameters = {} }: OpCase,
  engine: Engine,
  backward = true,
): Float32Array[] {
  const turns = backward && op.backward !== undefined;
  const graph = new Graph();
  const nodes = inputs.map((_, i) => graph.input(`x${i}`));
  const roles = Object.fromEntries(Object.keys(parameters).map((role) => [role, role]));
  graph.apply(op, nodes, { name: 'y', attributes, parameters: roles });
  const stored = Object.entries(parameters).map(([role, shape], i) => [role, { shape, values: noise(shape, 50 + i) }]);
  const planned = plan(graph, {
    engine,
    parameters: parametersOf(Object.fromEntries(stored)),
    inputs: Object.fromEntries(inputs.map((input, i) => [`x${i}`, shapeOf(input)])),
    // Labels and seeds, which are given as values, have no gradient.
    ...(turns && {
      gradients: {
        nodes: nodes.filter((_, i) => !('shape' in inputs[i]!)).map((node) => node.name),
        parameters: 'all' as const,
      },
    }),
  });
  try {
    const values = inputs.map((input, i) => [
      `x${i}`,
      'shape' in input ? Float32Array.from(input.values) : noise(input, i + 1),
    ]);
    const { y } = planned.run(Object.fromEntries(values));
    if (!turns) return [y!];
    const seed = noise([elementsOf(planned.outputs.get('y')!)], 99);
    const gradients = planned.backward({ y: seed });
    return [y!, ...Object.values(gradients.nodes), ...Object.values(gradients.parameters)];
  } finally {
    planned.close();
  }
}
