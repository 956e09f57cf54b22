import { ShapeError } from '../../core/errors.ts';
import { elementsOf, formatShape } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Op } from '../op.ts';

/** Above it, float32 does not hold every position. */
const MOST_CELLS = 2 ** 24;

/**
 * The largest value of each channel and where it lies: y[n,c] = (max x[n,…,c], its position), positions counted through all
 * spatial axes, the last fastest. Of equal values the first wins, and the first NaN over every number.
 * Input [N, …spatial, C], output [N,C,2]. Gradient: that of the value goes to its position; positions have none.
 */
export const channelMax: Op = {
  name: 'channelMax',
  binary: learning,
  shape(inputs) {
    const x = inputs[0];
    if (inputs.length !== 1 || !x || x.length < 3)
      throw new ShapeError(`channelMax: input must be one [N, …spatial, C], got ${inputs.map(formatShape).join(' ')}`);
    if (elementsOf(x.slice(1, -1)) > MOST_CELLS)
      throw new ShapeError(`channelMax: takes at most ${MOST_CELLS} cells a channel, got ${formatShape(x)}`);
    return [x[0]!, x.at(-1)!, 2];
  },

  forward(kernels, site, at) {
    const [batch, c] = site.output as [number, number, number];
    const cells = elementsOf(site.inputs[0]!) / batch / c;
    for (let n = 0; n < batch; n++)
      kernels.f32_channel_max(at.output + n * c * 8, at.inputs[0]! + n * cells * c * 4, cells, c);
  },

  backward: {
    reads: () => ['output'],
    run(kernels, site, at, { memory }) {
      const [batch, c] = site.output as [number, number, number];
      const bytes = elementsOf(site.inputs[0]!) * 4;
      const dx = at.inputGradients[0]!;
      memory.u8(dx, bytes).fill(0);
      for (let n = 0; n < batch; n++) {
        const pairs = n * c * 8;
        kernels.f32_channel_max_gradient(dx + (n * bytes) / batch, at.outputGradient + pairs, at.output + pairs, c);
      }
    },
  },
};
