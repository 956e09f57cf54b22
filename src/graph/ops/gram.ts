import { ShapeError } from '../../core/errors.ts';
import { formatShape } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Op } from '../op.ts';
import { type Features, featuresOf, gramGradient, gramGradientScratch, gramScratch } from './gram/features.ts';

export interface GramAttributes {
  /**
   * What the sums are divided by. `'none'` (default): nothing, as Gatys et al. `'positions'`: H · W, so that images of
   * different sizes can be compared. `'elements'`: H · W · C, as jcjohnson/neural-style.
   */
  readonly divisor?: 'none' | 'positions' | 'elements';
}

const divisors: Readonly<Record<string, (f: Features) => number>> = {
  none: () => 1,
  positions: ({ positions }) => positions,
  elements: ({ positions, channels }) => positions * channels,
};

const scaleOf = (f: Features, { divisor = 'none' }: GramAttributes): number => 1 / divisors[divisor]!(f);

/**
 * Gram matrix of each image over its channels, G[n,k,k′] = Σ_ij x[n,i,j,k] · x[n,i,j,k′] / divisor. Input [N, …spatial, C],
 * output [N,C,C].
 */
export const gram: Op<GramAttributes> = {
  name: 'gram',
  binary: learning,

  shape(inputs, { divisor = 'none' }) {
    if (inputs.length !== 1)
      throw new ShapeError(`gram: takes 1 input, got ${inputs.length}: ${inputs.map(formatShape).join(' ')}`);
    if (!Object.hasOwn(divisors, divisor))
      throw new ShapeError(`gram: divisor must be one of ${Object.keys(divisors).join(', ')}, got ${divisor}`);
    const { images, channels } = featuresOf('gram', inputs[0]);
    return [images, channels, channels];
  },

  macs(site) {
    const { images, positions, channels } = featuresOf('gram', site.inputs[0]);
    return (images * positions * channels * (channels + 1)) / 2;
  },
  scratch: (site) => gramScratch(featuresOf('gram', site.inputs[0])),

  forward(kernels, site, at) {
    const f = featuresOf('gram', site.inputs[0]);
    const { images, positions, channels } = f;
    const scale = scaleOf(f, site.attributes);
    for (let n = 0; n < images; n++)
      kernels.f32_gram(
        at.output + n * channels * channels * 4,
        at.inputs[0]! + n * positions * channels * 4,
        at.scratch,
        positions,
        channels,
        channels * 4,
        scale,
      );
  },

  backward: {
    reads: () => ['inputs'],
    scratch: (site) => gramGradientScratch(featuresOf('gram', site.inputs[0])),
    run(kernels, site, at, { memory }) {
      const f = featuresOf('gram', site.inputs[0]);
      const { images, positions, channels } = f;
      for (let n = 0; n < images; n++)
        gramGradient(kernels, memory, f, scaleOf(f, site.attributes), {
          output: at.inputGradients[0]! + n * positions * channels * 4,
          features: at.inputs[0]! + n * positions * channels * 4,
          gradient: at.outputGradient + n * channels * channels * 4,
          scratch: at.backwardScratch,
        });
    },
  },
};
