import { ShapeError } from '../../core/errors.ts';
import { elementsOf, formatShape } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Op, Site } from '../op.ts';

export interface ConcatAttributes {
  /** The axis along which tensors are put one after another, from 0. Default: the last. */
  readonly axis?: number;
}

const axisOf = ({ axis }: ConcatAttributes, rank: number): number => axis ?? rank - 1;

/** The output as rows of floats, and each input's part of a row: where it starts and how long it is. */
function partsOf({ inputs, output, attributes }: Site<ConcatAttributes>) {
  const axis = axisOf(attributes, output.length);
  const row = elementsOf(output.slice(axis));
  let end = 0;
  const parts = inputs.map((input) => {
    const n = elementsOf(input.slice(axis));
    end += n;
    return { start: (end - n) * 4, n };
  });
  return { rows: elementsOf(output) / row, rowBytes: row * 4, parts };
}

/** Tensors one after another along one axis; all their other sizes are equal. One or more inputs. */
export const concat: Op<ConcatAttributes> = {
  name: 'concat',
  binary: learning,

  shape(inputs, attributes) {
    const [first] = inputs;
    const axis = axisOf(attributes, first?.length ?? 0);
    if (!first || !Number.isInteger(axis) || axis < 0 || axis >= first.length)
      throw new ShapeError(
        `concat: axis must be one of the inputs', from 0, got ${attributes.axis} for ${inputs.map(formatShape).join(' and ')}`,
      );
    const fits = (shape: readonly number[]): boolean =>
      shape.length === first.length && shape.every((size, i) => i === axis || size === first[i]);
    if (!inputs.every(fits))
      throw new ShapeError(
        `concat: inputs must agree in all axes but ${axis}, got ${inputs.map(formatShape).join(' and ')}`,
      );
    return first.map((size, i) => (i === axis ? inputs.reduce((sum, shape) => sum + shape[axis]!, 0) : size));
  },

  forward(kernels, site, at) {
    const { rows, rowBytes, parts } = partsOf(site);
    for (const [i, { start, n }] of parts.entries())
      kernels.f32_copy_rows(at.output + start, at.inputs[i]!, rows, n, rowBytes, n * 4);
  },

  backward: {
    run(kernels, site, at) {
      const { rows, rowBytes, parts } = partsOf(site);
      for (const [i, { start, n }] of parts.entries()) {
        const to = at.inputGradients[i];
        if (to) kernels.f32_copy_rows(to, at.outputGradient + start, rows, n, n * 4, rowBytes);
      }
    },
  },
};
