import { Rng } from '../core/rng.ts';
import type { RgbaImage } from '../image/image.ts';
import type { Painting } from './painting.ts';
import { networkPicture } from './picture.ts';

/** Stream of the seed. */
const NOISE = 1;
const GREY = 127.5;
const DEVIATION = 1e-3;

/** Paints noise: mid-grey + N(0,1) · 0.001, or 0 … 255 with each value as likely. */
export function paintNoise({ values }: Painting, kind: 'normal' | 'uniform', seed: number): void {
  const rng = new Rng(seed, NOISE);
  const draw = kind === 'normal' ? () => GREY + DEVIATION * rng.normal() : () => 255 * rng.uniform();
  for (let i = 0; i < values.length; i++) values[i] = draw();
}

/** Paints what a picture shows. */
export function paintImage(painting: Painting, image: RgbaImage): void {
  painting.picture = networkPicture(image, painting.size, painting.channels).values;
}
