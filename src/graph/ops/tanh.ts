import { elementsOf } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Op } from '../op.ts';
import { elementwiseShape } from './activation.ts';

/** Hyperbolic tangent; NaN stays NaN, nothing overflows. Any shape. Its gradient is 1 − y² under every rule. */
export const tanh: Op = {
  name: 'tanh',
  binary: learning,
  shape: elementwiseShape('tanh'),
  inPlace: true,
  forward: (kernels, site, at) => kernels.f32_tanh(at.output, at.inputs[0]!, elementsOf(site.output)),
  backward: {
    inPlace: true,
    reads: () => ['output'],
    run: (kernels, site, at) =>
      kernels.f32_tanh_backward(at.inputGradients[0]!, at.outputGradient, at.output, elementsOf(site.output)),
  },
};
