import { Rng } from '../core/rng.ts';
import type { RgbaImage } from '../image/image.ts';
import type { PictureSize } from '../models/feature-network.ts';
import type { Engine } from '../runtime/engine.ts';
import type { Start } from './options.ts';
import { networkPicture } from './picture.ts';

/** Stream of the seed. */
const NOISE = 1;
const GREY = 127.5;
const DEVIATION = 1e-3;

/** Writes what painting starts from to `picture`, the address of [H,W,C]. */
export function writeStart(
  start: Start,
  content: RgbaImage,
  own: RgbaImage | undefined,
  size: PictureSize,
  channels: 1 | 3,
  seed: number,
  { memory }: Engine,
  picture: number,
): void {
  const values = memory.f32(picture, size.height * size.width * channels);
  if (start === 'content' || typeof start === 'object') {
    values.set(networkPicture(own ?? content, size, channels).values);
    return;
  }
  const rng = new Rng(seed, NOISE);
  const draw = start === 'normal' ? () => GREY + DEVIATION * rng.normal() : () => 255 * rng.uniform();
  for (let i = 0; i < values.length; i++) values[i] = draw();
}
