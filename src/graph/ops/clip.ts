import { ShapeError } from '../../core/errors.ts';
import type { Activation, Op } from '../op.ts';
import { activationBackward, activationForward, elementwiseShape } from './activation.ts';

export interface ClipAttributes {
  readonly lo: number;
  readonly hi: number;
}

const activation = ({ lo, hi }: ClipAttributes): Activation => ({ slope: 1, lo, hi });

/** y = min(max(x, lo), hi); ReLU6 is lo 0, hi 6. NaN stays NaN. Any shape. */
export const clip: Op<ClipAttributes> = {
  name: 'clip',
  shape(inputs, { lo, hi }) {
    if (!(lo <= hi)) throw new ShapeError(`clip: lo must not exceed hi, got ${lo} and ${hi}`);
    return elementwiseShape('clip')(inputs);
  },
  inPlace: true,
  activation,
  forward: activationForward(activation),
  backward: activationBackward(activation),
};
