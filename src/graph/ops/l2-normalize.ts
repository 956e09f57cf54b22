import { ShapeError } from '../../core/errors.ts';
import { elementsOf, formatShape } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Op } from '../op.ts';

/** y = x / √Σ x² over the last axis; a vector of zeros stays one, and its gradient is 0. Input […,C]. */
export const l2Normalize: Op = {
  name: 'l2Normalize',
  binary: learning,
  inPlace: true,
  shape(inputs) {
    const x = inputs[0];
    if (inputs.length !== 1 || !x || x.length === 0)
      throw new ShapeError(`l2Normalize: input must be one […,C], got ${inputs.map(formatShape).join(' ')}`);
    return x;
  },
  forward(kernels, site, at) {
    const c = site.output.at(-1)!;
    kernels.f32_l2_normalize(at.output, at.inputs[0]!, elementsOf(site.output) / c, c);
  },
  backward: {
    reads: () => ['inputs'],
    run(kernels, site, at) {
      const c = site.output.at(-1)!;
      const rows = elementsOf(site.output) / c;
      kernels.f32_l2_normalize_gradient(at.inputGradients[0]!, at.inputs[0]!, at.outputGradient, rows, c);
    },
  },
};
