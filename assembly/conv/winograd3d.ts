import { tile_4x8 } from '../gemm/micro';
import { input_tiles, output_tiles, POINT_GAP } from './winograd';

// A kd × 3 × 3 convolution of volumes at stride 1. Each slice of the input is transformed once, by the transforms of images,
// and V holds the slices of a tile one behind the other: what an output's kd slices hold is one run of kd · c floats, so
// that the sum over kd and c is one product, and goes through the inverse transform once.
//
//   V[point][tile][slices + kd − 1][c] ──·U[point][kd · c][n]──▶ M[point][tile][slices][n]

/**
 * out[z][y][x][n] = activation(Σ in[z + kz − front][y + ky − top][x + kx − left][c] · filters[kz][ky][kx][c][n] + bias[n]) for
 * z < slices and the `count` tiles of each slice from `first` on, cells outside the input [d][h][w][c] 0. Scratch:
 *   V  points · (count · (slices + kd − 1) · c + 16)  ·  M  points · (⌈count · slices⌉₄ · n + 16)  ·  patch  points · c  ·
 *   one square of 36 vectors
 */
export function f32_winograd_conv3d(
  out: usize, input: usize, u: usize, bias: usize, scratch: usize,
  first: i32, count: i32, slices: i32, d: i32, h: i32, w: i32, c: i32, n: i32, kd: i32,
  front: i32, top: i32, left: i32, out_h: i32, out_w: i32, size: i32, slope: f32, lo: f32, hi: f32,
): void {
  assert(count > 0 && slices > 0 && kd > 0 && d > 0);
  const points = (size + 2) * (size + 2);
  const pixel = <usize>c << 2, out_pixel = <usize>n << 2;
  const v_tile = <usize>(slices + kd - 1) * pixel, m_tile = <usize>slices * out_pixel;
  const v_point = <usize>count * v_tile + POINT_GAP;
  const m_point = <usize>((count * slices + 3) & ~3) * out_pixel + POINT_GAP;
  const v = scratch, m = v + <usize>points * v_point, patch = m + <usize>points * m_point;
  input_slices(v, v_tile, v_point, input, patch, first, count, slices + kd - 1, d, h, w, c, front, top, left, out_h, out_w, size);
  multiply_slices(m, v, u, points, count, slices, kd, c, n);
  for (let z = 0; z < slices; z++) {
    const to = out + <usize>(z * out_h * out_w) * out_pixel;
    output_tiles(to, m + <usize>z * out_pixel, m_tile, bias, patch, first, count, n, out_h, out_w, m_point, size, slope, lo, hi);
  }
}

/** V of `slices` slices of the input from −front on, zeros outside. */
export function input_slices(
  v: usize, v_tile: usize, v_point: usize, input: usize, patch: usize, first: i32, count: i32, slices: i32,
  d: i32, h: i32, w: i32, c: i32, front: i32, top: i32, left: i32, out_h: i32, out_w: i32, size: i32,
): void {
  const pixel = <usize>c << 2, slice = <usize>(h * w) * pixel;
  const points = <usize>((size + 2) * (size + 2));
  for (let s = 0; s < slices; s++) {
    const z = s - front;
    if (z >= 0 && z < d) {
      input_tiles(v, v_tile, input + <usize>z * slice, patch, first, count, h, w, c, top, left, out_h, out_w, v_point, size);
    } else {
      for (let point: usize = 0; point < points; point++) {
        for (let t: usize = 0; t < <usize>count; t++) memory.fill(v + point * v_point + t * v_tile, 0, pixel);
      }
    }
    v += pixel;
  }
}

/** M[point][t][z] = V[point][t][z … z + kd − 1] · U[point]; the last rows of M, up to a multiple of 4, repeat one. */
function multiply_slices(m: usize, v: usize, u: usize, points: i32, count: i32, slices: i32, kd: i32, c: i32, n: i32): void {
  const row = <usize>c << 2, m_row = <usize>n << 2, k = kd * c, panel = <usize>k << 5;
  const rows = count * slices, skip = <usize>(kd - 1) * row;
  for (let point = 0; point < points; point++) {
    for (let column = 0; column < n; column += 8) {
      let to = m + (<usize>column << 2), p = v, z = 0;
      for (let r = rows; r > 0; r -= 4) {
        const a0 = p;
        p += row; if (++z == slices) { z = 0; p += skip; }
        const a1 = r > 1 ? p : a0;
        p += row; if (++z == slices) { z = 0; p += skip; }
        const a2 = r > 2 ? p : a0;
        p += row; if (++z == slices) { z = 0; p += skip; }
        const a3 = r > 3 ? p : a0;
        p += row; if (++z == slices) { z = 0; p += skip; }
        tile_4x8(to, a0, a1, a2, a3, u, 0, k, m_row, false, false, 0, 0, 0);
        to += 4 * m_row;
      }
      u += panel;
    }
    u += POINT_GAP;
    v += <usize>(count * (slices + kd - 1)) * row + POINT_GAP;
    m += <usize>((rows + 3) & ~3) * m_row + POINT_GAP;
  }
}
