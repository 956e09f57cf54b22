import { InputError } from '../core/errors.ts';
import type { Node } from './graph.ts';
import type { Wanted } from './op.ts';
import { needsOf, type PlannedStep } from './planned-step.ts';
import type { Timeline } from './timeline.ts';

type Routes = readonly (Wanted | undefined)[];

/**
 * A timeline that trades time for memory (Chen et al. 2016, "Training deep nets with sublinear memory cost"): the steps are
 * cut into segments; what crosses a cut is kept, and the rest of a segment is computed again right before its backward
 * pass. The last segment is kept whole, and so are outputs.
 * @param at nodes behind which to cut; true: about √n segments of n steps, of about equal bytes
 * @throws InputError where a node is none that a step computes
 */
export const recompute =
  (at: true | readonly string[]) =>
  (steps: readonly PlannedStep[], routes: Routes, outputs: ReadonlySet<Node>): Timeline => {
    const from = Math.max(
      0,
      routes.findIndex((route) => route),
    );
    const cuts = at === true ? evenCuts(steps, from) : at.map((name) => cutBehind(steps, name));
    const starts = [...new Set([0, from, ...cuts])].filter((cut) => cut < steps.length).sort((a, b) => a - b);
    const again = new Map<number, number>();
    const backward = new Array<number>(steps.length).fill(0);
    let time = steps.length + 1;
    for (const [segment, start] of [...starts.entries()].reverse()) {
      const end = starts[segment + 1] ?? steps.length;
      if (end < steps.length)
        for (const index of lostSteps(steps, routes, outputs, start, end)) again.set(index, time++);
      for (let index = end - 1; index >= start; index--) backward[index] = time++;
    }
    return { turn: steps.length, again, backward, end: time };
  };

function cutBehind(steps: readonly PlannedStep[], name: string): number {
  const index = steps.findIndex(({ last }) => last.name === name);
  if (index >= 0) return index + 1;
  const names = steps.map(({ last }) => last.name).join(', ');
  throw new InputError(`recompute: "${name}" must name a node that a step ends with: ${names}`);
}

/** Cuts the steps behind `from` wherever another equal share of their outputs' bytes is full. */
function evenCuts(steps: readonly PlannedStep[], from: number): number[] {
  const rest = steps.slice(from);
  const share = rest.reduce((sum, { outputBytes }) => sum + outputBytes, 0) / Math.ceil(Math.sqrt(rest.length));
  const cuts: number[] = [];
  let bytes = 0;
  for (const [i, { outputBytes }] of rest.entries()) {
    bytes += outputBytes;
    if (bytes < share) continue;
    cuts.push(from + i + 1);
    bytes = 0;
  }
  return cuts;
}

/** The steps of a segment that its backward pass needs and that are not kept, in order. */
function lostSteps(
  steps: readonly PlannedStep[],
  routes: Routes,
  outputs: ReadonlySet<Node>,
  start: number,
  end: number,
): number[] {
  const kept = new Set<Node>(outputs);
  for (const { node } of steps.slice(end)) for (const input of node.inputs) kept.add(input);
  const needed = new Set<Node>();
  for (let index = start; index < end; index++) {
    const route = routes[index];
    if (!route) continue;
    const step = steps[index]!;
    const { inputs, output, stateBytes } = needsOf(step, route);
    if (inputs) for (const input of step.node.inputs) needed.add(input);
    if (output || stateBytes > 0) needed.add(step.last);
  }
  const lost: number[] = [];
  for (let index = end - 1; index >= start; index--) {
    const { node, last } = steps[index]!;
    if (kept.has(last) || !needed.has(last)) continue;
    lost.unshift(index);
    for (const input of node.inputs) needed.add(input);
  }
  return lost;
}
