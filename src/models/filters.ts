import { WeightsError } from '../core/errors.ts';
import { formatShape, type Shape, sameShape } from '../core/shape.ts';
import type { Parameter } from '../graph/parameters.ts';

export interface FilterOptions {
  /** Input channels come in the opposite order: filters for blue, green, red become filters for red, green, blue. */
  readonly reversed?: boolean;
}

/**
 * Filters of a file as a parameter of shape [kh,kw,I,O], from that order or from [O,I,kh,kw] (Caffe's and PyTorch's).
 * They stay as they are until they are read.
 *
 * @throws WeightsError naming the tensor, where it has neither shape.
 */
export function filtersOf(
  name: string,
  stored: Parameter,
  shape: readonly [number, number, number, number],
  { reversed = false }: FilterOptions = {},
): Parameter {
  const [height, width, i, o] = shape;
  const [window, size] = [height * width, height * width * i * o];
  const outputsFirst = [o, i, height, width];
  if (!sameShape(stored.shape, shape) && !sameShape(stored.shape, outputsFirst))
    throw new WeightsError(
      `weights: tensor "${name}" must be ${formatShape(shape)} or ${formatShape(outputsFirst)}, got ${formatShape(stored.shape)}`,
    );
  /** How far apart values are in the file along each axis: window, input channel, output channel. */
  const steps = sameShape(stored.shape, shape) ? [i * o, o, 1] : [1, window, i * window];
  if (steps[2] === 1 && !reversed) return stored;
  const [perCell, perInput, perOutput] = steps as [number, number, number];
  return {
    shape: shape as Shape,
    read(into = new Float32Array(size)) {
      const values = stored.read();
      for (let cell = 0, at = 0; cell < window; cell++)
        for (let channel = 0; channel < i; channel++) {
          const from = cell * perCell + (reversed ? i - 1 - channel : channel) * perInput;
          for (let output = 0; output < o; output++) into[at++] = values[from + output * perOutput]!;
        }
      return into;
    },
  };
}
