import { ShapeError } from '../../core/errors.ts';
import { elementsOf, formatShape } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Op } from '../op.ts';
import { checkNormalization, type NormalizationAttributes, ownMoments } from './own-moments.ts';

/**
 * Instance normalisation (Ulyanov et al. 2016): y[n,…,c] = scale[c] · (x[n,…,c] − μ[n,c]) / √(σ²[n,c] + ε) + shift[c], with
 * the mean and the biased variance of each channel of each item. Input [N, …spatial, C]; scale [C] (1 where missing),
 * shift [C] (0). The moments are float64 sums.
 */
export const instanceNorm: Op<NormalizationAttributes> = {
  name: 'instanceNorm',
  binary: learning,
  roles: ['scale?', 'shift?'],
  inPlace: true,
  activates: true,

  shape(inputs, { epsilon }, parameters) {
    const x = inputs[0];
    if (inputs.length !== 1 || !x || x.length < 3)
      throw new ShapeError(
        `instanceNorm: input must be one [N, …spatial, C], got ${inputs.map(formatShape).join(' ')}`,
      );
    if (elementsOf(x.slice(1, -1)) < 2)
      throw new ShapeError(`instanceNorm: needs two spatial cells or more, got ${formatShape(x)}`);
    checkNormalization('instanceNorm', x, epsilon, parameters);
    return x;
  },

  seen: () => 'everything',

  ...ownMoments<NormalizationAttributes>(({ output }) => output[0]!),
};
