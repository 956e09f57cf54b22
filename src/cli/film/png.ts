import { chunk, join } from '../../image/codec/png-chunk.ts';
import { encodePng } from '../../image/encode.ts';
import type { RgbaImage } from '../../image/image.ts';
import type { FilmEncoder } from './encoder.ts';

const SIGNATURE_BYTES = 8;

/** The data of the chunks of a type, joined. */
function dataOf(png: Uint8Array, type: string): Uint8Array {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const found: Uint8Array[] = [];
  for (let at = SIGNATURE_BYTES; at < png.length; ) {
    const length = view.getUint32(at);
    if (String.fromCharCode(...png.subarray(at + 4, at + 8)) === type)
      found.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return join(found);
}

/** Big-endian numbers one behind the other, as chunks hold them. */
function numbers(...values: readonly (readonly [value: number, bytes: 1 | 2 | 4])[]): Uint8Array {
  return Uint8Array.from(
    values.flatMap(([value, bytes]) =>
      Array.from({ length: bytes }, (_, i) => (value >>> (8 * (bytes - 1 - i))) & 255),
    ),
  );
}

/**
 * An animated PNG without loss. Programs that know none show its last frame, which is not the first of the animation.
 * @see PNG 3rd edition, §11.3.6 (acTL, fcTL, fdAT)
 */
export function pngFilm(): FilmEncoder {
  const chunks: Uint8Array[] = [];
  let sequence = 0;
  let frames = 0;
  let last: Uint8Array | undefined;
  return {
    async add({ data, width, height }: RgbaImage, milliseconds) {
      last = await encodePng({ data, width, height });
      const control = numbers(
        [sequence++, 4],
        [width, 4],
        [height, 4],
        // At the top left corner.
        [0, 4],
        [0, 4],
        [milliseconds, 2],
        [1000, 2],
        // Neither cleared nor blended: each frame is whole.
        [0, 1],
        [0, 1],
      );
      chunks.push(chunk('fcTL', control), chunk('fdAT', join([numbers([sequence++, 4]), dataOf(last, 'IDAT')])));
      frames++;
    },
    async finish() {
      const still = last!;
      return join([
        still.subarray(0, SIGNATURE_BYTES),
        chunk('IHDR', dataOf(still, 'IHDR')),
        chunk('acTL', numbers([frames, 4], [0, 4])),
        chunk('IDAT', dataOf(still, 'IDAT')),
        ...chunks,
        chunk('IEND', new Uint8Array(0)),
      ]);
    },
  };
}
