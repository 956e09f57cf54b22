import type { Node } from './graph.ts';
import { type Activation, identity, type Op } from './op.ts';

/** A node with what was fused behind it: one kernel call. The value it computes is that of `last`. */
export interface Step {
  readonly node: Node & { readonly op: Op<object> };
  /** Affine nodes folded into the filters and bias, in order. */
  readonly affines: readonly Node[];
  /** What is added behind them, computed by an earlier step. */
  readonly residual: Node | undefined;
  /** What is before the activation, where not only the activation reads it: the step gives both. */
  readonly linear: Node | undefined;
  readonly activation: Activation;
  /** The activation's name for people, '' without one. */
  readonly activationName: string;
  readonly last: Node;
}

/**
 * Turns nodes into steps: a linear op takes the affines, the sum with an earlier value and the activation that follow it,
 * an op that activates takes an activation, as long as nobody else reads what lies between; one that adds takes the
 * activation then too, and gives both. Parameters that want a gradient are not folded.
 * @param addsResiduals whether sums are taken, and two values given: a backward pass knows neither
 */
export function fuse(
  nodes: readonly Node[],
  kept: ReadonlySet<Node>,
  trained: ReadonlySet<string>,
  addsResiduals: boolean,
): Step[] {
  const readers = new Map<Node, Node[]>();
  for (const node of nodes) for (const input of node.inputs) readers.set(input, [...(readers.get(input) ?? []), node]);
  /** The one node that reads `node`, where nobody else needs its value. */
  const reader = (node: Node): Node | undefined => {
    const all = readers.get(node);
    return all?.length === 1 && !kept.has(node) ? all[0] : undefined;
  };
  /** The same, where it reads nothing else. */
  const follower = (node: Node): Node | undefined => {
    const next = reader(node);
    return next?.inputs.length === 1 ? next : undefined;
  };

  const fixed = (node: Node): boolean => !Object.values(node.parameters).some((name) => trained.has(name));
  const taken = new Set<Node>();
  const computed = new Set(nodes.filter(({ op }) => !op));
  const steps: Step[] = [];
  for (const node of nodes) {
    if (!node.op || taken.has(node)) continue;
    const affines: Node[] = [];
    let last = node;
    let next = follower(last);
    while (node.op.weights && fixed(node) && next?.op?.affine?.(next.attributes) && fixed(next)) {
      affines.push(next);
      last = next;
      next = follower(last);
    }
    const sum = addsResiduals && node.op.adds ? reader(last) : undefined;
    const residual = sum?.op?.isSum ? sum.inputs.find((input) => input !== last && computed.has(input)) : undefined;
    if (sum && residual) {
      taken.add(sum);
      last = sum;
      next = follower(last);
    }
    let activation = identity;
    let activationName = '';
    let linear: Node | undefined;
    if (addsResiduals && node.op.adds && !reader(last)) {
      next = readers.get(last)?.find(({ op }) => op?.activation);
      if (next) linear = last;
    }
    if (node.op.activates && next?.op?.activation) {
      activation = next.op.activation(next.attributes);
      activationName = next.op.name;
      last = next;
      taken.add(next);
    }
    for (const affine of affines) taken.add(affine);
    computed.add(last);
    if (linear) computed.add(linear);
    steps.push({ node: node as Step['node'], affines, residual, linear, activation, activationName, last });
  }
  return steps;
}
