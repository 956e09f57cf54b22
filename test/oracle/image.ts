import type { Box, Similarity } from '../../src/image/geometry.ts';
import type { RgbaImage } from '../../src/image/image.ts';
import type { SampleOptions, SquareOptions } from '../../src/image/photo.ts';

/** One channel of one pixel; black outside of `within`. */
function texel(image: RgbaImage, within: Box, x: number, y: number, channel: number): number {
  const inside = x >= within.x && y >= within.y && x < within.x + within.width && y < within.y + within.height;
  return inside ? image.data[(y * image.width + x) * 4 + channel]! : 0;
}

const mix = (p: number, q: number, share: number): number => p + (q - p) * share;

/** Photo.square in float64, from its definition: `region` on whole pixels. */
export function square(image: RgbaImage, region: Box, options: SquareOptions): Float64Array {
  const { size, place, mean, divisor } = options;
  const side = Math.max(region.width, region.height);
  const before = (length: number) => (place === 'centre' ? Math.floor((side - length) / 2) : 0);
  const left = region.x - before(region.width);
  const top = region.y - before(region.height);
  const out = new Float64Array(size * size * 3);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      for (let c = 0; c < 3; c++) {
        const at = { x: (x * side) / size, y: (y * side) / size };
        const [x0, y0] = [Math.floor(at.x), Math.floor(at.y)];
        const [x1, y1] = [Math.min(x0 + 1, side - 1), Math.min(y0 + 1, side - 1)];
        const read = (u: number, v: number) => texel(image, region, left + u, top + v, c);
        const upper = mix(read(x0, y0), read(x1, y0), at.x - x0);
        const lower = mix(read(x0, y1), read(x1, y1), at.x - x0);
        out[(y * size + x) * 3 + c] = (mix(upper, lower, at.y - y0) - mean[c]!) / divisor;
      }
  return out;
}

/** Photo.warp in float64, with k × k samples a cell. */
export function warp(image: RgbaImage, { a, b, tx, ty }: Similarity, k: number, options: SampleOptions): Float64Array {
  const { size, mean, divisor } = options;
  const all = { x: 0, y: 0, width: image.width, height: image.height };
  const out = new Float64Array(size * size * 3);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let j = 0; j < k; j++)
          for (let i = 0; i < k; i++) {
            const [u, v] = [x + (i + 0.5) / k - 0.5, y + (j + 0.5) / k - 0.5];
            const at = { x: a * u - b * v + tx, y: b * u + a * v + ty };
            const [x0, y0] = [Math.floor(at.x), Math.floor(at.y)];
            const read = (dx: number, dy: number) => texel(image, all, x0 + dx, y0 + dy, c);
            sum += mix(mix(read(0, 0), read(1, 0), at.x - x0), mix(read(0, 1), read(1, 1), at.x - x0), at.y - y0);
          }
        out[(y * size + x) * 3 + c] = (sum / (k * k) - mean[c]!) / divisor;
      }
  return out;
}
