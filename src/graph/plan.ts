import { InputError } from '../core/errors.ts';
import { elementsOf, formatShape, type Shape } from '../core/shape.ts';
import { defaultEngine, type Engine } from '../runtime/engine.ts';
import type { Region } from '../runtime/regions.ts';
import { Arena, type Lifetime } from './arena.ts';
import { BackwardPass, backwardTime, type Gradients } from './backward-pass.ts';
import { describePlan } from './describe.ts';
import { fuse } from './fuse.ts';
import { type GradientRequest, resolveTargets, routeGradients } from './gradients.ts';
import type { Graph, Node } from './graph.ts';
import { isIdentity, packScratch, type Rule, type Wanted } from './op.ts';
import type { Parameters } from './parameters.ts';
import { type PlannedStep, planStep } from './planned-step.ts';
import { inferShapes, reachable } from './schedule.ts';

export interface PlanOptions {
  readonly parameters: Parameters;
  /** Shapes of the graph's inputs, by name: they fix every other shape. */
  readonly inputs: Readonly<Record<string, Shape>>;
  /** Names of the nodes whose activations are wanted. Default: the last node. */
  readonly outputs?: readonly string[];
  /** What `backward` is to give. Default: nothing, and the plan keeps nothing for it. */
  readonly gradients?: GradientRequest;
  readonly engine?: Engine;
  /**
   * The most bytes of packed filters that stay in memory; beyond it, forms larger than the plain filters (Winograd's) are
   * made anew in scratch at each run. Default: no limit.
   */
  readonly memoryBudget?: number;
}

export interface BackwardCall {
  readonly rule?: Rule;
  /** Arrays of the caller that the gradients are written to; those that are missing are made. */
  readonly into?: Gradients;
}

/** Where an input or an output lies in the workspace. */
interface Slot {
  address: number;
  readonly elements: number;
}

/**
 * A graph fixed to input shapes: which kernels run in which order, and where every activation lies in one workspace.
 * Running it allocates nothing in wasm memory.
 */
export class Plan {
  readonly steps: readonly PlannedStep[];
  /** Bytes of workspace that a run needs: its peak. */
  readonly workspaceBytes: number;
  /** Bytes of packed filters and other parameters that this plan reads; plans of one engine share them. */
  readonly parameterBytes: number;
  readonly inputs: ReadonlyMap<string, Shape>;
  readonly outputs: ReadonlyMap<string, Shape>;
  readonly engine: Engine;
  readonly #arena = new Arena();
  readonly #slots = new Map<string, Slot>();
  readonly #backward: BackwardPass | undefined;
  /** A plan with gradients has a workspace of its own: nobody may run between its forward and its backward. */
  #own: Region | undefined;
  #owesBackward = false;
  #closed = false;

  constructor(graph: Graph, options: PlanOptions) {
    const { engine = defaultEngine(), parameters, gradients } = options;
    this.engine = engine;
    const wanted = new Set((options.outputs ?? [graph.nodes.at(-1)?.name ?? '']).map((name) => graph.node(name)));
    const nodes = reachable(graph, [...wanted]);
    const shapes = inferShapes(nodes, options.inputs, parameters);
    this.inputs = new Map(nodes.filter((node) => !node.op).map((node) => [node.name, shapes.get(node)!]));
    this.outputs = new Map([...wanted].map((node) => [node.name, shapes.get(node)!]));

    const targets = resolveTargets(graph, nodes, gradients);
    const schedule = fuse(nodes, new Set([...wanted, ...targets.nodes]), targets.parameters);
    const routes = routeGradients(schedule, targets);
    let room = options.memoryBudget ?? Number.POSITIVE_INFINITY;
    this.steps = schedule.map((step) => {
      const planned = planStep(step, shapes, parameters, engine, room);
      if (planned.filters && !planned.filters.plain) room -= planned.filters.bytes;
      return planned;
    });

    const lastUse = lastUses(this.steps, routes, wanted);
    const blocks = new Map<Node, Lifetime>();
    for (const node of nodes) {
      if (node.op) continue;
      blocks.set(node, this.#arena.block(elementsOf(shapes.get(node)!) * 4, -1, lastUse.get(node) ?? -1));
    }
    for (const [index, step] of this.steps.entries()) this.#lay(step, index, blocks, lastUse, routes[index]);
    for (const node of new Set([...nodes.filter((node) => !node.op), ...wanted])) {
      const slot: Slot = { address: 0, elements: elementsOf(shapes.get(node)!) };
      this.#slots.set(node.name, slot);
      this.#arena.use(blocks.get(node)!, (address) => (slot.address = address));
    }
    if (gradients) {
      const { steps } = this;
      const arena = this.#arena;
      this.#backward = new BackwardPass({
        steps,
        routes,
        targets,
        outputs: wanted,
        shapes,
        parameters,
        engine,
        arena,
        room,
      });
    }
    this.parameterBytes =
      this.steps.reduce((sum, { weightBytes }) => sum + weightBytes, 0) + (this.#backward?.weightBytes ?? 0);
    this.workspaceBytes = this.#arena.place();
    if (gradients) this.#own = engine.regions.allocate(this.workspaceBytes);
    else engine.workspace(this.workspaceBytes);
  }

  /** Gives a step its blocks of the workspace; its output takes the place of an input that it may overwrite. */
  #lay(
    { node, last, at, site, outputBytes, scratchBytes, filters }: PlannedStep,
    index: number,
    blocks: Map<Node, Lifetime>,
    lastUse: ReadonlyMap<Node, number>,
    wanted: Wanted | undefined,
  ): void {
    for (const [i, input] of node.inputs.entries())
      this.#arena.use(blocks.get(input)!, (address) => (at.inputs[i] = address));

    const until = lastUse.get(last) ?? index;
    const given = node.op.inPlace
      ? node.inputs.map((input) => blocks.get(input)!).find(({ to, bytes }) => to === index && bytes === outputBytes)
      : undefined;
    const output = given ?? this.#arena.block(outputBytes, index, until);
    output.to = until;
    blocks.set(last, output);
    this.#arena.use(output, (address) => (at.output = address));

    const block = (bytes: number, to: number, tell: (address: number) => void): void => {
      if (bytes > 0) this.#arena.use(this.#arena.block(bytes, index, to), tell);
    };
    block(scratchBytes, index, (address) => (at.scratch = address));
    if (filters?.plain) {
      const beside = packScratch(node.op.weights!, site);
      block(beside + node.op.weights!.packedBytes(site), index, (address) => (at.weights = address + beside));
    }
    if (wanted) {
      const bytes = node.op.backward?.state?.(site) ?? 0;
      block(bytes, backwardTime(this.steps.length, index), (address) => (at.state = address));
    }
  }

  /**
   * Computes the outputs for one set of inputs. With `outputs` it writes into the caller's arrays and allocates nothing.
   * @throws InputError naming the input or output and the length that was expected.
   */
  run(
    inputs: Readonly<Record<string, Float32Array>>,
    outputs: Record<string, Float32Array> = {},
  ): Record<string, Float32Array> {
    if (this.#closed) throw new InputError('plan: it is closed');
    const { memory, kernels } = this.engine;
    for (const [name, shape] of this.inputs) checkArray('input', name, shape, inputs[name]);
    for (const [name, shape] of this.outputs) if (name in outputs) checkArray('output', name, shape, outputs[name]);
    this.#arena.bind(this.#own?.address ?? this.engine.workspace(this.workspaceBytes));
    for (const name of this.inputs.keys()) {
      const slot = this.#slots.get(name)!;
      memory.f32(slot.address, slot.elements).set(inputs[name]!);
    }
    for (const { node, site, at, filters } of this.steps) {
      if (filters?.plain)
        node.op.weights!.pack(
          kernels,
          site,
          at.weights,
          filters.address,
          at.weights - packScratch(node.op.weights!, site),
          this.engine,
        );
      node.op.forward(kernels, site, at, this.engine);
    }
    for (const name of this.outputs.keys()) {
      const slot = this.#slots.get(name)!;
      const view = memory.f32(slot.address, slot.elements);
      if (name in outputs) outputs[name]!.set(view);
      else outputs[name] = view.slice();
    }
    this.#owesBackward = true;
    return outputs;
  }

  /**
   * The gradients that the plan was made for, of Σ ⟨seed, output⟩ at the inputs of the last run. A value's parts from
   * several readers are added from the last reader to the first. Each run has one backward pass: it overwrites what the
   * run left. Outputs without a seed count as 0.
   * @param seeds gradients in outputs, by name: one output or several
   * @throws InputError where no run came before, or a seed does not fit
   */
  backward(
    seeds: Readonly<Record<string, Float32Array>>,
    { rule = 'gradient', into = { nodes: {}, parameters: {} } }: BackwardCall = {},
  ): Gradients {
    if (!this.#backward) throw new InputError('backward: this plan was made without `gradients`');
    if (!this.#owesBackward) throw new InputError('backward: a run must come before each backward pass');
    this.#owesBackward = false;
    return this.#backward.run(seeds, rule, into);
  }

  /** Gives back what only this plan holds, the workspace of one with gradients; it cannot run afterwards. */
  close(): void {
    if (this.#own) this.engine.regions.free(this.#own);
    this.#own = undefined;
    this.#closed = true;
  }

  /** A table of steps: node, kernel, shapes, MACs, bytes; and the peak of memory. */
  describe(): string {
    return describePlan(this);
  }
}

/** Fixes a graph to input shapes on an engine. */
export const plan = (graph: Graph, options: PlanOptions): Plan => new Plan(graph, options);

/** The time at which each value is used for the last time, by another step, by the caller or by a backward pass. */
function lastUses(
  steps: readonly PlannedStep[],
  routes: readonly (Wanted | undefined)[],
  wanted: ReadonlySet<Node>,
): Map<Node, number> {
  const last = new Map<Node, number>();
  const use = (node: Node, time: number): void => void last.set(node, Math.max(time, last.get(node) ?? time));
  for (const node of wanted) use(node, steps.length);
  for (const [index, { node, last: value, site, activation }] of steps.entries()) {
    for (const input of node.inputs) use(input, index);
    const route = routes[index];
    if (!route) continue;
    const reads = node.op.backward!.reads?.(site, route) ?? [];
    const time = backwardTime(steps.length, index);
    if (reads.includes('inputs')) for (const input of node.inputs) use(input, time);
    if (reads.includes('output') || !isIdentity(activation)) use(value, time);
  }
  return last;
}

function checkArray(kind: string, name: string, shape: Shape, array: Float32Array | undefined): void {
  const expected = elementsOf(shape);
  if (array instanceof Float32Array && array.length === expected) return;
  const got = array === undefined ? 'nothing' : `${array.constructor?.name} of ${array.length}`;
  throw new InputError(
    `plan: ${kind} "${name}" must be a Float32Array of ${expected} ${formatShape(shape)}, got ${got}`,
  );
}
