import { InputError, WeightsError } from '../core/errors.ts';
import { elementsOf, formatShape, type Shape } from '../core/shape.ts';
import type { Engine } from '../runtime/engine.ts';
import type { Region } from '../runtime/regions.ts';
import { Parameters } from './parameters.ts';

/** One parameter that a training plan changes; addresses in bytes. */
export interface Learned {
  readonly name: string;
  readonly shape: Shape;
  readonly elements: number;
  /** Its values, with at least eight zeros behind them, as kernels want them behind a bias. */
  readonly values: number;
  /** What goes with them: the optimiser's states, then the gradient where it is gathered over calls. */
  readonly beside: readonly number[];
}

const BIAS_PADDING = 32;
const LINE = 64;

/** An odd number of cache lines: streams at a multiple of 4 KiB from one another, read and written together, are slow. */
const bytesOf = (elements: number): number => (Math.ceil((elements * 4 + BIAS_PADDING) / LINE) | 1) * LINE;

/** The parameters that a training plan changes, as plain float32 in one region of their own. */
export class LearnedParameters {
  readonly learned: readonly Learned[];
  /** Where their values lie, by name. */
  readonly regions: ReadonlyMap<string, Region>;
  readonly bytes: number;
  /** All parameters under their names: of those that change, what they are at the moment of reading. */
  readonly view: Parameters;
  readonly #engine: Engine;
  #region: Region | undefined;

  /** @param besideOf how many tensors go with each, zeros at first */
  constructor(engine: Engine, parameters: Parameters, names: readonly string[], besideOf: (name: string) => number) {
    this.#engine = engine;
    const sizes = names.map((name) => bytesOf(elementsOf(parameters.get(name).shape)) * (1 + besideOf(name)));
    this.bytes = sizes.reduce((sum, bytes) => sum + bytes, 0);
    this.#region = engine.regions.allocate(this.bytes);
    engine.memory.u8(this.#region.address, this.bytes).fill(0);
    let address = this.#region.address;
    this.learned = names.map((name) => {
      const { shape } = parameters.get(name);
      const elements = elementsOf(shape);
      const take = (): number => {
        const taken = address;
        address += bytesOf(elements);
        return taken;
      };
      return { name, shape, elements, values: take(), beside: Array.from({ length: besideOf(name) }, take) };
    });
    this.regions = new Map(
      this.learned.map(({ name, elements, values }) => [name, { address: values, bytes: bytesOf(elements) }]),
    );
    const byName = new Map(this.learned.map((one) => [one.name, one]));
    this.view = new Parameters(
      parameters.names.map((name) => {
        const one = byName.get(name);
        return [name, one ? { shape: one.shape, read: () => this.read(one.values, one) } : parameters.get(name)];
      }),
    );
    try {
      for (const one of this.learned) this.write(one.values, parameters.read(one.name));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** A copy of a parameter's values or of a tensor beside them. */
  read(address: number, { name, elements }: Learned): Float32Array {
    if (!this.#region) throw new InputError(`training: the plan is closed, and "${name}" went with it`);
    return this.#engine.memory.f32(address, elements).slice();
  }

  write(address: number, values: Float32Array): void {
    this.#engine.memory.f32(address, values.length).set(values);
  }

  close(): void {
    if (this.#region) this.#engine.regions.free(this.#region);
    this.#region = undefined;
  }
}

/** @throws WeightsError unless `values` fill the parameter's shape with finite numbers. */
export function checkValues({ name, shape, elements }: Learned, what: string, values: ArrayLike<number>): Float32Array {
  if (values.length !== elements)
    throw new WeightsError(
      `${what}: tensor "${name}" ${formatShape(shape)} needs ${elements} values, got ${values.length}`,
    );
  const floats = Float32Array.from(values);
  const wrong = floats.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw new WeightsError(`${what}: tensor "${name}" has ${floats[wrong]} at ${wrong}`);
  return floats;
}
