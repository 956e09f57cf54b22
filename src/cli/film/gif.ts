import type { Gifenc } from 'gifenc';
import type { FilmEncoder } from './encoder.ts';

/** Frames are told by 256 colours each, the most that a GIF has. */
const COLOURS = 256;

/** An animated GIF: the colours that suit each frame best. */
export async function gifFilm(): Promise<FilmEncoder> {
  const module: Partial<Gifenc> & { default: Gifenc } = await import('gifenc');
  // It is CommonJS: hosts differ in whether its members are names of the module.
  const { GIFEncoder, quantize, applyPalette } = module.quantize ? (module as Gifenc) : module.default;
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
