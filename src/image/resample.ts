import { checkImage, type RgbaImage } from './image.ts';

/** Red, green, blue → luminance (ITU-R BT.601, what JPEG's Y is), as whole 65536ths that add up to 65536. */
const LUMA = [19595, 38470, 7471] as const;

/** For each cell of an axis: where its samples start, and their weights, which add up to 1. */
function filterOf(from: number, to: number): { readonly first: number; readonly weights: Float64Array }[] {
  const scale = from / to;
  const reach = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale - 0.5;
    const first = Math.max(0, Math.ceil(centre - reach));
    const last = Math.min(from - 1, Math.floor(centre + reach));
    const weights = Float64Array.from({ length: last - first + 1 }, (_, k) =>
      Math.max(0, 1 - Math.abs(first + k - centre) / reach),
    );
    const sum = weights.reduce((total, weight) => total + weight);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}

/** The channels that are kept of a picture, [height, width, channels] of 0 … 255: RGB, or its luminance. */
function planesOf({ data, width, height }: RgbaImage, channels: 1 | 3): Uint8Array {
  const out = new Uint8Array(width * height * channels);
  for (let i = 0, at = 0; i < data.length; i += 4) {
    if (channels === 1)
      out[at++] = (data[i]! * LUMA[0] + data[i + 1]! * LUMA[1] + data[i + 2]! * LUMA[2] + 32768) >> 16;
    else for (let c = 0; c < 3; c++) out[at++] = data[i + c]!;
  }
  return out;
}

/**
 * A picture as bytes [height, width, channels] of another size, RGB or luminance (BT.601). Each cell is the mean of what
 * lies around it, weighed by a triangle that is two cells wide, so it does not alias where it shrinks. Whole picture onto
 * whole picture: other proportions stretch it.
 *
 * @throws ImageError where the data does not fill the size that it states.
 */
export function resample(image: RgbaImage, [height, width]: readonly [number, number], channels: 1 | 3): Uint8Array {
  checkImage('resample', image);
  const planes = planesOf(image, channels);
  if (image.width === width && image.height === height) return planes;
  const rows = filterOf(image.height, height);
  const columns = filterOf(image.width, width);
  const narrow = new Float64Array(image.height * width * channels);
  for (let y = 0, at = 0; y < image.height; y++)
    for (const { first, weights } of columns)
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let k = 0; k < weights.length; k++)
          sum += weights[k]! * planes[(y * image.width + first + k) * channels + c]!;
        narrow[at++] = sum;
      }
  const out = new Uint8Array(height * width * channels);
  const row = width * channels;
  for (const [y, { first, weights }] of rows.entries())
    for (let i = 0; i < row; i++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k]! * narrow[(first + k) * row + i]!;
      out[y * row + i] = Math.round(sum);
    }
  return out;
}
