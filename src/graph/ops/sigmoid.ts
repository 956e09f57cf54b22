import { elementsOf } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Op } from '../op.ts';
import { elementwiseShape } from './activation.ts';

/** Logistic function, y = 1 / (1 + e^−x); NaN stays NaN, nothing overflows. Any shape. */
export const sigmoid: Op = {
  name: 'sigmoid',
  binary: learning,
  shape: elementwiseShape('sigmoid'),
  inPlace: true,
  forward: (kernels, site, at) => kernels.f32_sigmoid(at.output, at.inputs[0]!, elementsOf(site.output)),
  backward: {
    inPlace: true,
    reads: () => ['output'],
    run(kernels, site, at) {
      kernels.f32_sigmoid_backward(at.inputGradients[0]!, at.outputGradient, at.output, elementsOf(site.output));
    },
  },
};
