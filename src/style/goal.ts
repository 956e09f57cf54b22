import type { FeatureNetwork, PictureSize } from '../models/feature-network.ts';
import type { Engine } from '../runtime/engine.ts';
import { layerShapes } from './features.ts';
import { grown, withMargin } from './margin.ts';
import { layerMasks, marginMask } from './masks.ts';
import { layerNormalization, relativeContent, relativeStyle } from './normalization.ts';
import type { Goal, LayerWeight, StyleTarget } from './objective.ts';
import { fittedSize, networkPicture } from './picture.ts';
import type { Scene, StylePicture } from './scene.ts';
import type { Settings } from './settings.ts';
import { featuresOf, type TargetSite } from './targets.ts';
import { gramsFor } from './tiling/grams.ts';

/** Longer side of the content whose activations content losses are set in relation to: at larger ones they are alike. */
const RELATIVE_SIZE = 256;

/** What J is at one size of the result, to which the margin comes. */
export function goalOf(
  scene: Scene,
  settings: Settings,
  network: FeatureNetwork,
  size: PictureSize,
  engine: Engine,
): Goal {
  const { pooling, margin, styleLayers } = settings;
  const { channels } = network.input;
  const canvas = grown(size, margin);
  const site = { network, pooling, engine };
  const layers = styleLayers.filter(({ weight }) => weight > 0).map(({ layer }) => layer);
  const targets = scene.styles.map((style, i): StyleTarget => {
    const grams = styleGrams(style, `stylize: the mask of style picture ${i + 1}`, layers, settings, site, size);
    if (!style.mask) return { weight: style.weight, grams };
    const mask = marginMask(style.mask, size, margin);
    const shapes = layerShapes({ ...site, size: canvas }, layers);
    return { weight: style.weight, grams, masks: layerMasks(`stylize: the mask of style ${i + 1}`, mask, shapes) };
  });
  const relative = settings.normalization === 'relative';
  const { weight, ...form } = settings.variation;
  return {
    ...site,
    size: canvas,
    content: withMargin(networkPicture(scene.content, size, channels).values, size, channels, margin),
    contentLayers: relative ? relativeLayers(scene, settings, site, size) : settings.contentLayers,
    styles: blended(targets, layers),
    styleLayers: relative ? relativeStyle(styleLayers, targets) : styleLayers,
    normalization: layerNormalization(settings.normalization),
    variation: { ...form, weight: relative ? weight / (canvas.height * canvas.width * channels) : weight },
  };
}

/** Gram matrices of a style, as large as the result times the style's scale. */
function styleGrams(
  { image, imageMask }: StylePicture,
  who: string,
  layers: readonly string[],
  { styleScale, tiles }: Settings,
  site: TargetSite,
  { height, width }: PictureSize,
): ReadonlyMap<string, Float32Array> {
  const longer = Math.max(1, Math.round(Math.max(height, width) * styleScale));
  const picture = networkPicture(image, fittedSize(image, longer), site.network.input.channels);
  if (!imageMask) return gramsFor(site, picture, layers, tiles);
  const masks = layerMasks(who, imageMask, layerShapes({ ...site, size: picture.size }, layers));
  return gramsFor(site, picture, layers, tiles, masks);
}

function relativeLayers(
  { content }: Scene,
  { contentLayers }: Settings,
  site: TargetSite,
  size: PictureSize,
): LayerWeight[] {
  const { leastSize, channels, fixed } = site.network.input;
  const small = !fixed && Math.max(size.height, size.width) > RELATIVE_SIZE ? fittedSize(size, RELATIVE_SIZE) : size;
  const seen = { height: Math.max(small.height, leastSize), width: Math.max(small.width, leastSize) };
  const layers = contentLayers.filter(({ weight }) => weight > 0).map(({ layer }) => layer);
  return relativeContent(contentLayers, featuresOf(site, networkPicture(content, seen, channels), layers));
}

/**
 * Styles for all of the picture as one, whose Gram matrices are their weighted mean: Σ w‖G − A‖² is W·‖G − Σ w A / W‖² and
 * a number that does not depend on G.
 */
function blended(targets: readonly StyleTarget[], layers: readonly string[]): readonly StyleTarget[] {
  const whole = targets.filter(({ masks }) => !masks);
  if (whole.length < 2) return targets;
  const weight = whole.reduce((sum, target) => sum + target.weight, 0);
  const grams = layers.map((layer): [string, Float32Array] => {
    const mean = new Float64Array(whole[0]!.grams.get(layer)!.length);
    for (const target of whole)
      for (const [k, value] of target.grams.get(layer)!.entries())
        mean[k] = mean[k]! + (target.weight / weight) * value;
    return [layer, Float32Array.from(mean)];
  });
  return [{ weight, grams: new Map(grams) }, ...targets.filter(({ masks }) => masks)];
}
