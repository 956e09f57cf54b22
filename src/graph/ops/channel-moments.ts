import { ShapeError } from '../../core/errors.ts';
import { elementsOf, formatShape } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Op } from '../op.ts';
import { momentScratch } from './own-moments.ts';

/**
 * The mean of each channel and its biased variance (divided by the number of values M; the unbiased one is M / (M − 1)
 * times that), over all axes but the last. Input […,C], output [2,C]: means, then variances; float64 sums.
 */
export const channelMoments: Op = {
  name: 'channelMoments',
  binary: learning,
  shape(inputs) {
    const x = inputs[0];
    if (inputs.length !== 1 || !x || x.length < 2)
      throw new ShapeError(
        `channelMoments: input must be one […,C] of two axes or more, got ${inputs.map(formatShape).join(' ')}`,
      );
    return [2, x.at(-1)!];
  },

  scratch: (site) => momentScratch(site.output[1]!, 0),

  forward(kernels, site, at) {
    const c = site.output[1]!;
    const rows = elementsOf(site.inputs[0]!) / c;
    kernels.f32_channel_moments(at.output, at.output + c * 4, at.scratch, at.inputs[0]!, rows, c);
  },

  backward: {
    reads: () => ['inputs', 'output'],
    run(kernels, site, at) {
      const c = site.output[1]!;
      const rows = elementsOf(site.inputs[0]!) / c;
      const [ofMean, ofVariance] = [at.outputGradient, at.outputGradient + c * 4];
      const dx = at.inputGradients[0]!;
      kernels.f32_channel_moments_gradient(dx, at.inputs[0]!, at.output, ofMean, ofVariance, rows, c);
    },
  },
};
