import { InputError } from '../core/errors.ts';
import { elementsOf, formatShape, type Shape } from '../core/shape.ts';
import { defaultEngine, type Engine } from '../runtime/engine.ts';
import { Arena, type Lifetime } from './arena.ts';
import { describePlan } from './describe.ts';
import { fuse } from './fuse.ts';
import type { Graph, Node } from './graph.ts';
import { PACK_SCRATCH } from './op.ts';
import type { Parameters } from './parameters.ts';
import { type PlannedStep, planStep } from './planned-step.ts';
import { inferShapes, reachable } from './schedule.ts';

export interface PlanOptions {
  readonly parameters: Parameters;
  /** Shapes of the graph's inputs, by name: they fix every other shape. */
  readonly inputs: Readonly<Record<string, Shape>>;
  /** Names of the nodes whose activations are wanted. Default: the last node. */
  readonly outputs?: readonly string[];
  readonly engine?: Engine;
  /**
   * The most bytes of packed filters that stay in memory; beyond it, forms larger than the plain filters (Winograd's) are
   * made anew in scratch at each run. Default: no limit.
   */
  readonly memoryBudget?: number;
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

  constructor(graph: Graph, options: PlanOptions) {
    this.engine = options.engine ?? defaultEngine();
    const wanted = (options.outputs ?? [graph.nodes.at(-1)?.name ?? '']).map((name) => graph.node(name));
    const nodes = reachable(graph, wanted);
    const shapes = inferShapes(nodes, options.inputs, options.parameters);
    this.inputs = new Map(nodes.filter((node) => !node.op).map((node) => [node.name, shapes.get(node)!]));
    this.outputs = new Map(wanted.map((node) => [node.name, shapes.get(node)!]));

    const schedule = fuse(nodes, new Set(wanted), shapes);
    const lastRead = new Map<Node, number>();
    for (const [index, step] of schedule.entries()) for (const input of step.node.inputs) lastRead.set(input, index);
    for (const node of wanted) lastRead.set(node, schedule.length);

    const blocks = new Map<Node, Lifetime>();
    for (const node of nodes) {
      if (node.op) continue;
      const bytes = elementsOf(shapes.get(node)!) * 4;
      blocks.set(node, this.#arena.block(bytes, -1, lastRead.get(node) ?? -1));
    }
    let keptBytes = 0;
    this.steps = schedule.map((step, index) => {
      const room = (options.memoryBudget ?? Number.POSITIVE_INFINITY) - keptBytes;
      const planned = planStep(step, shapes, options.parameters, this.engine, room);
      keptBytes += planned.plainFilters === undefined ? planned.weightBytes : 0;
      this.#lay(planned, index, blocks, lastRead);
      return planned;
    });
    for (const node of new Set([...nodes.filter((node) => !node.op), ...wanted])) {
      const slot: Slot = { address: 0, elements: elementsOf(shapes.get(node)!) };
      this.#slots.set(node.name, slot);
      this.#arena.use(blocks.get(node)!, (address) => (slot.address = address));
    }
    this.parameterBytes = this.steps.reduce((sum, { weightBytes }) => sum + weightBytes, 0);
    this.workspaceBytes = this.#arena.place();
    this.engine.workspace(this.workspaceBytes);
  }

  /** Gives a step its blocks of the workspace; its output takes the place of an input that it may overwrite. */
  #lay(step: PlannedStep, index: number, blocks: Map<Node, Lifetime>, lastRead: ReadonlyMap<Node, number>): void {
    const { node, last, at, site, outputBytes, scratchBytes, plainFilters } = step;
    for (const [i, input] of node.inputs.entries())
      this.#arena.use(blocks.get(input)!, (address) => (at.inputs[i] = address));

    const until = lastRead.get(last) ?? index;
    const given = node.op.inPlace
      ? node.inputs.map((input) => blocks.get(input)!).find(({ to, bytes }) => to === index && bytes === outputBytes)
      : undefined;
    const output = given ?? this.#arena.block(outputBytes, index, until);
    output.to = until;
    blocks.set(last, output);
    this.#arena.use(output, (address) => (at.output = address));

    if (scratchBytes > 0)
      this.#arena.use(this.#arena.block(scratchBytes, index, index), (address) => (at.scratch = address));
    if (plainFilters !== undefined) {
      const bytes = PACK_SCRATCH + node.op.weights!.packedBytes(site);
      this.#arena.use(this.#arena.block(bytes, index, index), (address) => (at.weights = address + PACK_SCRATCH));
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
    const { memory, kernels } = this.engine;
    for (const [name, shape] of this.inputs) checkArray('input', name, shape, inputs[name]);
    for (const [name, shape] of this.outputs) if (name in outputs) checkArray('output', name, shape, outputs[name]);
    this.#arena.bind(this.engine.workspace(this.workspaceBytes));
    for (const name of this.inputs.keys()) {
      const slot = this.#slots.get(name)!;
      memory.f32(slot.address, slot.elements).set(inputs[name]!);
    }
    for (const { node, site, at, plainFilters } of this.steps) {
      if (plainFilters !== undefined)
        node.op.weights!.pack(kernels, site, at.weights, plainFilters, at.weights - PACK_SCRATCH);
      node.op.forward(kernels, site, at);
    }
    for (const name of this.outputs.keys()) {
      const slot = this.#slots.get(name)!;
      const view = memory.f32(slot.address, slot.elements);
      if (name in outputs) outputs[name]!.set(view);
      else outputs[name] = view.slice();
    }
    return outputs;
  }

  /** A table of steps: node, kernel, shapes, MACs, bytes; and the peak of memory. */
  describe(): string {
    return describePlan(this);
  }
}

/** Fixes a graph to input shapes on an engine. */
export const plan = (graph: Graph, options: PlanOptions): Plan => new Plan(graph, options);

function checkArray(kind: string, name: string, shape: Shape, array: Float32Array | undefined): void {
  const expected = elementsOf(shape);
  if (array instanceof Float32Array && array.length === expected) return;
  const got = array === undefined ? 'nothing' : `${array.constructor?.name} of ${array.length}`;
  throw new InputError(
    `plan: ${kind} "${name}" must be a Float32Array of ${expected} ${formatShape(shape)}, got ${got}`,
  );
}
