import { ShapeError } from '../core/errors.ts';
import type { Shape } from '../core/shape.ts';
import type { Graph, Node } from './graph.ts';
import type { Parameters } from './parameters.ts';

/** The nodes that `wanted` needs, in the order in which they can be computed. */
export function reachable(graph: Graph, wanted: readonly Node[]): Node[] {
  const needed = new Set<Node>(wanted);
  for (const node of [...graph.nodes].reverse())
    if (needed.has(node)) for (const input of node.inputs) needed.add(input);
  return graph.nodes.filter((node) => needed.has(node));
}

/** Shapes of a node's parameters, by role. */
export const parameterShapes = (node: Node, parameters: Parameters): Record<string, Shape> =>
  Object.fromEntries(Object.entries(node.parameters).map(([role, name]) => [role, parameters.get(name).shape]));

/**
 * The shape of every node, from those of the inputs, by each op's shape rule.
 * @throws ShapeError naming the op and the node, WeightsError naming a tensor that is missing.
 */
export function inferShapes(
  nodes: readonly Node[],
  inputs: Readonly<Record<string, Shape>>,
  parameters: Parameters,
): Map<Node, Shape> {
  const shapes = new Map<Node, Shape>();
  for (const node of nodes) shapes.set(node, node.op ? opShape(node, shapes, parameters) : inputShape(node, inputs));
  return shapes;
}

function inputShape(node: Node, inputs: Readonly<Record<string, Shape>>): Shape {
  const shape = inputs[node.name];
  if (!shape?.every((size) => Number.isInteger(size) && size > 0))
    throw new ShapeError(
      `plan: input "${node.name}" needs a shape of whole numbers above 0, got ${JSON.stringify(shape)}`,
    );
  return shape;
}

function opShape(node: Node, shapes: ReadonlyMap<Node, Shape>, parameters: Parameters): Shape {
  const op = node.op!;
  try {
    checkRoles(op.name, op.roles ?? [], Object.keys(node.parameters));
    const inputs = node.inputs.map((input) => shapes.get(input)!);
    return op.shape(inputs, node.attributes, parameterShapes(node, parameters));
  } catch (error) {
    if (error instanceof ShapeError) throw new ShapeError(`${error.message} (node "${node.name}")`);
    throw error;
  }
}

function checkRoles(op: string, roles: readonly string[], given: readonly string[]): void {
  const missing = roles.some((role) => !role.endsWith('?') && !given.includes(role));
  const unknown = given.some((role) => !roles.includes(role) && !roles.includes(`${role}?`));
  if (missing || unknown)
    throw new ShapeError(`${op}: parameters are ${roles.join(', ') || 'none'}, got ${given.join(', ') || 'none'}`);
}
