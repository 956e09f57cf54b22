import type { Graph, Node } from '../graph/graph.ts';
import type { Op } from '../graph/op.ts';
import { reachable } from '../graph/schedule.ts';

/**
 * Copies into a graph what some nodes of another need, in its order and by the same names.
 *
 * @param to Names of the nodes that are wanted; nothing behind them is copied.
 * @param place Which node of `into` stands for an input.
 * @param opOf The op to apply in place of a node's own.
 * @throws InputError where a name is not that of a node.
 */
export function copyPart(
  into: Graph,
  from: Graph,
  to: readonly string[],
  place: (input: Node) => Node,
  opOf: (op: Op) => Op,
): void {
  const copies = new Map<Node, Node>();
  const wanted = to.map((name) => from.node(name));
  for (const node of reachable(from, wanted)) {
    const { op, name, attributes, parameters } = node;
    const inputs = node.inputs.map((input) => copies.get(input)!);
    copies.set(node, op ? into.apply(opOf(op), inputs, { name, attributes, parameters }) : place(node));
  }
}
