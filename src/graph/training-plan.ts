import { InputError, NotFiniteError } from '../core/errors.ts';
import { elementsOf, type Shape } from '../core/shape.ts';
import { defaultEngine, type Engine } from '../runtime/engine.ts';
import type { Region } from '../runtime/regions.ts';
import { BackwardPass } from './backward-pass.ts';
import { countsOf, readState, type StateTensor, stateToRestore, type Tensor, valuesToRestore } from './checkpoint.ts';
import { describePlan } from './describe.ts';
import type { Graph } from './graph.ts';
import { Layout } from './layout.ts';
import { checkValues, type Learned, LearnedParameters } from './learned.ts';
import type { Optimizer } from './optimizer.ts';
import type { Parameters } from './parameters.ts';
import type { PlannedStep } from './planned-step.ts';
import { recompute } from './recompute.ts';
import { reachable } from './schedule.ts';
import type { StepReport, TrainOptions } from './train-options.ts';
import { measuredBy, trainableOf } from './trainable.ts';

export interface TrainingPlanOptions {
  /** Where parameters start. The store itself stays as it is. */
  readonly parameters: Parameters;
  /** Shapes of the graph's inputs, by name. */
  readonly inputs: Readonly<Record<string, Shape>>;
  /** Nodes whose activations `step` gives beside the loss. Default: none. */
  readonly outputs?: readonly string[];
  readonly train: TrainOptions;
  readonly engine?: Engine;
  /** The most bytes of packed filters of frozen layers, as for a plan. Default: no limit. */
  readonly memoryBudget?: number;
}

/**
 * A graph fixed to input shapes with its forward pass, its backward pass and the update of its parameters. A step allocates
 * nothing in wasm memory. Parameters that learn are the plan's own, in plain float32; frozen ones are shared with the
 * other plans of the engine.
 */
export class TrainingPlan {
  readonly steps: readonly PlannedStep[];
  /** Bytes of workspace that a step needs: its peak. */
  readonly workspaceBytes: number;
  /** Bytes of parameters, its own and the forms of frozen ones that plans of the engine share. */
  readonly parameterBytes: number;
  /** Bytes of what the optimiser keeps, and of gradients that are gathered. */
  readonly optimizerBytes: number;
  readonly inputs: ReadonlyMap<string, Shape>;
  /** Shapes of what `step` gives: `outputs`, and the loss node. */
  readonly outputs: ReadonlyMap<string, Shape>;
  readonly engine: Engine;
  /** Names of the parameters that learn, in the order of the graph's nodes. */
  readonly trainable: readonly string[];
  /** Names of all that can change: those that learn, then running averages. A checkpoint holds them and `state()`. */
  readonly learned: readonly string[];
  /**
   * All parameters under their names; reading one gives a copy of what it is at the moment. A plan made from this store
   * computes with what they were when it was made: `refreshParameters(engine, training.parameters)` brings it up to date.
   */
  readonly parameters: Parameters;
  readonly #layout: Layout;
  readonly #backward: BackwardPass;
  readonly #learned: LearnedParameters;
  /** Those that learn. */
  readonly #trained: readonly Learned[];
  readonly #workspace: Region;
  readonly #optimizer: Optimizer;
  readonly #loss: string;
  readonly #seeds: Readonly<Record<string, Float32Array>>;
  readonly #clipNorm: number;
  readonly #accumulate: number;
  #updates = 0;
  /** Calls whose gradients have been gathered for the next update. */
  #calls = 0;
  #report: StepReport | undefined;
  #closed = false;

  constructor(graph: Graph, options: TrainingPlanOptions) {
    const { engine = defaultEngine(), parameters, inputs, memoryBudget, outputs = [] } = options;
    const { loss, optimizer, clipNorm = Number.POSITIVE_INFINITY, accumulate = 1, recompute: again } = options.train;
    if (!(clipNorm > 0)) throw new InputError(`training: clipNorm must be above 0, got ${clipNorm}`);
    if (!(Number.isInteger(accumulate) && accumulate > 0))
      throw new InputError(`training: accumulate must be a whole number above 0, got ${accumulate}`);
    this.engine = engine;
    this.#optimizer = optimizer;
    this.#loss = loss;
    this.#clipNorm = clipNorm;
    this.#accumulate = accumulate;

    const names = [...new Set([...outputs, loss])];
    const computed = reachable(
      graph,
      names.map((name) => graph.node(name)),
    );
    this.trainable = trainableOf(reachable(graph, [graph.node(loss)]), options.train.trainable, loss);
    const learns = new Set(this.trainable);
    this.learned = [...new Set([...this.trainable, ...measuredBy(computed)])];
    const beside = optimizer.states.length + (accumulate > 1 ? 1 : 0);
    this.#learned = new LearnedParameters(engine, parameters, this.learned, (name) => (learns.has(name) ? beside : 0));
    this.parameters = this.#learned.view;
    this.#trained = this.#learned.learned.filter(({ name }) => learns.has(name));
    try {
      const layout = new Layout(graph, {
        parameters,
        inputs,
        outputs: names,
        gradients: { parameters: this.trainable },
        engine,
        memoryBudget,
        own: this.#learned.regions,
        ...(again && { schedule: recompute(again) }),
      });
      this.#layout = layout;
      this.steps = layout.steps;
      this.inputs = layout.inputs;
      this.outputs = layout.outputs;
      this.#backward = new BackwardPass(layout);
      this.parameterBytes = layout.holdings.bytes;
      this.workspaceBytes = layout.arena.place();
      this.#workspace = engine.regions.allocate(this.workspaceBytes);
      const seed = new Float32Array(elementsOf(layout.outputs.get(loss)!));
      seed[0] = 1;
      this.#seeds = { [loss]: seed };
    } catch (error) {
      this.#learned.close();
      throw error;
    }
    const valueBytes = [...this.#learned.regions.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    this.optimizerBytes = this.#learned.bytes - valueBytes;
  }

  /** Updates made so far: what learning rates are functions of. */
  get updates(): number {
    return this.#updates;
  }

  /** What the last call of `step` did. @throws InputError before the first one */
  get report(): StepReport {
    if (!this.#report) throw new InputError('training: no step has been taken yet');
    return this.#report;
  }

  /**
   * Forward, backward and, at every `accumulate`-th call, the update. Gives `outputs` and the loss node's output, in arrays
   * of the caller where there are some: what they were before the update.
   * @throws InputError naming an input or output that does not fit
   * @throws NotFiniteError where the loss or a gradient is NaN or infinite: the call counts for nothing
   */
  step(
    inputs: Readonly<Record<string, Float32Array>>,
    outputs: Record<string, Float32Array> = {},
  ): Record<string, Float32Array> {
    if (this.#closed) throw new InputError('training: the plan is closed');
    const learningRate = this.#optimizer.learningRate(this.#updates);
    if (!(learningRate >= 0 && learningRate < Number.POSITIVE_INFINITY))
      throw new InputError(
        `training: the learning rate of update ${this.#updates} must be a finite number of at least 0, got ${learningRate}`,
      );
    this.#layout.checkOutputs(outputs);
    this.#layout.forward(inputs, () => this.#workspace.address);
    this.#layout.read(outputs);
    const loss = outputs[this.#loss]![0]!;
    if (!Number.isFinite(loss)) this.#refuse(`the loss "${this.#loss}" is ${loss}`);
    this.#backward.run(this.#seeds, 'gradient');
    const gradientOf = ({ name }: Learned): number => this.#backward.addressOf(name);
    const norm = this.#normOf(gradientOf);
    this.#report = { loss, learningRate, ...this.#learn(gradientOf, norm) };
    return outputs;
  }

  /** Gathers the gradients of a call, and updates the parameters where that was the last one of an update. */
  #learn(gradientOf: (one: Learned) => number, norm: number): Omit<StepReport, 'loss' | 'learningRate'> {
    if (this.#accumulate === 1) return this.#update(gradientOf, norm);
    const { kernels } = this.engine;
    const meanOf = ({ beside }: Learned): number => beside.at(-1)!;
    // Shares of the mean, not a sum that is divided in the end: what is finite stays so.
    const share = 1 / this.#accumulate;
    for (const one of this.#trained)
      if (this.#calls === 0) kernels.f32_scale(meanOf(one), gradientOf(one), one.elements, share);
      else kernels.f32_axpy(meanOf(one), gradientOf(one), one.elements, share);
    this.#calls++;
    if (this.#calls < this.#accumulate) return { updated: false, gradientNorm: norm, clipped: false };
    this.#calls = 0;
    return this.#update(meanOf, this.#normOf(meanOf));
  }

  #update(gradientOf: (one: Learned) => number, norm: number): Omit<StepReport, 'loss' | 'learningRate'> {
    const { kernels } = this.engine;
    const clipped = norm > this.#clipNorm;
    for (const one of this.#trained) {
      const { name, elements, values, beside } = one;
      const gradient = gradientOf(one);
      if (clipped) kernels.f32_scale(gradient, gradient, elements, this.#clipNorm / norm);
      this.#optimizer.update(kernels, { name, elements, values, gradient, states: beside }, this.#updates);
    }
    this.#updates++;
    return { updated: true, gradientNorm: norm, clipped };
  }

  /** The norm of all gradients together, summed in float64 in the order of `trainable`. */
  #normOf(gradientOf: (one: Learned) => number): number {
    const { kernels } = this.engine;
    let sum = 0;
    for (const one of this.#trained) {
      const squares = kernels.f32_dot(gradientOf(one), gradientOf(one), one.elements);
      if (!Number.isFinite(squares)) this.#refuse(`the gradient in "${one.name}" has a value that is not finite`);
      sum += squares;
    }
    return Math.sqrt(sum);
  }

  #refuse(what: string): never {
    throw new NotFiniteError(`training: ${what} at update ${this.#updates}; nothing was changed`);
  }

  /**
   * Sets a parameter that learns, or a running average.
   * @throws InputError for a frozen one, WeightsError for values that do not fill it or are not finite
   */
  setParameter(name: string, values: ArrayLike<number>): void {
    const one = this.#find(name);
    this.#learned.write(one.values, checkValues(one, 'training', values));
  }

  #find(name: string): Learned {
    if (this.#closed) throw new InputError('training: the plan is closed');
    const one = this.#learned.learned.find((each) => each.name === name);
    if (one) return one;
    this.parameters.get(name);
    throw new InputError(`training: "${name}" is frozen, its values are shared with other plans`);
  }

  /**
   * What a run is resumed from, with `parameters`: copies of the optimiser's tensors as `state/parameter`, and `step`, the
   * updates so far; between updates also what was gathered of the mean gradient, and from how many `calls`.
   */
  state(): ReadonlyMap<string, Tensor> {
    return readState(this.#learned, this.#stateTensors(this.#calls > 0), { step: this.#updates, calls: this.#calls });
  }

  #stateTensors(gathered: boolean): StateTensor[] {
    const names = gathered ? [...this.#optimizer.states, 'gradient'] : this.#optimizer.states;
    return this.#trained.flatMap((one) =>
      names.map((name, i) => ({ key: `${name}/${one.name}`, of: one, address: one.beside[i]! })),
    );
  }

  /**
   * Goes back to a checkpoint: a run that goes on from it has the same bits as one that never stopped. All is checked before
   * anything is changed.
   * @throws WeightsError naming a tensor that is missing, does not fit, is too much, or holds a number that is not finite
   */
  restore(parameters: Parameters, state: ReadonlyMap<string, Tensor>): void {
    if (this.#closed) throw new InputError('training: the plan is closed');
    const counts = countsOf(state, this.#accumulate - 1);
    const values = [
      ...valuesToRestore(this.#learned.learned, parameters),
      ...stateToRestore(this.#stateTensors(counts.calls > 0), state, this.#optimizer.name),
    ];
    for (const { address, floats } of values) this.#learned.write(address, floats);
    this.#updates = counts.step;
    this.#calls = counts.calls;
  }

  /** A table of the steps of the forward pass, the peak of memory, and what learns. */
  describe(): string {
    const again = this.#layout.timeline.again.size;
    const recomputed = again > 0 ? `; ${again} of ${this.steps.length} steps computed again for the backward pass` : '';
    return `${describePlan(this)}\n${this.trainable.length} parameters learn by ${this.#optimizer.name}${recomputed}`;
  }

  /** Gives back all that is the plan's own: it cannot step afterwards, nor can what it has learnt be read. */
  close(): void {
    if (!this.#closed) this.engine.regions.free(this.#workspace);
    this.#learned.close();
    this.#closed = true;
  }
}

/** Fixes a graph to input shapes and trains it. */
export const trainingPlan = (graph: Graph, options: TrainingPlanOptions): TrainingPlan =>
  new TrainingPlan(graph, options);
