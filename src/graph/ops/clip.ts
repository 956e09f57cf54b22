import { ShapeError } from '../../core/errors.ts';
import type { Op } from '../op.ts';
import { elementwiseShape, forwardActivation } from './activation.ts';

export interface ClipAttributes {
  readonly lo: number;
  readonly hi: number;
}

/** y = min(max(x, lo), hi); ReLU6 is lo 0, hi 6. NaN stays NaN. Any shape. */
export const clip: Op<ClipAttributes> = {
  name: 'clip',
  shape(inputs, { lo, hi }) {
    if (!(lo <= hi)) throw new ShapeError(`clip: lo must not exceed hi, got ${lo} and ${hi}`);
    return elementwiseShape('clip')(inputs);
  },
  inPlace: true,
  activation: ({ lo, hi }) => ({ slope: 1, lo, hi }),
  forward: (kernels, site, at) => forwardActivation(kernels, site, at, clip),
};
