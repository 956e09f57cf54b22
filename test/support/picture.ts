import type { RgbaImage } from '../../src/image/image.ts';
import { randomFrom } from './random.ts';

/** A picture of seeded noise in all four channels: nothing in it is smooth, so a pixel read off by one shows. */
export function noisePicture(width: number, height: number, seed = 1): RgbaImage {
  const random = randomFrom(seed);
  return { data: Uint8Array.from({ length: width * height * 4 }, () => Math.floor(random() * 256)), width, height };
}
