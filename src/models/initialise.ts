import { InputError } from '../core/errors.ts';
import { nameNumber, Rng } from '../core/rng.ts';
import { elementsOf, type Shape } from '../core/shape.ts';
import { Parameters } from '../graph/parameters.ts';

/**
 * How a tensor starts. `he`: normal with variance 2 / fan-in, for layers with a ReLU behind (He et al. 2015). `glorot`:
 * uniform with variance 2 / (fan-in + fan-out) (Glorot & Bengio 2010). `zeros`, `ones`.
 */
export type Initialiser = 'he' | 'glorot' | 'zeros' | 'ones';

/** A tensor that a network needs, and how it starts. */
export interface InitialTensor {
  readonly shape: Shape;
  readonly initialiser: Initialiser;
}

/** Values that meet one output, and outputs that one value meets: filters are [..., from, to], a window in front. */
function fansOf(shape: Shape): { readonly fanIn: number; readonly fanOut: number } {
  const window = elementsOf(shape.slice(0, -2));
  return { fanIn: window * shape.at(-2)!, fanOut: window * shape.at(-1)! };
}

/** Values of a tensor before training. Seed and name decide them: adding a layer leaves the others as they were. */
export function initialValues(name: string, { shape, initialiser }: InitialTensor, seed: number): Float32Array {
  const values = new Float32Array(elementsOf(shape));
  if (initialiser === 'zeros') return values;
  if (initialiser === 'ones') return values.fill(1);
  if (shape.length < 2)
    throw new InputError(`initialise: "${name}" needs two axes or more for '${initialiser}', got [${shape.join(',')}]`);
  const { fanIn, fanOut } = fansOf(shape);
  const rng = new Rng(seed, nameNumber(name));
  if (initialiser === 'he') {
    const deviation = Math.sqrt(2 / fanIn);
    return values.map(() => rng.normal() * deviation);
  }
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  return values.map(() => rng.between(-limit, limit));
}

/** A store of tensors as they are before training, the same for equal seeds on every engine. */
export const initialParameters = (tensors: ReadonlyMap<string, InitialTensor>, seed: number): Parameters =>
  new Parameters(
    Array.from(tensors, ([name, tensor]) => {
      const values = initialValues(name, tensor, seed);
      return [name, { shape: tensor.shape, read: () => values.slice() }] as const;
    }),
  );
