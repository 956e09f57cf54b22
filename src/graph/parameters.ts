import { WeightsError } from '../core/errors.ts';
import { elementsOf, formatShape, type Shape } from '../core/shape.ts';
import type { StoredTensor } from '../core/stored-tensor.ts';

/**
 * A named tensor of a model. `read` gives its float32 values, dequantised anew where it is stored in another form: in
 * `into` where that is given, which has room for just them, else in a new array.
 */
export interface Parameter {
  readonly shape: Shape;
  /** Its form in the file that it came from, where it came from one. */
  readonly stored?: StoredTensor;
  read(into?: Float32Array): Float32Array;
}

/** The parameters of a model, apart from any plan: plans of all sizes share one store. */
export class Parameters {
  readonly #entries: ReadonlyMap<string, Parameter>;

  constructor(entries: Iterable<readonly [string, Parameter]>) {
    this.#entries = new Map(entries);
  }

  get names(): string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** @throws WeightsError naming the tensor. */
  get(name: string): Parameter {
    const parameter = this.#entries.get(name);
    if (!parameter) throw new WeightsError(`weights: tensor "${name}" is missing`);
    return parameter;
  }

  /**
   * The values of a parameter, in a new array or in one of the caller's.
   * @throws WeightsError where they do not fill its shape.
   */
  read(name: string, into?: Float32Array): Float32Array {
    const parameter = this.get(name);
    const expected = elementsOf(parameter.shape);
    const check = (values: Float32Array): void => {
      if (values.length !== expected)
        throw new WeightsError(
          `weights: tensor "${name}" ${formatShape(parameter.shape)} needs ${expected} values, got ${values.length}`,
        );
    };
    if (into) check(into);
    const values = parameter.read(into);
    check(values);
    if (!into || values === into) return values;
    into.set(values);
    return into;
  }
}

/** A store from plain arrays: `parametersOf({ w: { shape: [3, 3, 1, 8], values } })`. */
export function parametersOf(
  tensors: Readonly<Record<string, { shape: Shape; values: ArrayLike<number> }>>,
): Parameters {
  return new Parameters(
    Object.entries(tensors).map(([name, { shape, values }]) => [
      name,
      { shape, read: () => Float32Array.from(values) },
    ]),
  );
}

/** A store of shapes without values, for a network that has no weights yet: enough for its shapes and receptive fields. */
export const shapesOnly = (shapes: ReadonlyMap<string, Shape>): Parameters =>
  new Parameters(
    Array.from(shapes, ([name, shape]) => [
      name,
      {
        shape,
        read() {
          throw new WeightsError(`weights: of tensor "${name}" only the shape is known`);
        },
      },
    ]),
  );
