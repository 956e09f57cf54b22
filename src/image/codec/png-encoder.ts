import { zlibSync } from 'fflate';
import type { RgbaImage } from '../image.ts';
import { chunk, join } from './png-chunk.ts';
import { filterInto } from './png-filter.ts';
import { Colour, PNG_SIGNATURE } from './png-header.ts';

/** Encodes as PNG of 8 bits: RGB where the picture is opaque, else RGBA. */
export function encodePngPixels({ data, width, height }: RgbaImage): Uint8Array {
  let opaque = true;
  for (let i = 3; i < data.length && opaque; i += 4) opaque = data[i] === 255;
  const samples = opaque ? 3 : 4;
  const stride = 1 + width * samples;
  const rows = new Uint8Array(stride * height);
  let row = new Uint8Array(stride);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    for (let x = 0, i = y * width * 4, o = 1; x < width; x++, i += 4, o += samples)
      for (let c = 0; c < samples; c++) row[o + c] = data[i + c]!;
    filterInto(rows.subarray(y * stride, (y + 1) * stride), row, above, samples);
    [row, above] = [above, row];
  }
  const frame = new Uint8Array(13);
  const view = new DataView(frame.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  frame.set([8, opaque ? Colour.rgb : Colour.rgba], 8);
  return join([PNG_SIGNATURE, chunk('IHDR', frame), chunk('IDAT', zlibSync(rows)), chunk('IEND', new Uint8Array(0))]);
}
