import { crop } from './crop';
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
  // Every share is 0: the pixels themselves.
  if (side == size && height == size && width == size) return crop(out, pixels, size, row, mean, divide);
  const scale = <f32>side / <f32>size;
  const last = side - 1;
  const columns = out + (<usize>(size * (3 * size - 2)) << 2);
  place_columns(columns, size, scale, last, left);
  let first = 0, end = size;
  while (first < size && load<i32>(columns + (<usize>first << 3)) < 0) first++;
  while (end > first && load<i32>(columns + (<usize>(end - 1) << 3)) >= width - 1) end--;
  for (let y = 0; y < size; y++) {
    const at_y = <f32>y * scale;
    const y0 = min(<i32>at_y, last), y1 = min(y0 + 1, last);
    const share_y = f32x4.splat(at_y - <f32>y0);
    const row0 = row_or_none(pixels, y0 - top, height, row), row1 = row_or_none(pixels, y1 - top, height, row);
    if (row0 != 0 && row1 != 0) {
      edge(out, row0, row1, columns, 0, first, last - left, width, share_y, mean, divide);
      inner(out, row0, row1, columns, first, end, share_y, mean, divide);
      edge(out, row0, row1, columns, end, size, last - left, width, share_y, mean, divide);
    } else {
      edge(out, row0, row1, columns, 0, size, last - left, width, share_y, mean, divide);
    }
    out += <usize>size * 12;
  }
}

/** Pixels `x` … `end` − 1 of a row of the result, all of them between two columns: in a loop of their own, twice as fast. */
function inner(
  out: usize, row0: usize, row1: usize, columns: usize, x: i32, end: i32, share_y: v128, mean: v128, divide: v128,
): void {
  const below = row1 - row0;
  out += <usize>x * 12;
  for (let last = columns + (<usize>end << 3), at = columns + (<usize>x << 3); at < last; at += 8) {
    const from = row0 + (load<usize>(at) << 2);
    store_rgb(out, bilinear_inside(from, from + below, v128.load32_splat(at, 4), share_y), mean, divide);
    out += 12;
  }
}

/** The same where a neighbour may lie outside of the crop. */
function edge(
  out: usize, row0: usize, row1: usize, columns: usize, x: i32, end: i32, last: i32, width: i32,
  share_y: v128, mean: v128, divide: v128,
): void {
  for (; x < end; x++) {
    const at = columns + (<usize>x << 3), column = load<i32>(at);
    const v = bilinear_or_black(row0, row1, column, min(column + 1, last), width, v128.load32_splat(at, 4), share_y);
    store_rgb(out + <usize>x * 12, v, mean, divide);
  }
}

/**
 * For each column of the result the crop's column to its left, and the share of the next one. They lie at the end of the
 * result's last row, whose pixel x ends before entry x + 1.
 */
function place_columns(columns: usize, size: i32, scale: f32, last: i32, left: i32): void {
  for (let x = 0; x < size; x++) {
    const at = <f32>x * scale;
    const x0 = min(<i32>at, last);
    store<i32>(columns, x0 - left);
    store<f32>(columns, at - <f32>x0, 4);
    columns += 8;
  }
}
