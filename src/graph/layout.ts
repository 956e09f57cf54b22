import { InputError } from '../core/errors.ts';
import { elementsOf, formatShape, type Shape } from '../core/shape.ts';
import { defaultEngine, type Engine } from '../runtime/engine.ts';
import type { Region } from '../runtime/regions.ts';
import { Arena, type Lifetime } from './arena.ts';
import { fuse } from './fuse.ts';
import { type GradientRequest, resolveTargets, routeGradients, type Targets } from './gradients.ts';
import type { Graph, Node } from './graph.ts';
import { Holdings } from './holdings.ts';
import { packScratch, type Wanted } from './op.ts';
import type { Parameters } from './parameters.ts';
import { needsOf, type PlannedStep, planStep, runForward } from './planned-step.ts';
import { inferShapes, reachable } from './schedule.ts';
import { keepAll, type Timeline } from './timeline.ts';

export interface LayoutOptions {
  readonly parameters: Parameters;
  readonly inputs: Readonly<Record<string, Shape>>;
  /** Default: the last node. */
  readonly outputs?: readonly string[] | undefined;
  readonly gradients?: GradientRequest | undefined;
  readonly engine?: Engine | undefined;
  readonly memoryBudget?: number | undefined;
  /** Parameters that change between runs: plain float32 values, by name. */
  readonly own?: ReadonlyMap<string, Region>;
  /** What is kept for the backward pass, and what is computed again. Default: all is kept. */
  readonly schedule?: (
    steps: readonly PlannedStep[],
    routes: readonly (Wanted | undefined)[],
    outputs: ReadonlySet<Node>,
  ) => Timeline;
}

/** Where an input or an output lies in the workspace. */
interface Slot {
  address: number;
  readonly elements: number;
}

/** What a step gives in its first run, and in its second where it has one: by node. */
type InRuns<T> = readonly [first: Map<Node, T>, second: Map<Node, T>];

/** The forward pass of a graph for fixed shapes: which kernels run in which order, and where everything lies. */
export class Layout {
  readonly engine: Engine;
  readonly steps: readonly PlannedStep[];
  /** The same steps as the backward pass sees them: in their second run, where there is one. */
  readonly later: readonly PlannedStep[];
  readonly inputs: ReadonlyMap<string, Shape>;
  readonly outputs: ReadonlyMap<string, Shape>;
  readonly outputNodes: ReadonlySet<Node>;
  readonly shapes: ReadonlyMap<Node, Shape>;
  readonly targets: Targets;
  readonly routes: readonly (Wanted | undefined)[];
  readonly timeline: Timeline;
  readonly holdings: Holdings;
  readonly arena = new Arena();
  readonly #slots = new Map<string, Slot>();
  readonly #blocks: InRuns<Lifetime> = [new Map(), new Map()];
  readonly #lastUse: InRuns<number>;

  constructor(graph: Graph, options: LayoutOptions) {
    const { engine = defaultEngine(), parameters, gradients, memoryBudget = Number.POSITIVE_INFINITY } = options;
    this.engine = engine;
    const outputs = new Set((options.outputs ?? [graph.nodes.at(-1)?.name ?? '']).map((name) => graph.node(name)));
    const nodes = reachable(graph, [...outputs]);
    const shapes = inferShapes(nodes, options.inputs, parameters);
    this.outputNodes = outputs;
    this.shapes = shapes;
    this.inputs = new Map(nodes.filter((node) => !node.op).map((node) => [node.name, shapes.get(node)!]));
    this.outputs = new Map([...outputs].map((node) => [node.name, shapes.get(node)!]));

    this.targets = resolveTargets(graph, nodes, gradients);
    const changing = new Set([...this.targets.parameters, ...(options.own?.keys() ?? [])]);
    const schedule = fuse(nodes, new Set([...outputs, ...this.targets.nodes]), changing, gradients === undefined);
    const routes = (this.routes = routeGradients(schedule, this.targets));
    for (const { op } of nodes) if (op?.binary) engine.need(op.binary);
    this.holdings = new Holdings(engine, parameters, memoryBudget, options.own);
    const steps = (this.steps = schedule.map((step) => planStep(step, shapes, this.holdings)));

    this.timeline = options.schedule?.(steps, routes, outputs) ?? keepAll(steps.length);
    const { again, backward } = this.timeline;
    this.#lastUse = lastUses(steps, routes, this.timeline, outputs);
    const [first] = this.#blocks;
    for (const node of nodes)
      if (!node.op)
        first.set(node, this.arena.block(elementsOf(shapes.get(node)!) * 4, -1, this.#lastUse[0].get(node) ?? -1));
    const states = steps.map((step, index) => {
      const kept = routes[index] && !again.has(index);
      return this.#lay(step, 0, index, routes[index], kept ? backward[index]! : index);
    });
    this.later = again.size === 0 ? steps : this.#layAgain(states);
    for (const node of new Set([...nodes.filter((node) => !node.op), ...outputs])) {
      const slot: Slot = { address: 0, elements: elementsOf(shapes.get(node)!) };
      this.#slots.set(node.name, slot);
      this.arena.use(first.get(node)!, (address) => (slot.address = address));
    }
  }

  /** Gives a step its blocks of the workspace; its output takes the place of an input that it may overwrite. */
  #lay(
    step: PlannedStep,
    run: 0 | 1,
    time: number,
    wanted: Wanted | undefined,
    stateUntil: number,
  ): Lifetime | undefined {
    const { arena } = this;
    const { node, last, linear, residual, at, site, outputBytes, scratchBytes, filters } = step;
    const inputs = this.#find(step, run);

    const until = this.#lastUse[run].get(last) ?? time;
    const given = node.op.inPlace ? inputs.find(({ to, bytes }) => to === time && bytes === outputBytes) : undefined;
    const output = given ?? arena.block(outputBytes, time, until);
    output.to = until;
    this.#blocks[run].set(last, output);
    arena.use(output, (address) => (at.output = address));

    if (linear) {
      const sum = residual && this.#blocks[run].get(residual);
      const place = sum?.to === time && !inputs.includes(sum) ? sum : arena.block(outputBytes, time, time);
      place.to = this.#lastUse[run].get(linear)!;
      this.#blocks[run].set(linear, place);
      arena.use(place, (address) => (at.linear = address));
    }

    const block = (bytes: number, to: number, tell: (address: number) => void): Lifetime | undefined => {
      if (bytes === 0) return undefined;
      const made = arena.block(bytes, time, to);
      arena.use(made, tell);
      return made;
    };
    block(scratchBytes, time, (address) => (at.scratch = address));
    if (filters?.plain) {
      const beside = packScratch(node.op.weights!, site);
      block(beside + node.op.weights!.packedBytes(site), time, (address) => (at.weights = address + beside));
    }
    if (!wanted) return undefined;
    return block(node.op.backward?.state?.(site) ?? 0, stateUntil, (address) => (at.state = address));
  }

  /** The second run: steps that are computed again, and others that read what those give in their backward pass. */
  #layAgain(states: readonly (Lifetime | undefined)[]): PlannedStep[] {
    const { again, backward } = this.timeline;
    const later = this.steps.map((step) => ({ ...step, at: { ...step.at, inputs: [...step.at.inputs] } }));
    for (const [index, time] of again) this.#lay(later[index]!, 1, time, this.routes[index], backward[index]!);
    for (const [index, step] of later.entries()) {
      if (again.has(index)) continue;
      const { last, at } = step;
      this.#find(step, 1);
      this.arena.use(this.#blocks[0].get(last)!, (address) => (at.output = address));
      const state = states[index];
      if (state) this.arena.use(state, (address) => (at.state = address));
    }
    return later;
  }

  /** Tells a step where its inputs are, those of the second run where there is one. */
  #find({ node, residual, at }: PlannedStep, run: 0 | 1): Lifetime[] {
    if (residual) this.arena.use(this.#blocks[run].get(residual)!, (address) => (at.residual = address));
    return node.inputs.map((input, i) => {
      const block = (run === 1 && this.#blocks[1].get(input)) || this.#blocks[0].get(input)!;
      this.arena.use(block, (address) => (at.inputs[i] = address));
      return block;
    });
  }

  /** Computes all values in the workspace at `base`. @throws InputError naming an input that does not fit. */
  forward(inputs: Readonly<Record<string, Float32Array>>, base: () => number): void {
    for (const [name, shape] of this.inputs) checkArray('input', name, shape, inputs[name]);
    this.arena.bind(base());
    for (const name of this.inputs.keys()) {
      const [view, given] = [this.#view(name), inputs[name]!];
      if (given.buffer !== view.buffer || given.byteOffset !== view.byteOffset) view.set(given);
    }
    for (const step of this.steps) runForward(step, this.engine);
  }

  /** Where an input lies in the workspace at `base`. @throws InputError where there is none of that name. */
  inputView(name: string, base: () => number): Float32Array {
    if (!this.inputs.has(name))
      throw new InputError(`plan: no input is called "${name}", there are ${[...this.inputs.keys()].join(', ')}`);
    this.arena.bind(base());
    return this.#view(name);
  }

  /** @throws InputError naming an array that is no place for an output. */
  checkOutputs(outputs: Readonly<Record<string, Float32Array>>): void {
    for (const [name, shape] of this.outputs) if (name in outputs) checkArray('output', name, shape, outputs[name]);
  }

  /** Copies the outputs of the last run to `outputs`, into new arrays where there are none. */
  read(outputs: Record<string, Float32Array>): Record<string, Float32Array> {
    for (const name of this.outputs.keys()) {
      const view = this.#view(name);
      if (name in outputs) outputs[name]!.set(view);
      else outputs[name] = view.slice();
    }
    return outputs;
  }

  #view(name: string): Float32Array {
    const { address, elements } = this.#slots.get(name)!;
    return this.engine.memory.f32(address, elements);
  }
}

/** The time at which each value is used for the last time, by another step, by the caller or by a backward pass. */
function lastUses(
  steps: readonly PlannedStep[],
  routes: readonly (Wanted | undefined)[],
  { turn, again, backward }: Timeline,
  outputs: ReadonlySet<Node>,
): InRuns<number> {
  const last: InRuns<number> = [new Map(), new Map()];
  const twice = new Set([...again.keys()].map((index) => steps[index]!.last));
  const use = (node: Node, time: number, run: 0 | 1): void => {
    const uses = last[run === 1 && twice.has(node) ? 1 : 0];
    uses.set(node, Math.max(time, uses.get(node) ?? time));
  };
  for (const node of outputs) use(node, turn, 0);
  for (const [index, step] of steps.entries()) {
    const { inputs } = step.node;
    for (const input of inputs) use(input, index, 0);
    if (step.residual) use(step.residual, index, 0);
    const time = again.get(index);
    if (time !== undefined) for (const input of inputs) use(input, time, 1);
    const route = routes[index];
    if (!route) continue;
    const needs = needsOf(step, route);
    if (needs.inputs) for (const input of inputs) use(input, backward[index]!, 1);
    if (needs.output) use(step.last, backward[index]!, 1);
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
