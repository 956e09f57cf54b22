import { f32_winograd_conv2d } from './winograd';

// A convolution in steps of 2 is one in steps of 1 over cells of 2 × 2 pixels, of half as many taps a side: 3 for windows of
// 5 and 6, 4 for those of 7 and 8. What remains of the last taps is zero.

/**
 * `rows` rows of one image's outputs: out[y][x][n] = activation(Σ in[top + 2 y + ky][left + 2 x + kx][c] · filters[ky][kx][c][n] +
 * bias[n]), cells outside the input [h][w][c] 0. U is that of filters [taps][taps][2 · 2 · c][n], `size` 6 for 3 taps a side, 5
 * for 4. Scratch: cells (rows + taps − 1) · (out_w + taps − 1) · 4 c, and that of f32_winograd_conv2d.
 */
export function f32_winograd_polyphase(
  out: usize, input: usize, u: usize, bias: usize, scratch: usize,
  rows: i32, h: i32, w: i32, c: i32, n: i32, top: i32, left: i32, out_w: i32, size: i32, block: i32, slope: f32, lo: f32, hi: f32,
): void {
  assert(rows > 0 && out_w > 0 && c > 0 && (size == 6 || size == 5));
  const more = 8 - size, cells_y = rows + more, cells_x = out_w + more;
  gather_cells(scratch, input, cells_y, cells_x, h, w, c, top, left);
  const tiles = (rows + size - 1) / size * ((out_w + size - 1) / size);
  const rest = scratch + (<usize>(cells_y * cells_x * c) << 4);
  f32_winograd_conv2d(out, scratch, u, bias, rest, 0, tiles, cells_y, cells_x, 4 * c, n, 0, 0, rows, out_w, size, block, slope, lo, hi);
}

/** to[y][x][py][px][c] = image[top + 2 y + py][left + 2 x + px][c], zeros outside. */
function gather_cells(to: usize, image: usize, rows: i32, columns: i32, h: i32, w: i32, c: i32, top: i32, left: i32): void {
  const pixel = <usize>c << 2, pair = pixel << 1, row = <usize>w * pixel;
  for (let i = 0; i < 2 * rows; i++) {
    const y = top + i;
    let cell = to + <usize>((i >> 1) * columns) * (pair << 1) + <usize>(i & 1) * pair;
    let from = image + <usize>y * row + <usize>left * pixel;
    for (let j = 0, x = left; j < columns; j++, x += 2) {
      if (y >= 0 && y < h && x >= 0 && x + 1 < w) {
        for (let k: usize = 0; k < pair; k += 8) store<i64>(cell + k, load<i64>(from + k));
      } else {
        memory.fill(cell, 0, pair);
        if (y >= 0 && y < h) {
          if (x >= 0 && x < w) memory.copy(cell, from, pixel);
          if (x + 1 >= 0 && x + 1 < w) memory.copy(cell + pixel, from + pixel, pixel);
        }
      }
      cell += pair << 1;
      from += pair;
    }
  }
}
