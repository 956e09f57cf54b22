import { InputError } from '../core/errors.ts';
import type { Step } from './fuse.ts';
import type { Graph, Node } from './graph.ts';
import type { Wanted } from './op.ts';

/** What a plan's backward pass is to give. */
export interface GradientRequest {
  /** Names of inputs and other nodes. */
  readonly nodes?: readonly string[];
  /** Names of parameters, or all that the outputs depend on. */
  readonly parameters?: readonly string[] | 'all';
}

/** A request resolved against the nodes that a plan computes. */
export interface Targets {
  readonly nodes: ReadonlySet<Node>;
  readonly parameters: ReadonlySet<string>;
}

/** @throws InputError where no output depends on what is asked for. */
export function resolveTargets(graph: Graph, nodes: readonly Node[], request: GradientRequest = {}): Targets {
  const known = new Set(nodes.flatMap((node) => Object.values(node.parameters)));
  const targets = new Set((request.nodes ?? []).map((name) => graph.node(name)));
  const parameters = new Set(request.parameters === 'all' ? known : request.parameters);
  for (const node of targets)
    if (!nodes.includes(node))
      throw new InputError(`plan: no output depends on node "${node.name}", so it has no gradient`);
  for (const name of parameters)
    if (!known.has(name)) throw new InputError(`plan: no output depends on parameter "${name}", so it has no gradient`);
  return { nodes: targets, parameters };
}

/**
 * What each step must give in the backward pass, undefined where nothing is wanted of it: a value carries gradient where a
 * target lies at or before it.
 */
export function routeGradients(schedule: readonly Step[], targets: Targets): (Wanted | undefined)[] {
  const carries = new Set<Node>(targets.nodes);
  return schedule.map(({ node, last }) => {
    const wanted: Wanted = {
      inputs: node.inputs.map((input) => carries.has(input)),
      parameters: Object.fromEntries(
        Object.entries(node.parameters).map(([role, name]) => [role, targets.parameters.has(name)]),
      ),
    };
    if (!wanted.inputs.includes(true) && !Object.values(wanted.parameters).includes(true)) return undefined;
    if (!node.op.backward) throw new InputError(`plan: ${node.op.name} has no gradient (node "${node.name}")`);
    carries.add(last);
    return wanted;
  });
}
