import type { RgbaImage } from '../image/image.ts';
import { resample } from '../image/resample.ts';
import type { PictureSize } from '../models/feature-network.ts';

/** A picture as a network takes it: [H,W,C] of 0 … 255, red, green and blue or luminance. */
export interface NetworkPicture {
  readonly size: PictureSize;
  readonly values: Float32Array;
}

/** The size of a picture whose longer side is to have so many pixels; each side at least one. */
export function fittedSize({ width, height }: PictureSize, longer: number): PictureSize {
  const scale = longer / Math.max(width, height);
  const side = (pixels: number): number => Math.max(1, Math.round(pixels * scale));
  return { height: side(height), width: side(width) };
}

/** A picture of another size as a network takes it; every cell is a mean of what lies around it. */
export function networkPicture(image: RgbaImage, size: PictureSize, channels: 1 | 3): NetworkPicture {
  return { size, values: Float32Array.from(resample(image, [size.height, size.width], channels)) };
}

/** Values [H,W,C] as pixels: clamped to 0 … 255 and rounded. */
export function toRgba(values: Float32Array, { height, width }: PictureSize, channels: 1 | 3): RgbaImage {
  const data = new Uint8Array(height * width * 4).fill(255);
  for (let p = 0; p < height * width; p++)
    for (let c = 0; c < 3; c++) {
      const value = values[p * channels + (channels === 3 ? c : 0)]!;
      data[p * 4 + c] = Math.round(Math.min(Math.max(value, 0), 255));
    }
  return { data, width, height };
}
