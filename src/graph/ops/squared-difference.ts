import { ShapeError } from '../../core/errors.ts';
import { elementsOf, formatShape, sameShape } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Op } from '../op.ts';

/** y = (a − b)², element by element. Two tensors of one shape. */
export const squaredDifference: Op = {
  name: 'squaredDifference',
  binary: learning,
  inPlace: true,
  shape(inputs) {
    const [a, b] = inputs;
    if (inputs.length !== 2 || !sameShape(a!, b!))
      throw new ShapeError(
        `squaredDifference: takes 2 inputs of one shape, got ${inputs.map(formatShape).join(' and ')}`,
      );
    return a!;
  },
  forward(kernels, site, { inputs, output }) {
    const n = elementsOf(site.output);
    kernels.f32_difference(output, inputs[0]!, inputs[1]!, n, 1);
    kernels.f32_multiply(output, output, output, n);
  },
  backward: {
    reads: () => ['inputs'],
    run(kernels, site, at) {
      const n = elementsOf(site.output);
      const [a, b] = at.inputs as [number, number];
      for (const [i, to] of at.inputGradients.entries()) {
        if (!to) continue;
        kernels.f32_difference(to, a, b, n, i === 0 ? 2 : -2);
        kernels.f32_multiply(to, to, at.outputGradient, n);
      }
    },
  },
};
