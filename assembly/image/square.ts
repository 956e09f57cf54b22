import { bilinear_inside, bilinear_or_black, mean_rgb, row_or_none, store_rgb } from './texel';

/**
 * out[y][x][rgb] = (v − mean) / divisor, v the crop [height][width] of RGBA bytes, put on a black square at (top, left)
 * and resized to size × size: bilinear, source = target · side / size, the last row and column repeated.
 *
 * `pixels` is the crop's first pixel, its rows `row` bytes apart. The position is float32 and the interpolation goes
 * along x first: the operations of tfjs' resizeBilinear, in its order.
 */
export function f32_image_square(
  out: usize, pixels: usize, size: i32, height: i32, width: i32, row: usize, side: i32, top: i32, left: i32,
  mean_red: f32, mean_green: f32, mean_blue: f32, divisor: f32,
): void {
  assert(size > 0 && height > 0 && width > 0 && row >= <usize>width << 2);
  assert(top >= 0 && left >= 0 && top + height <= side && left + width <= side);
  const mean = mean_rgb(mean_red, mean_green, mean_blue), divide = f32x4.splat(divisor);
  const scale = <f32>side / <f32>size;
  const last = side - 1;
  for (let y = 0; y < size; y++) {
    const at_y = <f32>y * scale;
    const y0 = min(<i32>at_y, last), y1 = min(y0 + 1, last);
    const share_y = f32x4.splat(at_y - <f32>y0);
    const row0 = row_or_none(pixels, y0 - top, height, row), row1 = row_or_none(pixels, y1 - top, height, row);
    const pairs = row0 != 0 && row1 != 0 ? width - 1 : 0;
    for (let x = 0; x < size; x++) {
      const at_x = <f32>x * scale;
      const x0 = min(<i32>at_x, last);
      const share_x = f32x4.splat(at_x - <f32>x0);
      const column = x0 - left;
      let v: v128;
      if (<u32>column < <u32>pairs) {
        const offset = <usize>column << 2;
        v = bilinear_inside(row0 + offset, row1 + offset, share_x, share_y);
      } else {
        v = bilinear_or_black(row0, row1, column, min(x0 + 1, last) - left, width, share_x, share_y);
      }
      store_rgb(out, v, mean, divide);
      out += 12;
    }
  }
}
