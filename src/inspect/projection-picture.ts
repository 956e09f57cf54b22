import type { Shape } from '../core/shape.ts';
import type { RgbaImage } from '../image/image.ts';
import type { Span } from './saliency.ts';

/** Standard deviations of a projection that go from grey to white. */
const CONTRAST = 3;

/**
 * A projection [1, H, W, C] as a picture, or the part of it that a unit sees: 0 is grey, and what drives the unit up is
 * brighter, channel by channel (one channel is shown as grey). Scaled by its own deviation; outside it is grey.
 */
export function projectionPicture(
  values: Float32Array,
  shape: Shape,
  rows: Span = { first: 0, size: shape[1]! },
  columns: Span = { first: 0, size: shape[2]! },
): RgbaImage {
  const [, h, w, c] = shape as [number, number, number, number];
  const at = (y: number, x: number, channel: number): number =>
    y < 0 || y >= h || x < 0 || x >= w ? 0 : values[(y * w + x) * c + (c === 1 ? 0 : channel)]!;
  let sum = 0;
  for (let y = rows.first; y < rows.first + rows.size; y++)
    for (let x = columns.first; x < columns.first + columns.size; x++)
      for (let channel = 0; channel < 3; channel++) sum += at(y, x, channel) ** 2;
  const scale = sum > 0 ? 127 / (CONTRAST * Math.sqrt(sum / (3 * rows.size * columns.size))) : 0;
  const data = new Uint8ClampedArray(rows.size * columns.size * 4);
  let to = 0;
  for (let y = rows.first; y < rows.first + rows.size; y++)
    for (let x = columns.first; x < columns.first + columns.size; x++) {
      for (let channel = 0; channel < 3; channel++) data[to++] = 128 + at(y, x, channel) * scale;
      data[to++] = 255;
    }
  return { data, width: columns.size, height: rows.size };
}
