import { InputError, NotFiniteError, WeightsError } from '../core/errors.ts';
import { formatShape } from '../core/shape.ts';
import type { Tensor } from '../graph/checkpoint.ts';
import { defaultEngine, type Engine } from '../runtime/engine.ts';
import { binary as learning } from '../runtime/generated/learning.wasm.ts';
import type { Region } from '../runtime/regions.ts';
import { type LinePoint, strongWolfe } from './lbfgs-line-search.ts';

/** A cache line between vectors: streams a multiple of 4 KiB apart would share its sets. */
const GAP = 64;
/** sᵀy below this share of yᵀy says nothing about curvature in float32. */
const LEAST_CURVATURE = 1e-10;
/** Vectors beside the pairs: the gradient, the trial point, its gradient, the direction. */
const OTHERS = 4;

export interface LbfgsOptions {
  /** Pairs of differences that the Hessian is told by. Default: `lbfgsHistory(elements)`. */
  readonly history?: number;
  /** Length ‖Δx‖ of the first step that is tried, where no curvature is known yet. Default: 1. */
  readonly firstStep?: number;
  /** The most evaluations of one line search. Default: 20. */
  readonly evaluations?: number;
  /** c₁ and c₂ of the strong Wolfe conditions. Defaults: 1e-4 and 0.9. */
  readonly decrease?: number;
  readonly curvature?: number;
  readonly engine?: Engine;
}

/**
 * The function and its gradient at a point. Both are addresses of floats in the engine's memory: the point is read, the
 * gradient overwritten. The same point must give the same bits.
 */
export type Evaluate = (point: number, gradient: number) => number;

/** What an iteration came to. */
export interface LbfgsStep {
  /** The function at the point where it ended: the one that was evaluated last. */
  readonly value: number;
  /** False where no lower point was found: a minimum, as far as float32 can tell. */
  readonly moved: boolean;
  readonly evaluations: number;
}

/** Pairs that are kept where memory allows, what they may take, and how many are kept of larger vectors. */
const MOST_PAIRS = 100;
const MOST_BYTES = 128 * 2 ** 20;
const FEW_PAIRS = 12;

/**
 * Pairs that L-BFGS keeps of so many values: 100 where they fit into 128 MiB, otherwise 12, or as many of these as fit, at
 * least 2: beyond some ten pairs little is gained by more. A function of the size alone, the same on every machine.
 */
export function lbfgsHistory(elements: number): number {
  const most = Math.floor(MOST_BYTES / (2 * (elements * 4 + GAP)));
  return most >= MOST_PAIRS ? MOST_PAIRS : Math.max(2, Math.min(most, FEW_PAIRS));
}

/**
 * L-BFGS: descent along −H·∇f, where H stands for the inverse Hessian as the last steps s = Δx and y = Δ∇f tell it
 * (two-loop recursion: Nocedal & Wright 2006, algorithm 7.4; scaled by sᵀy / yᵀy, equation 7.20), with a line search for
 * the strong Wolfe conditions. Vectors are float32 in wasm memory, sums float64.
 *
 * @throws InputError for an option that is out of range; OutOfMemoryError
 * @example
 * const search = new Lbfgs(2);
 * const point = engine.regions.allocate(8).address;
 * while (search.step(point, evaluate).moved);
 */
export class Lbfgs {
  readonly elements: number;
  /** Pairs that are kept at most. */
  readonly history: number;
  /** Bytes of memory that it holds. */
  readonly bytes: number;
  readonly #engine: Engine;
  readonly #region: Region;
  readonly #stride: number;
  readonly #options: Required<Omit<LbfgsOptions, 'history' | 'engine'>>;
  /** Slots of the pairs, oldest first, with 1 / sᵀy. */
  readonly #pairs: { readonly slot: number; readonly inverse: number }[] = [];
  /** sᵀy / yᵀy of the last pair. */
  #scale = 1;
  #gradient: number;
  #trialGradient: number;
  /** The function at the point, where `#gradient` belongs to it. */
  #value: number | undefined;
  #closed = false;

  constructor(elements: number, options: LbfgsOptions = {}) {
    const { firstStep = 1, evaluations = 20, decrease = 1e-4, curvature = 0.9, engine = defaultEngine() } = options;
    const { history = lbfgsHistory(elements) } = options;
    for (const [name, value] of Object.entries({ elements, history, evaluations }))
      if (!(Number.isInteger(value) && value > 0))
        throw new InputError(`lbfgs: ${name} must be a whole number above 0, got ${value}`);
    if (!(firstStep > 0 && firstStep < Number.POSITIVE_INFINITY))
      throw new InputError(`lbfgs: firstStep must be a finite number above 0, got ${firstStep}`);
    if (!(decrease > 0 && decrease < curvature && curvature < 1))
      throw new InputError(`lbfgs: needs 0 < decrease < curvature < 1, got ${decrease} and ${curvature}`);
    this.elements = elements;
    this.history = history;
    this.#options = { firstStep, evaluations, decrease, curvature };
    this.#engine = engine;
    engine.need(learning);
    this.#stride = Math.ceil((elements * 4) / GAP) * GAP + GAP;
    this.#region = engine.regions.allocate((OTHERS + 2 * history) * this.#stride);
    this.bytes = this.#region.bytes;
    // Pages that nobody has written to are not there yet: memory that is needed later is found missing now.
    engine.memory.u8(this.#region.address, this.bytes).fill(0);
    this.#gradient = this.#vector(0);
    this.#trialGradient = this.#vector(1);
  }

  #vector(index: number): number {
    return this.#region.address + index * this.#stride;
  }

  #s(slot: number): number {
    return this.#vector(OTHERS + 2 * slot);
  }

  #y(slot: number): number {
    return this.#vector(OTHERS + 2 * slot + 1);
  }

  /**
   * One iteration: moves the point to a lower one, or leaves it. The last evaluation is always of the point where it ends.
   * @param point Address of the point, which is changed
   * @throws NotFiniteError where the function or its gradient is not finite at the point; nothing was changed
   */
  step(point: number, evaluate: Evaluate): LbfgsStep {
    if (this.#closed) throw new InputError('lbfgs: it is closed');
    let evaluations = 0;
    const counted: Evaluate = (at, gradient) => {
      evaluations++;
      return evaluate(at, gradient);
    };
    const value = (this.#value ??= this.#begin(point, counted));
    let found = this.#search(point, value, counted);
    if (!found && this.#pairs.length > 0) {
      // What the pairs tell of the function no longer holds: down the gradient itself.
      this.#forget();
      found = this.#search(point, value, counted);
    }
    if (!found) {
      if (evaluations > 0) counted(point, this.#gradient);
      return { value, moved: false, evaluations };
    }
    this.#accept(point);
    this.#value = found.value;
    return { value: found.value, moved: true, evaluations };
  }

  #begin(point: number, evaluate: Evaluate): number {
    const value = evaluate(point, this.#gradient);
    const squares = this.#dot(this.#gradient, this.#gradient);
    if (!Number.isFinite(value) || !Number.isFinite(squares))
      throw new NotFiniteError(`lbfgs: the function is ${value} here, the square of its gradient ${squares}`);
    return value;
  }

  /** A lower point in the trial vectors, or none. */
  #search(point: number, value: number, evaluate: Evaluate): LinePoint | undefined {
    const { kernels } = this.#engine;
    const [trial, direction] = [this.#vector(2), this.#vector(3)];
    this.#direct(direction);
    let slope = this.#dot(this.#gradient, direction);
    if (!(slope < 0 && slope > Number.NEGATIVE_INFINITY)) {
      this.#forget();
      this.#direct(direction);
      slope = this.#dot(this.#gradient, direction);
    }
    if (!(slope < 0)) return undefined;
    const first = this.#pairs.length > 0 ? 1 : this.#options.firstStep / Math.sqrt(-slope);
    const along = (step: number): LinePoint => {
      kernels.f32_scale(trial, direction, this.elements, step);
      kernels.f32_axpy(trial, point, this.elements, 1);
      const at = evaluate(trial, this.#trialGradient);
      return { step, value: at, slope: this.#dot(this.#trialGradient, direction) };
    };
    return strongWolfe(along, { step: 0, value, slope }, first, this.#options);
  }

  /** direction = −H · gradient, by the two-loop recursion. */
  #direct(direction: number): void {
    const { kernels } = this.#engine;
    const n = this.elements;
    kernels.f32_scale(direction, this.#gradient, n, -1);
    const shares = new Map<number, number>();
    for (const { slot, inverse } of [...this.#pairs].reverse()) {
      const share = inverse * this.#dot(this.#s(slot), direction);
      shares.set(slot, share);
      kernels.f32_axpy(direction, this.#y(slot), n, -share);
    }
    if (this.#pairs.length > 0) kernels.f32_scale(direction, direction, n, this.#scale);
    for (const { slot, inverse } of this.#pairs) {
      const back = inverse * this.#dot(this.#y(slot), direction);
      kernels.f32_axpy(direction, this.#s(slot), n, shares.get(slot)! - back);
    }
  }

  /** Takes the trial point, and what the way there tells of the curvature. */
  #accept(point: number): void {
    const { kernels, memory } = this.#engine;
    const n = this.elements;
    const trial = this.#vector(2);
    const slot = this.#pairs.length < this.history ? this.#pairs.length : this.#pairs[0]!.slot;
    kernels.f32_difference(this.#s(slot), trial, point, n, 1);
    kernels.f32_difference(this.#y(slot), this.#trialGradient, this.#gradient, n, 1);
    if (this.#pairs.length === this.history) this.#pairs.shift();
    this.#remember(slot);
    memory.f32(point, n).set(memory.f32(trial, n));
    [this.#gradient, this.#trialGradient] = [this.#trialGradient, this.#gradient];
  }

  /** Counts a pair that lies in its slot. Where the function is not convex along it, what is known of it no longer holds. */
  #remember(slot: number): void {
    const curvature = this.#dot(this.#s(slot), this.#y(slot));
    const squares = this.#dot(this.#y(slot), this.#y(slot));
    if (curvature > LEAST_CURVATURE * squares) this.#pairs.push({ slot, inverse: 1 / curvature });
    else this.#forget();
    this.#scale = curvature / squares;
  }

  #forget(): void {
    this.#pairs.length = 0;
  }

  #dot(a: number, b: number): number {
    return this.#engine.kernels.f32_dot(a, b, this.elements);
  }

  /** Says that the point was changed by somebody else: the next step evaluates it anew. Curvature is still believed. */
  moved(): void {
    this.#value = undefined;
  }

  /** What a search goes on from with the same bits, beside its point: copies of the pairs `s` and `y` [pairs, elements], oldest first. */
  state(): ReadonlyMap<string, Tensor> {
    const { memory } = this.#engine;
    const copy = (address: (slot: number) => number): Tensor => {
      const values = new Float32Array(this.#pairs.length * this.elements);
      for (const [i, { slot }] of this.#pairs.entries())
        values.set(memory.f32(address(slot), this.elements), i * this.elements);
      return { shape: [this.#pairs.length, this.elements], values };
    };
    return new Map([
      ['s', copy((slot) => this.#s(slot))],
      ['y', copy((slot) => this.#y(slot))],
    ]);
  }

  /** Goes back to a state. @throws WeightsError where it is none of a search of this size; nothing was changed */
  restore(state: ReadonlyMap<string, Tensor>): void {
    const { memory } = this.#engine;
    const [s, y] = ['s', 'y'].map((name) => this.#checked(name, state.get(name)));
    if (s!.length !== y!.length) throw new WeightsError('lbfgs: its state has not as many s as y');
    this.#forget();
    this.moved();
    for (let slot = 0; slot < s!.length / this.elements; slot++) {
      const part = (values: Float32Array) => values.subarray(slot * this.elements, (slot + 1) * this.elements);
      memory.f32(this.#s(slot), this.elements).set(part(s!));
      memory.f32(this.#y(slot), this.elements).set(part(y!));
      this.#remember(slot);
    }
  }

  #checked(name: string, tensor: Tensor | undefined): Float32Array {
    if (!tensor) throw new WeightsError(`lbfgs: tensor "${name}" is missing`);
    const { shape, values } = tensor;
    const [pairs, elements] = shape;
    if (shape.length !== 2 || pairs! > this.history || elements !== this.elements)
      throw new WeightsError(
        `lbfgs: tensor "${name}" must be [0 … ${this.history},${this.elements}], got ${formatShape(shape)}`,
      );
    return values;
  }

  /** Gives its memory back. */
  close(): void {
    if (!this.#closed) this.#engine.regions.free(this.#region);
    this.#closed = true;
  }
}
