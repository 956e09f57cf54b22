import { InputError } from '../core/errors.ts';
import type { Shape } from '../core/shape.ts';
import type { Box } from '../image/geometry.ts';
import type { Picture, RgbaImage } from '../image/image.ts';
import { resample } from '../image/resample.ts';
import type { FeatureInput } from '../models/feature-network.ts';
import type { Span } from './saliency.ts';

export interface FrameOptions {
  /** Side of what the network sees, in its pixels. Default: the network's usual size. */
  readonly size?: number;
  /** `'square'`: the middle square of a picture. `'whole'`: all of it, its shorter side brought to `size`. Default: `'square'`. */
  readonly fit?: 'square' | 'whole';
}

/** A picture as a network sees it, and where that lies in the upright original. */
export interface Framed {
  /** [1, height, width, channels], values 0 … 255. */
  readonly shape: Shape;
  readonly values: Float32Array;
  readonly frame: Frame;
}

/** The part of a picture that a network sees, as `height` × `width` cells. */
export interface Frame {
  /** Size of the original. */
  readonly picture: { readonly width: number; readonly height: number };
  /** What is seen of it, in its pixels. */
  readonly view: Box;
  readonly width: number;
  readonly height: number;
}

/**
 * Brings a picture to a network's input, without aliasing.
 * @throws InputError where an option is out of range, or the network takes one size alone.
 */
export function framed(
  picture: Picture,
  input: FeatureInput,
  { size = input.usualSize, fit = 'square' }: FrameOptions,
): Framed {
  if (!Number.isInteger(size) || size < 1)
    throw new InputError(`topPatches: size must be a whole number of at least 1, got ${size}`);
  if (fit !== 'square' && fit !== 'whole')
    throw new InputError(`topPatches: fit must be 'square' or 'whole', got ${JSON.stringify(fit)}`);
  const { width, height } = picture;
  const side = Math.min(width, height);
  const [w, h] = fit === 'square' ? [side, side] : [width, height];
  const [left, top] = [Math.floor((width - w) / 2), Math.floor((height - h) / 2)];
  const cells = (length: number): number => Math.max(size, Math.round((length * size) / side));
  const seen = { width: cells(w), height: cells(h) };
  const pixels = resample(cut(picture, left, top, w, h), [seen.height, seen.width], input.channels);
  const original = { width: picture.sourceWidth, height: picture.sourceHeight };
  const [x, y] = [original.width / width, original.height / height];
  return {
    shape: [1, seen.height, seen.width, input.channels],
    values: Float32Array.from(pixels),
    frame: { picture: original, view: { x: left * x, y: top * y, width: w * x, height: h * y }, ...seen },
  };
}

function cut(image: RgbaImage, left: number, top: number, width: number, height: number): RgbaImage {
  if (width === image.width && height === image.height) return image;
  const data = new Uint8Array(width * height * 4);
  for (let row = 0; row < height; row++) {
    const start = ((top + row) * image.width + left) * 4;
    data.set(image.data.subarray(start, start + width * 4), row * width * 4);
  }
  return { data, width, height };
}

/** Cells of the network's input, from `first`, as a box in the original; it may hang over. */
export function boxOf({ view, width, height }: Frame, rows: Span, columns: Span): Box {
  const [x, y] = [view.width / width, view.height / height];
  return {
    x: view.x + columns.first * x,
    y: view.y + rows.first * y,
    width: columns.size * x,
    height: rows.size * y,
  };
}
