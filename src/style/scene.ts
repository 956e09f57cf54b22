import { InputError } from '../core/errors.ts';
import type { RgbaImage } from '../image/image.ts';
import { readImage } from '../image/read.ts';
import type { PictureSize } from '../models/feature-network.ts';
import { preparedColors } from './colors.ts';
import type { StyleImage, StylizeOptions } from './options.ts';
import { fittedSize, networkPicture, toRgba } from './picture.ts';
import type { Settings } from './settings.ts';
import { longerSide, resultSize } from './sizes.ts';

/** A style with its pictures decoded. */
export interface StylePicture {
  readonly image: RgbaImage;
  readonly weight: number;
  readonly mask: RgbaImage | undefined;
  readonly imageMask: RgbaImage | undefined;
}

/** The pictures that a painting is made from, decoded, in the colours that are to be looked at. */
export interface Scene {
  /** Of the result. */
  readonly size: PictureSize;
  /** In its own colours. */
  readonly original: RgbaImage;
  readonly content: RgbaImage;
  readonly styles: readonly StylePicture[];
  /** What painting starts from, where that is a picture of the caller's. */
  readonly start: RgbaImage | undefined;
}

/** How many times larger than what is painted pictures are kept. */
const SPARE = 2;

/** Reads all pictures. @throws ImageError, InputError naming the picture or the option */
export async function readScene(options: StylizeOptions, settings: Settings): Promise<Scene> {
  const { content, style, styles = style === undefined ? [] : [{ image: style }], start } = options;
  if (style !== undefined && options.styles) throw new InputError('stylize: give `style` or `styles`, not both');
  const whole = await readImage(content);
  const longer = longerSide(whole, options.size);
  const original = reduced(whole, longer);
  const read = await Promise.all(styles.map((one, i) => readStyle(one, i, longer * settings.styleScale)));
  const weights = read.reduce((sum, { weight }) => sum + weight, 0);
  if (read.length > 0 && !(weights > 0)) throw new InputError('stylize: the weights of all styles are 0');
  const colors = preparedColors(
    settings.preserveColors,
    original,
    read.map(({ image }) => image),
  );
  return {
    size: resultSize(whole, options.size),
    original,
    content: colors.content,
    styles: read
      .map((one, i) => ({ ...one, image: colors.styles[i]!, weight: one.weight / weights }))
      .filter(({ weight }) => weight > 0),
    start: typeof start === 'object' ? await readImage(start.image) : undefined,
  };
}

async function readStyle(
  { image, weight = 1, mask, imageMask }: StyleImage,
  i: number,
  longer: number,
): Promise<StylePicture> {
  if (!(weight >= 0 && weight <= Number.MAX_VALUE))
    throw new InputError(`stylize: the weight of style ${i + 1} must be a finite number of at least 0, got ${weight}`);
  return {
    image: reduced(await readImage(image), longer),
    weight,
    mask: mask === undefined ? undefined : await readImage(mask),
    imageMask: imageMask === undefined ? undefined : await readImage(imageMask),
  };
}

/** Pictures much larger than what is painted, made smaller once and for all levels. */
function reduced(image: RgbaImage, longer: number): RgbaImage {
  const most = Math.ceil(SPARE * longer);
  if (Math.max(image.width, image.height) <= most) return image;
  const size = fittedSize(image, most);
  return toRgba(networkPicture(image, size, 3).values, size, 3);
}
