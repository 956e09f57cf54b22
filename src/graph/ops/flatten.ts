import { ShapeError } from '../../core/errors.ts';
import { elementsOf, formatShape } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Op } from '../op.ts';

/** Each item of a batch as one row: [N,…] → [N, product of the others], in the order in which values lie. */
export const flatten: Op = {
  name: 'flatten',
  binary: learning,
  inPlace: true,
  shape(inputs) {
    const x = inputs[0];
    if (inputs.length !== 1 || !x || x.length < 2)
      throw new ShapeError(
        `flatten: input must be one [N,…] of two axes or more, got ${inputs.map(formatShape).join(' ')}`,
      );
    return [x[0]!, elementsOf(x.slice(1))];
  },
  forward(kernels, site, { inputs, output }) {
    if (output !== inputs[0]) kernels.f32_copy_rows(output, inputs[0]!, 1, elementsOf(site.output), 0, 0);
  },
  backward: {
    inPlace: true,
    run(kernels, site, { inputGradients, outputGradient }) {
      const dx = inputGradients[0]!;
      if (dx !== outputGradient) kernels.f32_copy_rows(dx, outputGradient, 1, elementsOf(site.output), 0, 0);
    },
  },
};
