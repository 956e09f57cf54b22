import { ShapeError } from '../../core/errors.ts';
import { elementsOf, formatShape, sameShape } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Op } from '../op.ts';

/**
 * Multiplies every channel of a position by the position's factor: y[n,…,c] = x[n,…,c] · m[n,…]. Inputs: x [N, …spatial, C]
 * and m [N, …spatial, 1]. A Gram matrix of what it gives is one of the part of a picture that a mask shows (the guided Gram
 * matrix of Gatys et al. 2017). Gradient: dx = dy · m, dm = Σ_c dy · x.
 */
export const mask: Op = {
  name: 'mask',
  binary: learning,
  inPlace: true,

  shape(inputs) {
    const [x, m] = inputs;
    if (inputs.length !== 2 || !x || x.length < 3 || !sameShape(m!, [...x.slice(0, -1), 1]))
      throw new ShapeError(
        `mask: takes features [N,…,C] and their factors [N,…,1], got ${inputs.map(formatShape).join(' and ')}`,
      );
    return x;
  },

  forward(kernels, site, at, { memory }) {
    const channels = site.output.at(-1)!;
    const row = channels * 4;
    const factors = memory.f32(at.inputs[1]!, elementsOf(site.inputs[1]!));
    for (let p = 0; p < factors.length; p++)
      kernels.f32_scale(at.output + p * row, at.inputs[0]! + p * row, channels, factors[p]!);
  },

  backward: {
    inPlace: true,
    reads: () => ['inputs'],
    run(kernels, site, at, { memory }) {
      const channels = site.output.at(-1)!;
      const row = channels * 4;
      const factors = memory.f32(at.inputs[1]!, elementsOf(site.inputs[1]!));
      const [dx, dm] = at.inputGradients;
      const slopes = dm ? memory.f32(dm, factors.length) : undefined;
      for (let p = 0; p < factors.length; p++) {
        const gradient = at.outputGradient + p * row;
        // Before dx, which may take the place of the gradient.
        if (slopes) slopes[p] = kernels.f32_dot(gradient, at.inputs[0]! + p * row, channels);
        if (dx) kernels.f32_scale(dx + p * row, gradient, channels, factors[p]!);
      }
    },
  },
};
