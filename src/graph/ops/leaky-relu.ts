import { ShapeError } from '../../core/errors.ts';
import type { Op } from '../op.ts';
import { elementwiseShape, forwardActivation } from './activation.ts';

export interface LeakyReluAttributes {
  /** Slope below zero, 0 ≤ slope ≤ 1. */
  readonly slope: number;
}

/** Leaky rectified linear unit, y = max(x, slope·x). Any shape. */
export const leakyRelu: Op<LeakyReluAttributes> = {
  name: 'leakyRelu',
  shape(inputs, { slope }) {
    if (!(slope >= 0 && slope <= 1)) throw new ShapeError(`leakyRelu: slope must lie in 0..1, got ${slope}`);
    return elementwiseShape('leakyRelu')(inputs);
  },
  inPlace: true,
  activation: ({ slope }) => ({ slope, lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY }),
  forward: (kernels, site, at) => forwardActivation(kernels, site, at, leakyRelu),
};
