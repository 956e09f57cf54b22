import type { RgbaImage } from '../image/image.ts';
import { blank, resample } from './canvas.ts';

/** Colours from low to high: dark blue to yellow over green, lighter step by step (viridis, by Smith & van der Walt, CC0). */
const COLOURS = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
] as const;

export interface HeatMapOptions {
  /** Values of the first and the last colour. Default: the least and the largest value. */
  readonly range?: readonly [low: number, high: number];
  /** Width and height in pixels; cells are enlarged smoothly. Default: a pixel a cell, or the size of `over`. */
  readonly size?: readonly [width: number, height: number];
  /** A picture of the same view to lay it over. */
  readonly over?: RgbaImage;
  /** How much of the colours is seen over the picture, 0 … 1. Default: 0.6. */
  readonly opacity?: number;
}

/**
 * Values of a plane, [height, width], as colours: an activation map, a saliency map, an occlusion map. Over a picture they
 * are mixed with its grey. NaN is grey.
 */
export function heatMap(
  values: ArrayLike<number>,
  [height, width]: readonly [number, number],
  { range, over, size = over ? [over.width, over.height] : [width, height], opacity = 0.6 }: HeatMapOptions = {},
): RgbaImage {
  const [low, high] = range ?? extremes(values);
  const cells = blank(width, height, [128, 128, 128, 255]);
  for (let i = 0; i < width * height; i++) {
    const value = values[i]!;
    if (!Number.isNaN(value)) cells.data.set(colourOf(high > low ? (value - low) / (high - low) : 0), i * 4);
  }
  const map = resample(cells, { x: 0, y: 0, width, height }, size[0], size[1]);
  if (!over) return map;
  const below = resample(over, { x: 0, y: 0, width: over.width, height: over.height }, size[0], size[1]);
  for (let i = 0; i < map.data.length; i += 4) {
    const grey = 0.299 * below.data[i]! + 0.587 * below.data[i + 1]! + 0.114 * below.data[i + 2]!;
    for (let c = i; c < i + 3; c++) map.data[c] = Math.round(map.data[c]! * opacity + grey * (1 - opacity));
  }
  return map;
}

function extremes(values: ArrayLike<number>): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < low) low = values[i]!;
    if (values[i]! > high) high = values[i]!;
  }
  return [low, high];
}

/** The colour of a share, 0 … 1, between two of the list. */
function colourOf(share: number): number[] {
  const at = Math.min(Math.max(share, 0), 1) * (COLOURS.length - 1);
  const first = Math.min(Math.floor(at), COLOURS.length - 2);
  const [a, b] = [COLOURS[first]!, COLOURS[first + 1]!];
  return a.map((value, c) => Math.round(value + (b[c]! - value) * (at - first)));
}
