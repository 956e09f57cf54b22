import { Unzlib } from 'fflate';
import { ImageError } from '../../core/errors.ts';
import type { Picture } from '../image.ts';
import { checkBytes, checkSize, type Limits, reductionOf } from '../limits.ts';
import { turnUpright } from '../orientation.ts';
import { unfilter } from './png-filter.ts';
import { readPngHeader, SAMPLES } from './png-header.ts';
import { type Pass, passesOf } from './png-passes.ts';
import { rowReader } from './png-pixels.ts';
import { Reducer } from './reducer.ts';

/** Compressed bytes that are inflated at a time: DEFLATE gives at most 1,032 for one, so a bomb is met within 17 MB. */
const PIECE = 16384;

/**
 * Decodes a PNG of any kind upright, row by row, over white; reduced by averaging where it is larger than the limits
 * want whole.
 * @throws ImageError
 */
export function decodePng(bytes: Uint8Array, limits: Limits): Picture {
  const header = readPngHeader(bytes);
  const { width, height, orientation } = header;
  checkSize('png', width, height, limits);
  const by = reductionOf(width, height, limits);
  // RGBA, and where it is reduced the sums of three colours; two rows of at most 8 bytes a pixel and one of RGB.
  const pixels = Math.ceil((width * height * (by === 1 ? 4 : 10)) / (by * by));
  checkBytes('png', bytes.length + pixels + width * 19, limits);

  const bits = SAMPLES[header.colour]! * header.depth;
  const read = rowReader(header);
  const picture = new Reducer(width, height, by);
  const rgb = new Uint8Array(3 * width);
  const passes = passesOf(width, height, header.interlaced);
  inflateRows(header.data, passes, bits, (row, pass, y) => {
    read(row, pass.columns, rgb);
    picture.add(rgb, pass.columns, pass.x, pass.y + y * pass.dy, pass.dx);
  });
  const upright = turnUpright(picture.finish(), orientation);
  return { ...upright, sourceWidth: orientation < 5 ? width : height, sourceHeight: orientation < 5 ? height : width };
}

/** Inflates the rows of all passes and hands each one, unfiltered, to `use`: its bytes last until the next one. */
function inflateRows(
  data: readonly Uint8Array[],
  passes: readonly Pass[],
  bits: number,
  use: (row: Uint8Array, pass: Pass, y: number) => void,
): void {
  const pixel = Math.max(1, bits >> 3);
  const rowBytes = (pass: Pass): number => 1 + Math.ceil((pass.columns * bits) / 8);
  const expected = passes.reduce((sum, pass) => sum + rowBytes(pass) * pass.rows, 0);
  let [current, y, filled, received] = [0, 0, 0, 0];
  let row = new Uint8Array(rowBytes(passes[0]!));
  let above = new Uint8Array(row.length);

  const take = (chunk: Uint8Array): void => {
    received += chunk.length;
    if (received > expected) throw new ImageError(`png: the header asks for ${expected} bytes of pixels, got more`);
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + row.length - filled);
      row.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < row.length) break;
      const pass = passes[current]!;
      unfilter(row, above, pixel);
      use(row, pass, y);
      filled = 0;
      [row, above] = [above, row];
      if (++y === pass.rows && ++current < passes.length) {
        y = 0;
        row = new Uint8Array(rowBytes(passes[current]!));
        above = new Uint8Array(row.length);
      }
    }
  };

  const inflater = new Unzlib(take);
  try {
    for (const piece of data)
      for (let at = 0; at < piece.length; at += PIECE) inflater.push(piece.subarray(at, at + PIECE));
  } catch (error) {
    if (error instanceof ImageError) throw error;
    throw new ImageError(`png: the compressed data is damaged (${(error as Error).message})`, { cause: error });
  }
  if (received < expected)
    throw new ImageError(`png: the header asks for ${expected} bytes of pixels, got ${received}`);
}
