import { NotFiniteError } from '../core/errors.ts';
import type { LayerNormalization, LayerWeight, StyleTarget } from './objective.ts';

/**
 * Whose factors stand before the sums of a layer's losses. `'relative'`: both losses over what they would be of nothing,
 * Σ (a − t)² / Σ t² and Σ (G − A)² / Σ A², so that weights mean the same for every network, layer and size; the others
 * are the paper's and two ports', for weights that were published with them.
 */
export type StyleNormalization = 'relative' | LayerNormalization;

/** The convention that stands behind `'relative'`: what it divides by is in the weights. */
const BASE: LayerNormalization = 'gatys-pytorch';

export const layerNormalization = (named: StyleNormalization): LayerNormalization =>
  named === 'relative' ? BASE : named;

/** Weights of content layers over the mean squares of their targets. */
export const relativeContent = (
  layers: readonly LayerWeight[],
  features: ReadonlyMap<string, Float32Array>,
): LayerWeight[] =>
  layers.map(({ layer, weight }) => {
    const target = features.get(layer);
    return { layer, weight: target ? over(weight, layer, squares(target) / target.length) : 0 };
  });

/** Weights of style layers over the mean square of their targets' Gram matrices, each target by its share. */
export const relativeStyle = (layers: readonly LayerWeight[], targets: readonly StyleTarget[]): LayerWeight[] =>
  layers.map(({ layer, weight }) => {
    let mean = 0;
    for (const target of targets) {
      const gram = target.grams.get(layer);
      if (gram) mean += (target.weight * squares(gram)) / gram.length;
    }
    return { layer, weight: over(weight, layer, mean) };
  });

/** A layer without any activation has nothing to lose. */
function over(weight: number, layer: string, mean: number): number {
  if (!Number.isFinite(mean))
    throw new NotFiniteError(
      `stylize: the activations of layer ${layer} are not finite: the network's weights are damaged`,
    );
  return mean > 0 ? weight / mean : 0;
}

function squares(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}
