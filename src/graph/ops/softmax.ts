import { ShapeError } from '../../core/errors.ts';
import { elementsOf, formatShape } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Op } from '../op.ts';

/**
 * y[…,j] = e^x[…,j] / Σ_k e^x[…,k] over the last axis, with the largest of each row taken off first, so that nothing
 * overflows. A row with NaN or +∞ is all NaN. Input […,C].
 */
export const softmax: Op = {
  name: 'softmax',
  binary: learning,
  inPlace: true,
  shape(inputs) {
    const x = inputs[0];
    if (inputs.length !== 1 || !x || x.length === 0)
      throw new ShapeError(`softmax: input must be one […,C], got ${inputs.map(formatShape).join(' ')}`);
    return x;
  },
  forward(kernels, site, at) {
    const c = site.output.at(-1)!;
    kernels.f32_softmax(at.output, at.inputs[0]!, elementsOf(site.output) / c, c);
  },
  backward: {
    reads: () => ['output'],
    run(kernels, site, at) {
      const c = site.output.at(-1)!;
      const rows = elementsOf(site.output) / c;
      kernels.f32_softmax_backward(at.inputGradients[0]!, at.outputGradient, at.output, rows, c);
    },
  },
};
