import type { Parameters } from '../../src/graph/parameters.ts';
import type { FeatureNetwork } from '../../src/models/feature-network.ts';
import { initialParameters } from '../../src/models/initialise.ts';
import { vgg19 } from '../../src/models/vgg19.ts';
import { vgg19Features } from '../../src/models/vgg19-features.ts';

/** Weights of VGG-19 as training starts with them: activations keep their size from layer to layer. */
function seededVgg19Weights(seed: number, to = 'conv5_1'): Parameters {
  const tensors = Array.from(
    vgg19({ to }).tensors,
    ([name, shape]) => [name, { shape, initialiser: shape.length === 1 ? 'zeros' : 'he' }] as const,
  );
  return initialParameters(new Map(tensors), seed);
}

/** VGG-19 with seeded weights, no deeper than `to`. */
export const seededVgg19 = (seed: number, to?: string): FeatureNetwork => vgg19Features(seededVgg19Weights(seed, to));
