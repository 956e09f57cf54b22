import { ImageError } from '../../core/errors.ts';
import type { Picture } from '../image.ts';
import { checkBytes, checkSize, type Limits, reductionOf } from '../limits.ts';
import { Reducer } from './reducer.ts';

const SPACE = /[ \t\n\v\f\r]/;

/** Header of a file: kind, size, largest value, and where the samples start. */
interface Header {
  readonly name: 'pgm' | 'ppm';
  readonly samples: 1 | 3;
  readonly width: number;
  readonly height: number;
  readonly largest: number;
  readonly start: number;
}

/** Words apart by white space, comments from # to the end of a line; one white space ends the header. */
function readHeader(bytes: Uint8Array): Header {
  const name = bytes[1] === 0x35 ? 'pgm' : 'ppm';
  let at = 2;
  const next = (): string => String.fromCharCode(bytes[at++] ?? 0);
  const number = (what: string): number => {
    let character = next();
    while (SPACE.test(character) || character === '#') {
      if (character === '#') while (at < bytes.length && !/[\n\r]/.test(character)) character = next();
      character = next();
    }
    let digits = '';
    for (; /\d/.test(character) && digits.length < 10; character = next()) digits += character;
    if (digits === '' || !SPACE.test(character))
      throw new ImageError(`${name}: expected the ${what} in the header, got ${JSON.stringify(digits + character)}`);
    return Number(digits);
  };
  const [width, height, largest] = [number('width'), number('height'), number('largest value')];
  if (largest < 1 || largest > 65535)
    throw new ImageError(`${name}: the largest value must be in 1 … 65535, the header states ${largest}`);
  return { name, samples: name === 'pgm' ? 1 : 3, width, height, largest, start: at };
}

/**
 * Decodes a binary PGM (P5, grey) or PPM (P6, colour), of 8 or 16 bits, the first picture of several; reduced by averaging
 * where it is larger than the limits want whole.
 * @throws ImageError
 * @see https://netpbm.sourceforge.net/doc/pgm.html
 */
export function decodeNetpbm(bytes: Uint8Array, limits: Limits): Picture {
  const { name, samples, width, height, largest, start } = readHeader(bytes);
  checkSize(name, width, height, limits);
  const by = reductionOf(width, height, limits);
  checkBytes(name, bytes.length + Math.ceil((width * height * (by === 1 ? 4 : 10)) / (by * by)) + width * 3, limits);
  const size = largest > 255 ? 2 : 1;
  const expected = width * height * samples * size;
  if (bytes.length - start < expected)
    throw new ImageError(`${name}: the header asks for ${expected} bytes of pixels, got ${bytes.length - start}`);

  const picture = new Reducer(width, height, by);
  const rgb = new Uint8Array(3 * width);
  let at = start;
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < width * samples; i++, at += size) {
      const value = size === 1 ? bytes[at]! : bytes[at]! * 256 + bytes[at + 1]!;
      const scaled = Math.round((Math.min(value, largest) * 255) / largest);
      if (samples === 1) rgb.fill(scaled, 3 * i, 3 * i + 3);
      else rgb[i] = scaled;
    }
    picture.add(rgb, width, 0, y, 1);
  }
  return { ...picture.finish(), sourceWidth: width, sourceHeight: height };
}
