import { crc32 } from '../../src/image/codec/crc32.ts';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** A chunk with its length and checksum; `checksum` overrides the right one. */
export function pngChunk(type: string, data: Uint8Array, checksum?: number): Uint8Array {
  const chunk = new Uint8Array(data.length + 12);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  chunk.set(new TextEncoder().encode(type), 4);
  chunk.set(data, 8);
  view.setUint32(data.length + 8, checksum ?? crc32(chunk.subarray(4, data.length + 8)));
  return chunk;
}

/** IHDR: width, height, bits of a sample, colour type, interlace. */
export function pngFrame(width: number, height: number, depth: number, colour: number, interlace = 0): Uint8Array {
  const data = new Uint8Array(13);
  const view = new DataView(data.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  data.set([depth, colour, 0, 0, interlace], 8);
  return pngChunk('IHDR', data);
}

export const pngFile = (...chunks: Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat([SIGNATURE, ...chunks]));

export const pngEnd = pngChunk('IEND', new Uint8Array(0));
