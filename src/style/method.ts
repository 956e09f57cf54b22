import { NotFiniteError, WeightsError } from '../core/errors.ts';
import { formatShape } from '../core/shape.ts';
import type { Tensor } from '../graph/checkpoint.ts';
import type { Optimizer } from '../graph/optimizer.ts';
import { Lbfgs } from '../optimize/lbfgs.ts';
import { binary as learning } from '../runtime/generated/learning.wasm.ts';
import type { Region } from '../runtime/regions.ts';
import type { Losses, Objective } from './objective.ts';

/** What an iteration came to. */
interface Progress {
  /** Of L-BFGS: of the picture as it is now. Of the others: of the picture that the iteration began with. */
  readonly losses: Losses;
  /** False where nothing lower was found. */
  readonly moved: boolean;
}

/** How a picture is changed until J is low: an optimiser with what it keeps. */
export interface Method {
  /** One line for people: its name and what it holds. */
  readonly description: string;
  /** One iteration. @param picture the address of the picture, which is changed */
  step(picture: number): Progress;
  /** Says that somebody else changed the picture. */
  moved(): void;
  /** What it goes on from with the same bits. */
  state(): ReadonlyMap<string, Tensor>;
  /** @throws WeightsError where a state is of another method or size */
  restore(state: ReadonlyMap<string, Tensor>): void;
  close(): void;
}

/** The mean change of a value, in grey levels, that the first step of L-BFGS tries. */
const FIRST_CHANGE = 1;

export interface MethodOptions {
  readonly optimizer: 'lbfgs' | Optimizer;
  /** Pairs that L-BFGS keeps. */
  readonly history?: number | undefined;
}

export const methodOf = (objective: Objective, { optimizer, history }: MethodOptions): Method =>
  optimizer === 'lbfgs' ? new QuasiNewton(objective, history) : new FirstOrder(objective, optimizer);

class QuasiNewton implements Method {
  readonly description: string;
  readonly #search: Lbfgs;
  readonly #objective: Objective;
  #losses: Losses | undefined;

  constructor(objective: Objective, history: number | undefined) {
    const { engine, elements } = objective;
    this.#objective = objective;
    this.#search = new Lbfgs(elements, {
      engine,
      firstStep: FIRST_CHANGE * Math.sqrt(elements),
      ...(history !== undefined && { history }),
    });
    const { history: pairs, bytes } = this.#search;
    this.description = `L-BFGS, ${pairs} pairs, ${(bytes / 2 ** 20).toFixed(0)} MB`;
  }

  step(picture: number): Progress {
    const { moved } = this.#search.step(picture, (point, gradient) => {
      this.#losses = this.#objective.evaluate(point, gradient);
      return this.#losses.total;
    });
    return { losses: this.#losses!, moved };
  }

  moved(): void {
    this.#search.moved();
  }

  state(): ReadonlyMap<string, Tensor> {
    return this.#search.state();
  }

  restore(state: ReadonlyMap<string, Tensor>): void {
    this.#search.restore(state);
  }

  close(): void {
    this.#search.close();
  }
}

class FirstOrder implements Method {
  readonly description: string;
  readonly #objective: Objective;
  readonly #optimizer: Optimizer;
  /** The gradient, then what the optimiser keeps. */
  readonly #vectors: readonly Region[];
  #updates = 0;

  constructor(objective: Objective, optimizer: Optimizer) {
    const { engine, elements } = objective;
    this.#objective = objective;
    this.#optimizer = optimizer;
    engine.need(learning);
    this.#vectors = ['gradient', ...optimizer.states].map(() => engine.regions.allocate(elements * 4));
    for (const { address } of this.#vectors) engine.memory.f32(address, elements).fill(0);
    this.description = `${optimizer.name}, ${((this.#vectors.length * elements * 4) / 2 ** 20).toFixed(0)} MB`;
  }

  step(picture: number): Progress {
    const { engine, elements } = this.#objective;
    const [gradient, ...states] = this.#vectors.map(({ address }) => address);
    const losses = this.#objective.evaluate(picture, gradient!);
    const squares = engine.kernels.f32_dot(gradient!, gradient!, elements);
    if (!Number.isFinite(losses.total) || !Number.isFinite(squares))
      throw new NotFiniteError(
        `stylize: J is ${losses.total} and the square of its gradient ${squares} after ${this.#updates} updates by ${this.#optimizer.name}: its learning rate is too large, or a weight is`,
      );
    const update = { name: 'image', elements, values: picture, gradient: gradient!, states };
    this.#optimizer.update(engine.kernels, update, this.#updates++);
    return { losses, moved: squares > 0 };
  }

  moved(): void {
    // Each step looks at the picture anew.
  }

  state(): ReadonlyMap<string, Tensor> {
    const { engine, elements } = this.#objective;
    const kept = this.#optimizer.states.map((name, i): [string, Tensor] => {
      const values = engine.memory.f32(this.#vectors[i + 1]!.address, elements).slice();
      return [name, { shape: [elements], values }];
    });
    return new Map([...kept, ['updates', { shape: [1], values: Float32Array.of(this.#updates) }]]);
  }

  restore(state: ReadonlyMap<string, Tensor>): void {
    const { engine, elements } = this.#objective;
    const take = (name: string, length: number): Float32Array => {
      const tensor = state.get(name);
      if (tensor?.values.length !== length)
        throw new WeightsError(
          `stylize: tensor "${name}" of ${this.#optimizer.name} must have ${length} values, got ${tensor ? formatShape(tensor.shape) : 'none'}`,
        );
      return tensor.values;
    };
    const [updates, ...kept] = [take('updates', 1), ...this.#optimizer.states.map((name) => take(name, elements))];
    this.#updates = updates[0]!;
    for (const [i, values] of kept.entries()) engine.memory.f32(this.#vectors[i + 1]!.address, elements).set(values);
  }

  close(): void {
    for (const region of this.#vectors) this.#objective.engine.regions.free(region);
  }
}
