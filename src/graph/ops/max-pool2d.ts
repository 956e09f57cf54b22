import type { Op } from '../op.ts';
import { type PoolAttributes, poolShape, windowOfPool } from './pool-window.ts';

export interface MaxPool2dAttributes extends PoolAttributes {}

/**
 * Largest real cell of each window, channel by channel; padding never wins, NaN always does.
 * Input [N,H,W,C], output [N,H',W',C].
 */
export const maxPool2d: Op<MaxPool2dAttributes> = {
  name: 'maxPool2d',
  shape: poolShape('maxPool2d'),
  forward(kernels, site, at) {
    const [batch, h, w, c] = site.inputs[0]!;
    const { y, x } = windowOfPool(site);
    kernels.f32_max_pool2d(
      at.output,
      at.inputs[0]!,
      batch!,
      h!,
      w!,
      c!,
      y.size,
      x.size,
      y.kernel,
      x.kernel,
      y.before,
      x.before,
      y.stride,
      x.stride,
    );
  },
};
