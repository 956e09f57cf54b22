import { InputError, WeightsError } from '../core/errors.ts';
import { formatShape, type Shape, sameShape } from '../core/shape.ts';
import type { Graph } from '../graph/graph.ts';
import { type Parameter, Parameters } from '../graph/parameters.ts';
import { weightsHash } from '../io/identity.ts';

/** The picture that a network takes: one square of RGB, [1, size, size, 3], of values (v − mean) / divisor. */
export interface NetworkInput {
  /** Name of the graph's input. */
  readonly name: string;
  /** Side of the square in pixels, unless the caller chooses another. */
  readonly size: number;
  /** Sides that it can take are multiples of this; absent where `size` is the only one. */
  readonly step?: number;
  /** Where a crop that is no square lies on its black square. */
  readonly place: 'centre' | 'start';
  /** Means of red, green and blue on the scale 0 … 255. */
  readonly mean: readonly [number, number, number];
  readonly divisor: number;
}

/** A network without its weights: the graph, what goes in, what comes out, and which tensors it needs. */
export interface Architecture {
  /** Also the prefix of its tensors where a file holds several networks: `face_recognition/fc`. */
  readonly name: string;
  readonly graph: Graph;
  readonly input: NetworkInput;
  /** Names of the nodes that hold the result. */
  readonly outputs: readonly string[];
  /** Names and shapes of the tensors that it needs. */
  readonly tensors: ReadonlyMap<string, Shape>;
  /**
   * The parameters for plans of the graph, from a store that holds the tensors by their names, or by names that begin
   * with the network's: checked, with what the graph derives from them.
   *
   * @throws WeightsError naming the tensor that is missing or has another shape.
   */
  bind(parameters: Parameters): Parameters;
}

/**
 * Shape of the network's input for squares of `size` pixels.
 * @throws InputError where it cannot take that size.
 */
export function inputShape({ name, input }: Architecture, size = input.size): Shape {
  const fits = input.step === undefined ? size === input.size : size >= input.step && size % input.step === 0;
  if (!fits)
    throw new InputError(
      `${name}: the size of its input must be ${input.step === undefined ? input.size : `a multiple of ${input.step}`}, got ${size}`,
    );
  return [1, size, size, 3];
}

/** Says which network with which weights: equal for equal float32 values, in whatever file they came. 64 hexadecimal digits. */
export const modelHash = (architecture: Architecture, bound: Parameters): string =>
  weightsHash(bound, architecture.tensors.keys());

/** Parameters that a graph reads and no file holds: made of the tensors by a rule, as batch normalisation's scale. */
export type Derived = ReadonlyMap<string, (tensors: Parameters) => Parameter>;

/** The `bind` of an architecture. */
export function bindTensors(
  network: string,
  tensors: ReadonlyMap<string, Shape>,
  derived: Derived,
  parameters: Parameters,
): Parameters {
  const prefix = parameters.names.some((name) => name.startsWith(`${network}/`)) ? `${network}/` : '';
  const missing = [...tensors.keys()].filter((name) => !parameters.has(prefix + name));
  if (missing.length === tensors.size)
    throw new WeightsError(
      `${network}: these are not its weights, "${missing[0]}" and its other ${tensors.size - 1} tensors are missing`,
    );
  if (missing.length > 0)
    throw new WeightsError(
      `${network}: tensor "${missing[0]}" is missing${missing.length > 1 ? `, and ${missing.length - 1} more` : ''}`,
    );
  const entries = Array.from(tensors, ([name, shape]): [string, Parameter] => {
    const parameter = parameters.get(prefix + name);
    if (!sameShape(parameter.shape, shape))
      throw new WeightsError(
        `${network}: tensor "${name}" must be ${formatShape(shape)}, got ${formatShape(parameter.shape)}`,
      );
    return [name, parameter];
  });
  const own = new Parameters(entries);
  return new Parameters([...entries, ...Array.from(derived, ([name, make]) => [name, make(own)] as const)]);
}
