import { InputError } from '../../core/errors.ts';
import { Rng } from '../../core/rng.ts';
import { elementsOf, formatShape, type Shape, sameShape } from '../../core/shape.ts';
import { type Augmentation, type AugmentOptions, augmentation } from './augment.ts';
import type { Dataset } from './dataset.ts';

/** Writes examples of a dataset as rows of a network's input. */
export class BatchReader {
  readonly #dataset: Dataset;
  readonly #augmentation: Augmentation | undefined;
  readonly #varied: boolean;
  readonly #example: Float32Array;
  readonly #elements: number;

  /**
   * @param shape of one row of the input
   * @throws InputError where examples are neither of this shape nor pictures that can be brought to it
   */
  constructor(dataset: Dataset, shape: Shape, augment?: AugmentOptions | 'own') {
    const pictures = shape.length === 3 && dataset.shape.length === 3 && dataset.shape[2] === shape[2];
    const same = sameShape(dataset.shape, shape);
    if (!same && !pictures)
      throw new InputError(
        `training: examples are ${formatShape(dataset.shape)}, the network's input is ${formatShape(shape)} a row`,
      );
    if (augment === 'own' && !(dataset.vary && same))
      throw new InputError(
        `training: augment 'own' needs a dataset that varies its examples and gives ${formatShape(shape)}`,
      );
    if (augment && augment !== 'own' && !pictures)
      throw new InputError(`training: augment is for pictures, [H,W,C], examples are ${formatShape(dataset.shape)}`);
    this.#dataset = dataset;
    this.#varied = augment === 'own';
    this.#augmentation =
      augment === 'own' || (!augment && same)
        ? undefined
        : augmentation(dataset.shape, [shape[0]!, shape[1]!], augment ?? {});
    this.#example = new Float32Array(elementsOf(dataset.shape));
    this.#elements = elementsOf(shape);
  }

  /** Row i is example i; what is random about it is a function of the path and i. */
  fill(into: Float32Array, examples: ArrayLike<number>, ...path: readonly [number, ...number[]]): void {
    for (let row = 0; row < examples.length; row++) {
      const to = into.subarray(row * this.#elements, (row + 1) * this.#elements);
      if (this.#varied) this.#dataset.vary!(examples[row]!, to, new Rng(...path, row));
      else if (!this.#augmentation) this.#dataset.read(examples[row]!, to);
      else {
        this.#dataset.read(examples[row]!, this.#example);
        this.#augmentation.apply(this.#example, to, new Rng(...path, row));
      }
    }
  }
}
