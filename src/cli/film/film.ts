import { extname } from 'node:path';
import { InputError } from '../../core/errors.ts';
import type { RgbaImage } from '../../image/image.ts';
import { resample } from '../../report/canvas.ts';
import type { FilmEncoder } from './encoder.ts';

/** Formats by the ending of a file's name. Loaded late: most runs film nothing. */
const encoders: Readonly<Record<string, () => Promise<FilmEncoder>>> = {
  '.gif': () => import('./gif.ts').then(({ gifFilm }) => gifFilm()),
  '.png': () => import('./png.ts').then(({ pngFilm }) => pngFilm()),
  '.apng': () => import('./png.ts').then(({ pngFilm }) => pngFilm()),
  '.webp': () => import('./webp.ts').then(({ webpFilm }) => webpFilm()),
};

/** @throws InputError where no film can be written under that name. */
export function checkFilm(path: string): void {
  if (!(extname(path).toLowerCase() in encoders))
    throw new InputError(
      `--film: ${path} must end in ${Object.keys(encoders).join(', ')}: an animated GIF, PNG or WebP`,
    );
}

/** Frames of a film: more make it long and large, and nobody sees the difference. */
const MOST_FRAMES = 40;
/** Longest side of a frame: more would be a large file. */
const MOST_PIXELS = 640;
const FRAME_MILLISECONDS = 80;
/** The last frame is what one wants to look at. */
const LAST_MILLISECONDS = 2000;

/**
 * After which steps a frame is taken: the first, the last, and between them less and less often, since a picture changes
 * most in the beginning: step ⌈of · (i / frames)²⌉.
 */
export function frameSteps(of: number): ReadonlySet<number> {
  const frames = Math.min(of, MOST_FRAMES);
  return new Set(
    Array.from({ length: frames }, (_, i) => Math.max(i + 1, Math.ceil((of * (i + 1) ** 2) / frames ** 2))),
  );
}

/** Films a picture as it comes into being. */
export class Film {
  readonly #encoder: FilmEncoder;
  readonly #size: { readonly width: number; readonly height: number };
  #held: RgbaImage | undefined;

  private constructor(encoder: FilmEncoder, size: { readonly width: number; readonly height: number }) {
    this.#encoder = encoder;
    this.#size = size;
  }

  /** A film for a file of that name; frames of other sizes are brought to `size`. @throws InputError */
  static async open(path: string, size: { readonly width: number; readonly height: number }): Promise<Film> {
    checkFilm(path);
    return new Film(await encoders[extname(path).toLowerCase()]!(), size);
  }

  async add(picture: RgbaImage): Promise<void> {
    if (this.#held) await this.#encoder.add(this.#held, FRAME_MILLISECONDS);
    this.#held = this.#fit(picture);
  }

  async finish(): Promise<Uint8Array> {
    if (this.#held) await this.#encoder.add(this.#held, LAST_MILLISECONDS);
    this.#held = undefined;
    return this.#encoder.finish();
  }

  /** A pyramid starts with small pictures. */
  #fit(picture: RgbaImage): RgbaImage {
    const { width, height } = this.#size;
    if (picture.width === width && picture.height === height) return picture;
    return resample(picture, { x: 0, y: 0, width: picture.width, height: picture.height }, width, height);
  }
}

/** The size of a film's frames: the picture's own, no side longer than a screen shows. */
export function filmSize({ width, height }: { readonly width: number; readonly height: number }) {
  const scale = Math.min(1, MOST_PIXELS / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
