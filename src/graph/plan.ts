import { InputError } from '../core/errors.ts';
import type { Shape } from '../core/shape.ts';
import type { Engine } from '../runtime/engine.ts';
import type { Region } from '../runtime/regions.ts';
import { BackwardPass, type Gradients } from './backward-pass.ts';
import { describePlan } from './describe.ts';
import type { GradientRequest } from './gradients.ts';
import type { Graph } from './graph.ts';
import { Layout, type LayoutOptions } from './layout.ts';
import type { Rule } from './op.ts';
import type { Parameters } from './parameters.ts';
import type { PlannedStep } from './planned-step.ts';
import { recompute } from './recompute.ts';

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
  /**
   * Keep less for the backward pass and compute it again, with the same bits: between the nodes that are named, or, if
   * true, between about √n of n steps. Default: false.
   */
  readonly recompute?: boolean | readonly string[];
  /**
   * Where activations lie: in a workspace of this plan, or in that of the engine, where no other plan may run between a
   * run and its backward pass. Default: `'own'` with gradients, else `'shared'`.
   */
  readonly workspace?: 'own' | 'shared';
}

export interface BackwardCall {
  readonly rule?: Rule;
  /** Arrays of the caller that the gradients are written to; those that are missing are made. */
  readonly into?: Gradients;
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
  readonly #layout: Layout;
  readonly #backward: BackwardPass | undefined;
  /** Nobody may run between a forward and a backward pass: plans with gradients have a workspace of their own, unless told. */
  #own: Region | undefined;
  /** The engine's turn of the last run. */
  #turn = 0;
  #owesBackward = false;
  #closed = false;

  /**
   * `plan(graph, options)` makes plans of both kinds.
   * @param backwardOf makes the backward pass; whoever needs none does not load its code
   */
  constructor(
    graph: Graph,
    options: LayoutOptions & Pick<PlanOptions, 'workspace'>,
    backwardOf?: (layout: Layout) => BackwardPass,
  ) {
    const layout = new Layout(graph, options);
    const { engine } = layout;
    this.#layout = layout;
    this.engine = engine;
    this.steps = layout.steps;
    this.inputs = layout.inputs;
    this.outputs = layout.outputs;
    this.#backward = backwardOf?.(layout);
    this.parameterBytes = layout.holdings.bytes;
    this.workspaceBytes = layout.arena.place();
    const { workspace = backwardOf ? 'own' : 'shared' } = options;
    if (workspace === 'own') this.#own = engine.regions.allocate(this.workspaceBytes);
    else engine.workspace(this.workspaceBytes);
  }

  readonly #base = (): number => this.#own?.address ?? this.engine.workspace(this.workspaceBytes);

  /**
   * Where an input lies in the workspace: who fills it in place and runs with it saves a copy. Good until another plan of
   * the engine runs or the engine's memory grows.
   * @throws InputError where no input has that name.
   */
  inputView(name: string): Float32Array {
    if (this.#closed) throw new InputError('plan: it is closed');
    return this.#layout.inputView(name, this.#base);
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
    this.#layout.checkOutputs(outputs);
    this.#layout.forward(inputs, this.#base);
    this.#owesBackward = true;
    this.#turn = this.engine.turn;
    return this.#layout.read(outputs);
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
    if (!this.#own && this.#turn !== this.engine.turn)
      throw new InputError('backward: another plan has taken the shared workspace since the run');
    this.#owesBackward = false;
    this.#backward.run(seeds, rule);
    return this.#backward.read(into);
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
export function plan(graph: Graph, options: PlanOptions): Plan {
  return new Plan(graph, layoutOptions(options), options.gradients && ((layout) => new BackwardPass(layout)));
}

/** Bytes of workspace that a plan would need, before there is one: parameters are brought into memory, a workspace is not. */
export function workspaceOf(graph: Graph, options: PlanOptions): number {
  const layout = new Layout(graph, layoutOptions(options));
  if (options.gradients) new BackwardPass(layout);
  return layout.arena.place();
}

const layoutOptions = ({ recompute: again, ...options }: PlanOptions) =>
  options.gradients && again ? { ...options, schedule: recompute(again) } : options;
