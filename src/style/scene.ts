import { InputError } from '../core/errors.ts';
import type { RgbaImage } from '../image/image.ts';
import { readImage } from '../image/read.ts';
import type { FeatureNetwork, PictureSize } from '../models/feature-network.ts';
import type { Engine } from '../runtime/engine.ts';
import { preparedColors } from './colors.ts';
import { layerShapes } from './features.ts';
import { maskFactors } from './masks.ts';
import { layerNormalization, relativeContent, relativeStyle } from './normalization.ts';
import type { Goal, LayerWeight, StyleTarget } from './objective.ts';
import type { StyleImage, StylizeOptions } from './options.ts';
import { fittedSize, networkPicture } from './picture.ts';
import type { Settings } from './settings.ts';
import { featuresOf, type TargetSite } from './targets.ts';
import { gramsFor } from './tiling-grams.ts';

/** A style with its pictures decoded. */
interface StylePicture {
  readonly image: RgbaImage;
  readonly weight: number;
  readonly mask: RgbaImage | undefined;
  readonly imageMask: RgbaImage | undefined;
}

/** The pictures that a painting is made from, decoded, in the colours that are to be looked at. */
export interface Scene {
  /** As it came. */
  readonly original: RgbaImage;
  readonly content: RgbaImage;
  readonly styles: readonly StylePicture[];
  /** What painting starts from, where that is a picture of the caller's. */
  readonly start: RgbaImage | undefined;
}

/** Reads all pictures. @throws ImageError, InputError naming the picture or the option */
export async function readScene(options: StylizeOptions, { preserveColors }: Settings): Promise<Scene> {
  const { content, style, styles = style === undefined ? [] : [{ image: style }], start } = options;
  if (style !== undefined && options.styles) throw new InputError('stylize: give `style` or `styles`, not both');
  const original = await readImage(content);
  const read = await Promise.all(styles.map(readStyle));
  const weights = read.reduce((sum, { weight }) => sum + weight, 0);
  if (read.length > 0 && !(weights > 0)) throw new InputError('stylize: the weights of all styles are 0');
  const colors = preparedColors(
    preserveColors,
    original,
    read.map(({ image }) => image),
  );
  return {
    original,
    content: colors.content,
    styles: read
      .map((one, i) => ({ ...one, image: colors.styles[i]!, weight: one.weight / weights }))
      .filter(({ weight }) => weight > 0),
    start: typeof start === 'object' ? await readImage(start.image) : undefined,
  };
}

async function readStyle({ image, weight = 1, mask, imageMask }: StyleImage, i: number): Promise<StylePicture> {
  if (!(weight >= 0 && weight <= Number.MAX_VALUE))
    throw new InputError(`stylize: the weight of style ${i + 1} must be a finite number of at least 0, got ${weight}`);
  return {
    image: await readImage(image),
    weight,
    mask: mask === undefined ? undefined : await readImage(mask),
    imageMask: imageMask === undefined ? undefined : await readImage(imageMask),
  };
}

/** What J is at one size of the result. */
export function goalOf(
  scene: Scene,
  settings: Settings,
  network: FeatureNetwork,
  size: PictureSize,
  engine: Engine,
): Goal {
  const { pooling, styleLayers, styleScale } = settings;
  const { channels } = network.input;
  const layers = styleLayers.filter(({ weight }) => weight > 0).map(({ layer }) => layer);
  const site = { network, pooling, engine };
  const shapes = layerShapes({ ...site, size }, layers);
  const longer = Math.max(1, Math.round(Math.max(size.height, size.width) * styleScale));
  const targets = scene.styles.map(({ image, weight, mask, imageMask }, i): StyleTarget => {
    const picture = networkPicture(image, fittedSize(image, longer), channels);
    const there = imageMask && layerShapes({ ...site, size: picture.size }, layers);
    const shown = imageMask && maskFactors(`stylize: the mask of style picture ${i + 1}`, imageMask, there!);
    return {
      weight,
      grams: gramsFor(site, picture, layers, settings.tiles, shown),
      ...(mask && { masks: maskFactors(`stylize: the mask of style ${i + 1}`, mask, shapes) }),
    };
  });
  const relative = settings.normalization === 'relative';
  const { weight, ...form } = settings.variation;
  return {
    ...site,
    size,
    content: networkPicture(scene.content, size, channels).values,
    contentLayers: relative ? relativeLayers(scene, settings, site, size) : settings.contentLayers,
    styles: blended(targets, layers),
    styleLayers: relative ? relativeStyle(styleLayers, targets) : styleLayers,
    normalization: layerNormalization(settings.normalization),
    variation: { ...form, weight: relative ? weight / (size.height * size.width * channels) : weight },
  };
}

/** Longer side of the content whose activations content losses are set in relation to: at larger ones they are alike. */
const RELATIVE_SIZE = 256;

function relativeLayers(
  { content }: Scene,
  { contentLayers }: Settings,
  site: TargetSite,
  { height, width }: PictureSize,
): LayerWeight[] {
  const { leastSize, channels } = site.network.input;
  const longer = Math.max(RELATIVE_SIZE, Math.ceil((leastSize * Math.max(height, width)) / Math.min(height, width)));
  const size = longer < Math.max(height, width) ? fittedSize({ height, width }, longer) : { height, width };
  const layers = contentLayers.filter(({ weight }) => weight > 0).map(({ layer }) => layer);
  return relativeContent(contentLayers, featuresOf(site, networkPicture(content, size, channels), layers));
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
