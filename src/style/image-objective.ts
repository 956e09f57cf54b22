import { elementsOf } from '../core/shape.ts';
import { Layout } from '../graph/layout.ts';
import { type Plan, type PlanOptions, plan, workspaceOf } from '../graph/plan.ts';
import { contentTarget, LossGraph, type LossTerm } from './loss-graph.ts';
import { MEMORY_BUDGET } from './memory-budget.ts';
import type { Goal, Losses, Objective } from './objective.ts';
import { featuresOf } from './targets.ts';
import { thriftyCuts } from './thrift.ts';

export interface ImageObjectiveOptions {
  /** Compute activations again instead of keeping them, as a plan does. Default: what costs little time. */
  readonly recompute?: PlanOptions['recompute'];
}

function planOptions(
  goal: Goal,
  { graph, inputs, terms }: LossGraph,
  { recompute }: ImageObjectiveOptions,
): PlanOptions {
  const options = {
    engine: goal.engine,
    parameters: goal.network.parameters,
    inputs,
    outputs: terms.map(({ node }) => node),
    gradients: { nodes: ['image'] },
    memoryBudget: MEMORY_BUDGET,
  };
  return { ...options, recompute: recompute ?? thriftyCuts(new Layout(graph, options).steps) };
}

/** Bytes of activations and gradients that J of whole pictures takes. */
export function imageWorkspace(goal: Goal, options: ImageObjectiveOptions = {}): number {
  const losses = new LossGraph(goal);
  return workspaceOf(losses.graph, planOptions(goal, losses, options));
}

/** J of whole pictures: one plan gives its value and its gradient. */
class ImageObjective implements Objective {
  readonly engine: Goal['engine'];
  readonly elements: number;
  readonly #plan: Plan;
  readonly #terms: readonly LossTerm[];
  readonly #inputs: Record<string, Float32Array>;
  readonly #outputs: Record<string, Float32Array>;
  readonly #seeds: Readonly<Record<string, Float32Array>>;

  constructor(goal: Goal, options: ImageObjectiveOptions) {
    const losses = new LossGraph(goal);
    const { terms, data, inputs, contentLayers } = losses;
    const features = featuresOf(goal, { size: goal.size, values: goal.content }, contentLayers);
    this.engine = goal.engine;
    this.elements = elementsOf(inputs.image!);
    this.#terms = terms;
    this.#inputs = { ...data };
    for (const [layer, target] of features) this.#inputs[contentTarget(layer)] = target;
    this.#outputs = Object.fromEntries(terms.map(({ node }) => [node, new Float32Array(1)]));
    this.#seeds = Object.fromEntries(terms.map(({ node, weight }) => [node, Float32Array.of(weight)]));
    this.#plan = plan(losses.graph, planOptions(goal, losses, options));
  }

  evaluate(image: number, gradient: number): Losses {
    const { memory } = this.engine;
    this.#inputs.image = memory.f32(image, this.elements);
    this.#plan.run(this.#inputs, this.#outputs);
    const into = { nodes: { image: memory.f32(gradient, this.elements) }, parameters: {} };
    this.#plan.backward(this.#seeds, { into });
    const sums = { content: 0, style: 0, variation: 0 };
    for (const { part, node, weight } of this.#terms) sums[part] += weight * this.#outputs[node]![0]!;
    return { ...sums, total: sums.content + sums.style + sums.variation };
  }

  close(): void {
    this.#plan.close();
  }
}

/**
 * J of pictures that fit into memory whole.
 * @throws OutOfMemoryError where they do not
 */
export const imageObjective = (goal: Goal, options: ImageObjectiveOptions = {}): Objective =>
  new ImageObjective(goal, options);
