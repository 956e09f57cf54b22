import { ShapeError } from '../../core/errors.ts';
import { elementsOf, formatShape, sameShape } from '../../core/shape.ts';
import type { Op } from '../op.ts';

/** y = a + b, element by element, with an activation fused. Two tensors of one shape. */
export const add: Op = {
  name: 'add',
  shape(inputs) {
    const [a, b] = inputs;
    if (inputs.length !== 2 || !sameShape(a!, b!))
      throw new ShapeError(`add: takes 2 inputs of one shape, got ${inputs.map(formatShape).join(' and ')}`);
    return a!;
  },
  isSum: true,
  inPlace: true,
  activates: true,
  forward(kernels, site, at) {
    const { slope, lo, hi } = site.activation;
    kernels.f32_add(at.output, at.inputs[0]!, at.inputs[1]!, elementsOf(site.output), slope, lo, hi);
  },
  backward: {
    inPlace: true,
    run(_, site, at, { memory }) {
      const bytes = elementsOf(site.output) * 4;
      for (const to of at.inputGradients)
        if (to !== 0 && to !== at.outputGradient) memory.u8(to, bytes).set(memory.u8(at.outputGradient, bytes));
    },
  },
};
