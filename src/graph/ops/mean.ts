import { ShapeError } from '../../core/errors.ts';
import { elementsOf, formatShape } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Op } from '../op.ts';

/** The mean of all elements, summed in float64. Any shape that holds one or more, output [1]. */
export const mean: Op = {
  name: 'mean',
  binary: learning,
  shape(inputs) {
    if (inputs.length !== 1) throw new ShapeError(`mean: takes 1 input, got ${inputs.length}`);
    if (elementsOf(inputs[0]!) < 1) throw new ShapeError(`mean: of nothing, got ${formatShape(inputs[0]!)}`);
    return [1];
  },
  forward(kernels, site, at, { memory }) {
    const n = elementsOf(site.inputs[0]!);
    memory.f32(at.output, 1)[0] = kernels.f32_sum(at.inputs[0]!, n) / n;
  },
  backward: {
    run(_, site, at, { memory }) {
      const n = elementsOf(site.inputs[0]!);
      memory.f32(at.inputGradients[0]!, n).fill(memory.f32(at.outputGradient, 1)[0]! / n);
    },
  },
};
