import { ImageError } from '../../core/errors.ts';
import { Colour, type PngHeader, SAMPLES } from './png-header.ts';

/** Reads one unfiltered row (its filter byte first) of `count` pixels as opaque RGB into `out`, 3 bytes a pixel. */
export type RowReader = (row: Uint8Array, count: number, out: Uint8Array) => void;

/** (v·α + white·(most − α)) / most over white, then scaled from 0…most to 0…255; both rounded. */
const onWhite = (v: number, alpha: number, most: number): number =>
  Math.floor((Math.floor((v * alpha + most * (most - alpha) + (most >> 1)) / most) * 255 + (most >> 1)) / most);

/**
 * The reader of a PNG's rows: unpacks samples of 1 to 16 bits, looks colours up in the palette, and lays what is
 * transparent over white.
 */
export function rowReader(header: PngHeader): RowReader {
  const { depth, colour } = header;
  if (colour === Colour.palette) return paletteReader(header);
  const samples = SAMPLES[colour]!;
  const most = 2 ** depth - 1;
  const isGrey = samples < 3;
  const hasAlpha = (colour & 4) !== 0;
  const key = hasAlpha ? undefined : transparentColour(header);
  const level = Uint8Array.from({ length: Math.min(most, 255) + 1 }, (_, v) => Math.round((v * 255) / most));
  return (row, count, out) => {
    for (let i = 0, s = 0, o = 0; i < count; i++, s += samples, o += 3) {
      const r = sampleAt(row, s, depth);
      const g = isGrey ? r : sampleAt(row, s + 1, depth);
      const b = isGrey ? r : sampleAt(row, s + 2, depth);
      const isKey = key !== undefined && r === key[0] && (isGrey || (g === key[1] && b === key[2]));
      const alpha = hasAlpha ? sampleAt(row, s + samples - 1, depth) : isKey ? 0 : most;
      if (alpha === most && depth <= 8) {
        out[o] = level[r]!;
        out[o + 1] = level[g]!;
        out[o + 2] = level[b]!;
      } else {
        out[o] = onWhite(r, alpha, most);
        out[o + 1] = onWhite(g, alpha, most);
        out[o + 2] = onWhite(b, alpha, most);
      }
    }
  };
}

/** Sample `index` of a row: big-endian, the leftmost in the highest bits. */
function sampleAt(row: Uint8Array, index: number, depth: number): number {
  if (depth === 8) return row[1 + index]!;
  if (depth === 16) return row[1 + 2 * index]! * 256 + row[2 + 2 * index]!;
  const bit = index * depth;
  return (row[1 + (bit >> 3)]! >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
}

/** The colour that tRNS makes transparent, undefined where there is none. */
function transparentColour({ colour, transparency }: PngHeader): readonly number[] | undefined {
  if (!transparency) return undefined;
  const bytes = SAMPLES[colour]! * 2;
  if (transparency.length !== bytes)
    throw new ImageError(`png: tRNS of colour type ${colour} must hold ${bytes} bytes, got ${transparency.length}`);
  return Array.from({ length: bytes / 2 }, (_, i) => transparency[2 * i]! * 256 + transparency[2 * i + 1]!);
}

function paletteReader({ depth, palette, transparency }: PngHeader): RowReader {
  const colours = palette!.length / 3;
  const flat = palette!.map((v, i) => onWhite(v, transparency?.[Math.floor(i / 3)] ?? 255, 255));
  return (row, count, out) => {
    for (let i = 0, o = 0; i < count; i++, o += 3) {
      const index = sampleAt(row, i, depth);
      if (index >= colours) throw new ImageError(`png: a pixel names colour ${index} of a palette of ${colours}`);
      out[o] = flat[3 * index]!;
      out[o + 1] = flat[3 * index + 1]!;
      out[o + 2] = flat[3 * index + 2]!;
    }
  };
}
