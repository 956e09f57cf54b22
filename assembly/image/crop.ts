import { load_rgba, store_rgb } from './texel';

/**
 * out[y][x][rgb] = (pixel − mean) / divisor of size × size RGBA pixels, rows `row` bytes apart. Four pixels are 16 bytes and
 * three vectors of the result, whose lanes hold red, green and blue in turn.
 */
export function crop(out: usize, pixels: usize, size: i32, row: usize, mean_f32x4: v128, divisor_f32x4: v128): void {
  const mean0 = i32x4.shuffle(mean_f32x4, mean_f32x4, 0, 1, 2, 0);
  const mean1 = i32x4.shuffle(mean_f32x4, mean_f32x4, 1, 2, 0, 1);
  const mean2 = i32x4.shuffle(mean_f32x4, mean_f32x4, 2, 0, 1, 2);
  for (let y = 0; y < size; y++) {
    let from = pixels + <usize>y * row, x = 0;
    for (; x + 4 <= size; x += 4) {
      const four = v128.load(from);
      // Bytes from 16 on are 0.
      const v0 = i8x16.swizzle(four, i8x16(0, -1, -1, -1, 1, -1, -1, -1, 2, -1, -1, -1, 4, -1, -1, -1));
      const v1 = i8x16.swizzle(four, i8x16(5, -1, -1, -1, 6, -1, -1, -1, 8, -1, -1, -1, 9, -1, -1, -1));
      const v2 = i8x16.swizzle(four, i8x16(10, -1, -1, -1, 12, -1, -1, -1, 13, -1, -1, -1, 14, -1, -1, -1));
      v128.store(out, f32x4.div(f32x4.sub(f32x4.convert_i32x4_s(v0), mean0), divisor_f32x4));
      v128.store(out, f32x4.div(f32x4.sub(f32x4.convert_i32x4_s(v1), mean1), divisor_f32x4), 16);
      v128.store(out, f32x4.div(f32x4.sub(f32x4.convert_i32x4_s(v2), mean2), divisor_f32x4), 32);
      out += 48; from += 16;
    }
    for (; x < size; x++) {
      store_rgb(out, load_rgba(from), mean_f32x4, divisor_f32x4);
      out += 12; from += 4;
    }
  }
}
