import { ImageError } from '../../core/errors.ts';
import { exifOrientation, type Orientation } from '../orientation.ts';
import { crc32 } from './crc32.ts';

/** What the chunks of a PNG say (PNG 3rd edition, §11), before any pixel is inflated. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits of a sample: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  readonly colour: Colour;
  readonly interlaced: boolean;
  /** Red, green, blue of each palette entry. */
  readonly palette: Uint8Array | undefined;
  /** Alpha of the palette's first entries; else the samples of the one colour that is transparent, 16 bits each. */
  readonly transparency: Uint8Array | undefined;
  readonly orientation: Orientation;
  /** The pieces of the zlib stream. */
  readonly data: readonly Uint8Array[];
}

/** Colour types: bit 0 palette, bit 1 colour, bit 2 alpha. */
export const Colour = { grey: 0, rgb: 2, palette: 3, greyAlpha: 4, rgba: 6 } as const;
export type Colour = (typeof Colour)[keyof typeof Colour];

/** Samples of a pixel by colour type. */
export const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

export const PNG_SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** Reads the chunks up to IEND. @throws ImageError where one is damaged, missing or out of place, or the file is truncated. */
export function readPngHeader(bytes: Uint8Array): PngHeader {
  const damaged = PNG_SIGNATURE.findIndex((byte, i) => bytes[i] !== byte);
  if (damaged >= 0) throw new ImageError(`png: the signature is damaged at byte ${damaged}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let frame: ReturnType<typeof readFrame> | undefined;
  let palette: Uint8Array | undefined;
  let transparency: Uint8Array | undefined;
  let orientation: Orientation = 1;
  const data: Uint8Array[] = [];
  for (let at = PNG_SIGNATURE.length; ; ) {
    const length = at + 8 <= bytes.length ? view.getUint32(at) : 0;
    const end = at + 12 + length;
    if (end > bytes.length)
      throw new ImageError(`png: the file is truncated: ${bytes.length} bytes without an end chunk`);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const chunk = bytes.subarray(at + 8, end - 4);
    const intact = crc32(bytes.subarray(at + 4, end - 4)) === view.getUint32(end - 4);
    // A lower-case first letter: decoders may pass over the chunk.
    const optional = (bytes[at + 4]! & 0x20) !== 0;
    if (!intact && !optional)
      throw new ImageError(`png: the checksum of chunk ${type} at byte ${at} does not fit its data`);
    if (!frame && type !== 'IHDR') throw new ImageError(`png: expected chunk IHDR first, got ${JSON.stringify(type)}`);
    at = end;
    if (type === 'IEND') break;
    if (type === 'IHDR') {
      if (frame) throw new ImageError('png: expected one IHDR chunk, got a second one');
      frame = readFrame(chunk);
    } else if (type === 'PLTE') palette = readPalette(chunk);
    else if (type === 'IDAT') data.push(chunk);
    else if (!optional) throw new ImageError(`png: chunk ${JSON.stringify(type)} is critical and not known`);
    else if (intact && type === 'tRNS') transparency = chunk;
    else if (intact && type === 'eXIf') orientation = exifOrientation(chunk);
  }
  if (data.length === 0) throw new ImageError('png: expected image data (IDAT) before the end, got none');
  if (frame!.colour === Colour.palette && !palette) throw new ImageError('png: expected a palette (PLTE), got none');
  return { ...frame!, palette, transparency, orientation, data };
}

function readFrame(chunk: Uint8Array) {
  if (chunk.length !== 13) throw new ImageError(`png: IHDR must hold 13 bytes, got ${chunk.length}`);
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const [depth, colour, compression, filter, interlace] = chunk.subarray(8);
  if (!DEPTHS[colour!]?.includes(depth!))
    throw new ImageError(`png: ${depth} bits of colour type ${colour} are not a kind of PNG`);
  if (compression !== 0 || filter !== 0 || interlace! > 1)
    throw new ImageError(
      `png: expected compression 0, filter 0 and interlace 0 or 1, got ${compression}, ${filter} and ${interlace}`,
    );
  return {
    width: view.getUint32(0),
    height: view.getUint32(4),
    depth: depth!,
    colour: colour as Colour,
    interlaced: interlace === 1,
  };
}

function readPalette(chunk: Uint8Array): Uint8Array {
  if (chunk.length === 0 || chunk.length % 3 !== 0 || chunk.length > 768)
    throw new ImageError(`png: a palette holds 1 to 256 colours of 3 bytes, got ${chunk.length} bytes`);
  return chunk;
}
