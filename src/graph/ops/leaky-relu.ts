import { ShapeError } from '../../core/errors.ts';
import type { Activation, Op } from '../op.ts';
import { activationBackward, activationForward, elementwiseShape } from './activation.ts';

export interface LeakyReluAttributes {
  /** Slope below zero, 0 ≤ slope ≤ 1. */
  readonly slope: number;
}

const activation = ({ slope }: LeakyReluAttributes): Activation => ({
  slope,
  lo: Number.NEGATIVE_INFINITY,
  hi: Number.POSITIVE_INFINITY,
});

/** Leaky rectified linear unit, y = max(x, slope·x). Any shape. */
export const leakyRelu: Op<LeakyReluAttributes> = {
  name: 'leakyRelu',
  shape(inputs, { slope }) {
    if (!(slope >= 0 && slope <= 1)) throw new ShapeError(`leakyRelu: slope must lie in 0..1, got ${slope}`);
    return elementwiseShape('leakyRelu')(inputs);
  },
  inPlace: true,
  activation,
  forward: activationForward(activation),
  backward: activationBackward(activation),
};
