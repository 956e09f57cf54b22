import { ShapeError } from '../../core/errors.ts';
import { formatShape } from '../../core/shape.ts';
import type { Op } from '../op.ts';
import { type ConvAttributes, geometryOf, outputShape } from './conv/geometry.ts';
import { passesOf } from './conv/passes.ts';

/**
 * Convolution (cross-correlation, as networks mean it) of rank 1, 2 or 3, channels last:
 * y[b, i, n] = Σ_p,c x[b, i·stride + p·dilation − before, c] · filters[p, c, n] + bias[n], i and p over 1 to 3 axes.
 * Input [N,W,C], [N,H,W,C] or [N,D,H,W,C]; filters [kw,C,Co], [kh,kw,C,Co] or [kd,kh,kw,C,Co], with C / groups in place
 * of C; bias [Co].
 *
 * Kernels: `gemm` (a window of one cell) · `winograd_6x6`, `winograd_4x4` and `winograd_2x2` (3×3, stride 1, channels in fours, outputs in
 * eights) · `winograd_3d_4x4` and `winograd_3d_2x2` (the same on the slices of a volume, any depth) · `polyphase` (5 to 8 taps a side,
 * stride 2, outputs in eights) · `direct` for all else.
 */
export const conv: Op<ConvAttributes> = {
  name: 'conv',
  roles: ['filters', 'bias?'],
  activates: true,
  adds: true,

  shape(inputs, attributes, { filters, bias }) {
    const x = inputs[0];
    if (inputs.length !== 1 || !x || x.length < 3 || x.length > 5)
      throw new ShapeError(
        `conv: input must be one [N,W,C], [N,H,W,C] or [N,D,H,W,C], got ${inputs.map(formatShape).join(' ')}`,
      );
    const g = geometryOf('conv', x, filters!, attributes);
    if (bias && (bias.length !== 1 || bias[0] !== g.n))
      throw new ShapeError(`conv: bias must be [${g.n}], got ${formatShape(bias)}`);
    return outputShape(g, x.length - 2);
  },
  ...passesOf<ConvAttributes>(
    ({ inputs, parameters, attributes }) => geometryOf('conv', inputs[0]!, parameters.filters!, attributes),
    false,
  ),
};
