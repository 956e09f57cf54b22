import { InputError } from '../../core/errors.ts';
import { importOptional } from '../../core/host.ts';
import type { RgbaImage } from '../../image/image.ts';
import type { FilmEncoder } from './encoder.ts';

type Sharp = typeof import('sharp').default;

/** An animated WebP, by the optional package sharp. @throws InputError where it is not installed. */
export async function webpFilm(): Promise<FilmEncoder> {
  const { default: sharp } = await importOptional<{ default: Sharp }>('sharp').catch((cause) => {
    throw new InputError(
      '--film: a WebP is written by the optional package sharp (npm install sharp); a GIF or PNG needs none',
      { cause },
    );
  });
  const frames: RgbaImage[] = [];
  const delay: number[] = [];
  return {
    add(frame, milliseconds) {
      frames.push(frame);
      delay.push(milliseconds);
    },
    async finish() {
      const { width, height } = frames[0]!;
      const tower = new Uint8Array(frames.length * width * height * 4);
      for (const [i, { data }] of frames.entries()) tower.set(data, i * width * height * 4);
      const raw = { width, height: frames.length * height, channels: 4 as const, pageHeight: height };
      return sharp(tower, { raw }).webp({ quality: 85, delay, loop: 0 }).toBuffer();
    },
  };
}
