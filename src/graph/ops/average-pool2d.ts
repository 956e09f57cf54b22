import type { Op } from '../op.ts';
import { type PoolAttributes, poolShape, windowOfPool } from './pool-window.ts';

export interface AveragePool2dAttributes extends PoolAttributes {
  /**
   * True: padding counts as cells of value 0 (PyTorch's default). False: only real cells are counted (TensorFlow's, and
   * ONNX's default). Default: false.
   */
  readonly countPadding?: boolean;
}

/** Mean of each window, channel by channel. Input [N,H,W,C], output [N,H',W',C]. */
export const averagePool2d: Op<AveragePool2dAttributes> = {
  name: 'averagePool2d',
  shape: poolShape('averagePool2d'),
  forward(kernels, site, at) {
    const [batch, h, w, c] = site.inputs[0]!;
    const { y, x } = windowOfPool(site);
    kernels.f32_average_pool2d(
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
      site.attributes.countPadding ? 1 : 0,
    );
  },
};
