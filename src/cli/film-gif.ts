import type { FilmEncoder } from './film.ts';

/** Frames are told by 256 colours each, the most that a GIF has. */
const COLOURS = 256;

/** An animated GIF: the colours that suit each frame best. */
export async function gifFilm(): Promise<FilmEncoder> {
  const module = await import('gifenc');
  // CommonJS: hosts differ in whether its members are names of the module.
  const { GIFEncoder, quantize, applyPalette } = 'quantize' in module ? module : module.default;
  const gif = GIFEncoder();
  return {
    add({ data, width, height }, delay) {
      const palette = quantize(data, COLOURS);
      gif.writeFrame(applyPalette(data, palette), width, height, { palette, delay });
    },
    async finish() {
      gif.finish();
      return gif.bytes();
    },
  };
}
