import type { RgbaImage } from '../../image/image.ts';

/** Pictures one after another, as a file that plays them again and again. */
export interface FilmEncoder {
  /** Adds a frame, opaque and of the size of all others, that is shown for so many milliseconds. */
  add(frame: RgbaImage, milliseconds: number): void | Promise<void>;
  /** The file. Nothing can be added afterwards. */
  finish(): Promise<Uint8Array>;
}
