import type { Activation, Op } from '../op.ts';
import { activationBackward, activationForward, elementwiseShape } from './activation.ts';

const activation = (): Activation => ({ slope: 1, lo: 0, hi: Number.POSITIVE_INFINITY });

/** Rectified linear unit, y = max(x, 0); NaN stays NaN. Any shape. */
export const relu: Op = {
  name: 'relu',
  shape: elementwiseShape('relu'),
  inPlace: true,
  activation,
  forward: activationForward(activation),
  backward: activationBackward(activation),
};
