import { ShapeError } from '../../core/errors.ts';
import { formatShape } from '../../core/shape.ts';
import type { Op } from '../op.ts';

/** y[n,c] = mean of x[n,i,j,c] over all i and j. Input [N,H,W,C], output [N,C]. */
export const globalAveragePool: Op = {
  name: 'globalAveragePool',
  shape(inputs) {
    const x = inputs[0];
    if (inputs.length !== 1 || x?.length !== 4)
      throw new ShapeError(`globalAveragePool: input must be one [N,H,W,C], got ${inputs.map(formatShape).join(' ')}`);
    return [x[0]!, x[3]!];
  },
  forward(kernels, site, at) {
    const [batch, h, w, c] = site.inputs[0]!;
    kernels.f32_global_average_pool(at.output, at.inputs[0]!, batch!, h!, w!, c!);
  },
};
