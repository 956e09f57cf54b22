import { InputError } from '../core/errors.ts';
import type { HttpOptions } from '../io/http-ranges.ts';
import { looksLikeSafetensors } from '../io/safetensors-header.ts';
import { readBytes } from '../io/source.ts';
import { loadParameters, type WeightsSource } from '../io/weights.ts';
import { manifestsOf } from './catalogue.ts';
import { cachedWeights } from './downloads/pull-weights.ts';
import { faceFeatures } from './face-features.ts';
import type { FeatureNetwork } from './feature-network.ts';
import { packageWeights } from './package-weights.ts';
import { readSqueezenet, squeezenetFeatures } from './squeezenet-features.ts';
import type { Vgg19Pixels } from './vgg19-features.ts';
import { deepestLayer, loadVgg19 } from './vgg19-weights.ts';

/** Networks to take features from; `ownFeatures` makes one of any graph. */
export const featureNames = ['faces', 'squeezenet', 'vgg19'] as const;

export type FeatureName = (typeof featureNames)[number];

export interface LoadFeaturesOptions extends HttpOptions {
  /**
   * Where the weights are: a URL, a path, a Response, bytes or a Blob. Default: for `faces` the npm package
   * @vladmandic/face-api, for the others the cache that `facsimile models pull` fills.
   */
  readonly weights?: WeightsSource;
  /** VGG-19: layers that will be asked for; no weights behind the deepest are read. Default: up to `conv5_1`. */
  readonly to?: readonly string[];
  /** VGG-19: for which pixels the weights are. Default: as weights with names as theirs usually are. */
  readonly pixels?: Vgg19Pixels;
}

const loaders: Readonly<Record<FeatureName, (options: LoadFeaturesOptions) => Promise<FeatureNetwork>>> = {
  faces: async ({ weights = packageWeights('loadFeatures') }) =>
    faceFeatures(await loadParameters(weights, { manifests: manifestsOf(['face_recognition']) })),

  squeezenet: async ({ weights }) => {
    const source = weights ?? (await cachedWeights('squeezenet'));
    if (typeof source === 'object' && 'manifest' in source) return squeezenetFeatures(await loadParameters(source));
    const bytes = await readBytes(source);
    return squeezenetFeatures(looksLikeSafetensors(bytes) ? await loadParameters(bytes) : readSqueezenet(bytes));
  },

  vgg19: async ({ weights, to, pixels, ...http }) =>
    loadVgg19(weights ?? (await cachedWeights('vgg19')), {
      ...http,
      ...(to && { to: deepestLayer(to) }),
      ...(pixels && { pixels }),
    }),
};

/**
 * Loads a network to take features from, for style transfer and to look inside: `faces`, with no download beyond npm;
 * `squeezenet` (0.7 MB), which paints clearly better; `vgg19` (80 MB), what style transfer is defined on.
 *
 * @throws WeightsError where the weights are not there (it says how to get them), damaged or of another network;
 * InputError where there is no such network or layer.
 *
 * @example
 * const network = await loadFeatures('squeezenet'); // after: facsimile models pull squeezenet
 * const deep = await loadFeatures('vgg19', { weights: 'https://example.org/vgg19.safetensors', to: ['conv4_2'] });
 */
export async function loadFeatures(which: FeatureName, options: LoadFeaturesOptions = {}): Promise<FeatureNetwork> {
  if (!Object.hasOwn(loaders, which))
    throw new InputError(`loadFeatures: no network is called "${which}"; there are ${featureNames.join(', ')}`);
  return loaders[which](options);
}
