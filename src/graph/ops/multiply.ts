import { ShapeError } from '../../core/errors.ts';
import { elementsOf, formatShape, sameShape } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Op } from '../op.ts';

/** y = a · b, element by element. Two tensors of one shape. */
export const multiply: Op = {
  name: 'multiply',
  binary: learning,
  inPlace: true,
  shape(inputs) {
    const [a, b] = inputs;
    if (inputs.length !== 2 || !sameShape(a!, b!))
      throw new ShapeError(`multiply: takes 2 inputs of one shape, got ${inputs.map(formatShape).join(' and ')}`);
    return a!;
  },
  forward: (kernels, site, at) =>
    kernels.f32_multiply(at.output, at.inputs[0]!, at.inputs[1]!, elementsOf(site.output)),
  backward: {
    reads: () => ['inputs'],
    run(kernels, site, at) {
      const n = elementsOf(site.output);
      const [a, b] = at.inputs as [number, number];
      const [da, db] = at.inputGradients;
      if (da) kernels.f32_multiply(da, at.outputGradient, b, n);
      if (db) kernels.f32_multiply(db, at.outputGradient, a, n);
    },
  },
};
