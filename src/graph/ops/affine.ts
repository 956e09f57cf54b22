import { ShapeError } from '../../core/errors.ts';
import { elementsOf, formatShape } from '../../core/shape.ts';
import type { Op } from '../op.ts';

/**
 * y[…,c] = x[…,c] · scale[c] + shift[c], over the last axis; frozen batch normalisation is one. Behind a linear op it is
 * folded into that op's filters and bias and costs nothing. Input [… ,C], scale [C], shift [C].
 */
export const affine: Op = {
  name: 'affine',
  roles: ['scale', 'shift'],
  inPlace: true,
  activates: true,

  shape(inputs, _, parameters) {
    const x = inputs[0];
    if (inputs.length !== 1 || !x || x.length === 0)
      throw new ShapeError(`affine: input must be one […,C], got ${inputs.map(formatShape).join(' ')}`);
    const c = x.at(-1)!;
    for (const role of ['scale', 'shift']) {
      const shape = parameters[role]!;
      if (shape.length !== 1 || shape[0] !== c)
        throw new ShapeError(`affine: ${role} must be [${c}] for input ${formatShape(x)}, got ${formatShape(shape)}`);
    }
    return x;
  },

  affine: () => (read) => ({ scale: read('scale')!, shift: read('shift')! }),

  forward(kernels, site, at) {
    const c = site.output.at(-1)!;
    const { slope, lo, hi } = site.activation;
    const { scale, shift } = at.parameters;
    kernels.f32_affine(at.output, at.inputs[0]!, scale!, shift!, elementsOf(site.output) / c, c, slope, lo, hi);
  },

  backward: {
    inPlace: true,
    reads: (_, wanted) => (wanted.parameters.scale ? ['inputs'] : []),
    run(kernels, site, at) {
      const c = site.output.at(-1)!;
      const rows = elementsOf(site.output) / c;
      const { scale, shift } = at.parameterGradients;
      const [input] = at.inputGradients;
      if (scale) kernels.f32_channel_dot(scale, at.outputGradient, at.inputs[0]!, rows, c);
      if (shift) kernels.f32_channel_sum(shift, at.outputGradient, rows, c);
      if (input) kernels.f32_channel_scale(input, at.outputGradient, at.parameters.scale!, rows, c);
    },
  },
};
