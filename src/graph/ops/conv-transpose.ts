import { ShapeError } from '../../core/errors.ts';
import { formatShape, type Shape } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Op } from '../op.ts';
import { type ConvAttributes, type Geometry, geometryOf, outputShape } from './conv/geometry.ts';
import { passesOf } from './conv/passes.ts';

export interface ConvTransposeAttributes extends ConvAttributes {
  /** Spatial sizes of the output: several fit one input where the stride is above 1. */
  readonly size: readonly number[];
}

/** The convolution from the output to the input, of which this op is the transpose. */
function geometryOfTranspose(x: Shape, filters: Shape, attributes: ConvTransposeAttributes): Geometry {
  const c = filters.at(-2)! * (attributes.groups ?? 1);
  return geometryOf('convTranspose', [x[0]!, ...attributes.size, c], filters, attributes);
}

/**
 * Transposed convolution, the adjoint of `conv`: ⟨conv(y), x⟩ = ⟨y, convTranspose(x)⟩ with the same filters.
 * y[b, i·stride + p·dilation − before, c] += Σ_n x[b, i, n] · filters[p, c, n], then + bias[c].
 * Input [N, …spatial, Cx], filters [...kernel, Cy, Cx] (with groups: [...kernel, Cy / groups, Cx]), output
 * [N, …size, Cy], bias [Cy].
 */
export const convTranspose: Op<ConvTransposeAttributes> = {
  name: 'convTranspose',
  binary: learning,
  roles: ['filters', 'bias?'],
  activates: true,

  shape(inputs, attributes, { filters, bias }) {
    const x = inputs[0];
    if (inputs.length !== 1 || !x || x.length < 3 || x.length > 5)
      throw new ShapeError(
        `convTranspose: input must be one [N,W,C], [N,H,W,C] or [N,D,H,W,C], got ${inputs.map(formatShape).join(' ')}`,
      );
    const rank = x.length - 2;
    if (attributes.size?.length !== rank)
      throw new ShapeError(`convTranspose: size must be ${rank} whole numbers, got ${JSON.stringify(attributes.size)}`);
    const g = geometryOfTranspose(x, filters!, attributes);
    const expected = outputShape(g, rank);
    if (expected.some((size, i) => size !== x[i]))
      throw new ShapeError(
        `convTranspose: an output of ${formatShape(attributes.size)} belongs to an input ${formatShape(expected)}, got ${formatShape(x)}`,
      );
    if (bias && (bias.length !== 1 || bias[0] !== g.c))
      throw new ShapeError(`convTranspose: bias must be [${g.c}], got ${formatShape(bias)}`);
    return [x[0]!, ...attributes.size, g.c];
  },
  ...passesOf<ConvTransposeAttributes>(
    ({ inputs, parameters, attributes }) => geometryOfTranspose(inputs[0]!, parameters.filters!, attributes),
    true,
  ),
};
