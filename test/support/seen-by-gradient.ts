import { elementsOf, type Shape } from '../../src/core/shape.ts';
import { Graph, type Node } from '../../src/graph/graph.ts';
import type { Op } from '../../src/graph/op.ts';
import { averagePool } from '../../src/graph/ops/average-pool.ts';
import { type Parameters, parametersOf } from '../../src/graph/parameters.ts';
import { plan } from '../../src/graph/plan.ts';

/** First and last cell of each spatial axis of the input in which a unit has a gradient. */
export type Extent = readonly (readonly [first: number, last: number])[];

/**
 * Where in the input the unit at `position` of `layer` has a gradient. The network is made anew with one channel, filters
 * that average, and averages in place of maxima: all gradients are above 0, so none is lost or cancelled, and windows are
 * what they were.
 */
export function seenByGradient(
  graph: Graph,
  layer: string,
  { inputs, parameters }: { inputs: Readonly<Record<string, Shape>>; parameters: Parameters },
  position: readonly number[],
): Extent {
  const [input, shape] = Object.entries(inputs)[0]!;
  const spatial = shape.slice(1, -1);
  const planned = plan(averaging(graph), {
    parameters: averages(parameters),
    inputs: { [input]: [1, ...spatial, 1] },
    outputs: [layer],
    gradients: { nodes: [input] },
  });
  planned.run({ [input]: new Float32Array(elementsOf(spatial)).fill(1) });
  const output = planned.outputs.get(layer)!;
  const seed = new Float32Array(elementsOf(output));
  seed[position.reduce((at, index, axis) => at * output[axis + 1]! + index, 0)] = 1;
  const gradient = planned.backward({ [layer]: seed }).nodes[input]!;
  planned.close();
  return spatial.map((size, axis) => {
    const inner = elementsOf(spatial.slice(axis + 1));
    const cells = new Set<number>();
    for (const [i, value] of gradient.entries()) if (value !== 0) cells.add(Math.floor(i / inner) % size);
    return [Math.min(...cells), Math.max(...cells)] as const;
  });
}

function averaging(graph: Graph): Graph {
  const copy = new Graph();
  const made = new Map<Node, Node>();
  for (const node of graph.nodes) {
    const { name, op, parameters } = node;
    if (!op) {
      made.set(node, copy.input(name));
      continue;
    }
    const one = op.name === 'maxPool' ? (averagePool as Op<object>) : op;
    const inputs = node.inputs.map((from) => made.get(from)!);
    const attributes = op.name === 'pad' ? withoutChannels(node.attributes) : node.attributes;
    made.set(node, copy.apply(one, inputs, { name, attributes, parameters }));
  }
  return copy;
}

/** Padding of the spatial axes alone. */
const withoutChannels = (attributes: object): object =>
  Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [key, Array.isArray(value) ? value.with(-1, 0) : value]),
  );

function averages(parameters: Parameters): Parameters {
  return parametersOf(
    Object.fromEntries(
      parameters.names.map((name) => {
        const { shape } = parameters.get(name);
        const taps = elementsOf(shape.slice(0, -2));
        const one = shape.length > 1 ? [...shape.slice(0, -2), 1, 1] : [1];
        const values = new Float32Array(elementsOf(one)).fill(
          shape.length > 1 ? 1 / taps : /shift|bias/.test(name) ? 0 : 1,
        );
        return [name, { shape: one, values }];
      }),
    ),
  );
}
