import { ShapeError } from '../../core/errors.ts';
import { elementsOf, formatShape } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import { type Op, ruleCode } from '../op.ts';

/**
 * Rectified linear unit with a learned slope for each channel (He et al. 2015): y = x above 0, slope[c] · x elsewhere; NaN
 * stays NaN. At 0 the derivative is the slope. Input […,C], slope [C] of any values.
 */
export const prelu: Op = {
  name: 'prelu',
  binary: learning,
  roles: ['slope'],
  inPlace: true,

  shape(inputs, _, { slope }) {
    const x = inputs[0];
    if (inputs.length !== 1 || !x || x.length === 0)
      throw new ShapeError(`prelu: input must be one […,C], got ${inputs.map(formatShape).join(' ')}`);
    if (slope!.length !== 1 || slope![0] !== x.at(-1))
      throw new ShapeError(
        `prelu: slope must be [${x.at(-1)}] for input ${formatShape(x)}, got ${formatShape(slope!)}`,
      );
    return x;
  },

  forward(kernels, site, at) {
    const c = site.output.at(-1)!;
    kernels.f32_prelu(at.output, at.inputs[0]!, at.parameters.slope!, elementsOf(site.output) / c, c);
  },

  backward: {
    reads: () => ['inputs'],
    run(kernels, site, at) {
      const c = site.output.at(-1)!;
      const rows = elementsOf(site.output) / c;
      const { outputGradient: gradient, rule } = at;
      const [x, dx] = [at.inputs[0]!, at.inputGradients[0]];
      if (dx) kernels.f32_prelu_backward(dx, gradient, x, at.parameters.slope!, rows, c, ruleCode[rule]);
      const { slope } = at.parameterGradients;
      if (slope) kernels.f32_prelu_slope_gradient(slope, gradient, x, rows, c);
    },
  },
};
