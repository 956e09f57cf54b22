import { ShapeError } from '../../core/errors.ts';
import { elementsOf, formatShape } from '../../core/shape.ts';
import type { Op, Site } from '../op.ts';

/** Cells of one row of a signal, which has no rows of its own. */
const SIGNAL_RUN = 256;

const cellsOf = ({ inputs, output }: Site): number => elementsOf(inputs[0]!) / elementsOf(output);

/** y[n,c] = mean of x[n,…,c] over all spatial axes, one or more. Input [N, …spatial, C], output [N,C]. */
export const globalAveragePool: Op = {
  name: 'globalAveragePool',
  shape(inputs) {
    const x = inputs[0];
    if (inputs.length !== 1 || !x || x.length < 3)
      throw new ShapeError(
        `globalAveragePool: input must be one [N, …spatial, C], got ${inputs.map(formatShape).join(' ')}`,
      );
    return [x[0]!, x.at(-1)!];
  },

  forward(kernels, site, at) {
    const x = site.inputs[0]!;
    const run = x.length === 3 ? SIGNAL_RUN : x.at(-2)!;
    kernels.f32_global_average_pool(at.output, at.inputs[0]!, x[0]!, cellsOf(site), run, x.at(-1)!);
  },

  backward: {
    run(kernels, site, at) {
      const [batch, c] = site.output as [number, number];
      const dx = at.inputGradients[0]!;
      kernels.f32_global_average_pool_gradient(dx, at.outputGradient, batch, cellsOf(site), c);
    },
  },
};
