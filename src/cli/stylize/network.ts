import { hasWeights } from '../../models/downloads/pull-weights.ts';
import type { FeatureNetwork } from '../../models/feature-network.ts';
import { type FeatureName, loadFeatures } from '../../models/load-features.ts';
import type { Terminal } from '../terminal.ts';
import { networkOf, type StyleWords } from './options.ts';

/**
 * The network that is asked for. Where none is, SqueezeNet if it was pulled, otherwise the face network, which needs no
 * download: that is said, for it changes the picture.
 */
export async function loadPainter(words: StyleWords, terminal: Terminal): Promise<FeatureNetwork> {
  const { weights, contentLayers, styleLayers } = words;
  const to = contentLayers && styleLayers && [contentLayers, styleLayers].flatMap(namesOf);
  const options = { ...(weights !== undefined && { weights }), ...(to && { to }) };
  const asked = networkOf(words) as FeatureName | undefined;
  if (asked !== undefined) return loadFeatures(asked, options);
  if (weights !== undefined || (await hasWeights('squeezenet'))) return loadFeatures('squeezenet', options);
  terminal.err(
    'painting with the face network; SqueezeNet paints clearly better: facsimile models pull squeezenet (0.7 MB)\n',
  );
  return loadFeatures('faces', options);
}

const namesOf = (layers: NonNullable<StyleWords['styleLayers']>): readonly string[] =>
  Array.isArray(layers) ? layers : Object.keys(layers);
