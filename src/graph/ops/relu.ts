import type { Op } from '../op.ts';
import { elementwiseShape, forwardActivation } from './activation.ts';

/** Rectified linear unit, y = max(x, 0); NaN stays NaN. Any shape. */
export const relu: Op = {
  name: 'relu',
  shape: elementwiseShape('relu'),
  inPlace: true,
  activation: () => ({ slope: 1, lo: 0, hi: Number.POSITIVE_INFINITY }),
  forward: (kernels, site, at) => forwardActivation(kernels, site, at, relu),
};
