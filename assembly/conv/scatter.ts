import { f32_bias_activate } from '../activation/bias-activate';
import { f32_gemm_4x8 } from '../gemm/gemm';
import { TILE_BYTES } from '../simd/tile';

/**
 * A band of rows of a convolution's gradient in its input, or of a transposed convolution: rows first_row … first_row + rows − 1
 * of every slice of dx [d][h][w][c],
 * dx[z][y][x][i] = activation(Σ gradient[oz][oy][ox][j] · filters[kz][ky][kx][i][j] + bias[i]) over the taps with
 * z = oz·stride_z + kz·dilation_z − front, and y with top and x with left alike.
 *
 * A row of the gradient times the filters is what all its taps contribute, which is then added to where they lie; rows of the
 * gradient that reach into two bands are multiplied for both. Filters are in panels [j][(kz, ky, kx, i)], group by group.
 * Scratch: a tile  ·  zeros for a row of taps, to a multiple of 8 floats  ·  out_w rows of taps, kd · kh · kw · c / groups each
 */
export function f32_conv_scatter(
  dx: usize, gradient: usize, panels: usize, bias: usize, scratch: usize,
  first_row: i32, rows: i32, d: i32, h: i32, w: i32, c: i32, out_d: i32, out_h: i32, out_w: i32, n: i32,
  kd: i32, kh: i32, kw: i32, groups: i32, front: i32, top: i32, left: i32,
  stride_z: i32, stride_y: i32, stride_x: i32, dilation_z: i32, dilation_y: i32, dilation_x: i32,
  slope: f32, lo: f32, hi: f32,
): void {
  assert(rows > 0 && first_row >= 0 && first_row + rows <= h && groups > 0 && c % groups == 0 && n % groups == 0);
  assert(panels % 16 == 0 && scratch % 16 == 0);
  const pixel = <usize>c << 2, row = <usize>w * pixel, slice = <usize>h * row;
  const group_c = c / groups, group_n = n / groups;
  const row_taps = kh * kw * group_c, all_taps = kd * row_taps;
  const taps_bytes = <usize>all_taps << 2, gradient_row = <usize>(out_w * n) << 2;
  const zeros = scratch + TILE_BYTES, products = zeros + ((taps_bytes + 31) & ~31);
  const panel_bytes = <usize>group_n * ((taps_bytes + 31) & ~31);
  memory.fill(zeros, 0, products - zeros);
  for (let z = 0; z < d; z++) memory.fill(dx + <usize>z * slice + <usize>first_row * row, 0, <usize>rows * row);

  const lowest = first_row + top - (kh - 1) * dilation_y;
  const oy0 = lowest <= 0 ? 0 : (lowest + stride_y - 1) / stride_y;
  const oy1 = min(out_h, (first_row + rows - 1 + top) / stride_y + 1);
  for (let oz = 0; oz < out_d; oz++) {
    for (let oy = oy0; oy < oy1; oy++) {
      const y = oy * stride_y - top;
      for (let group = 0; group < groups; group++) {
        f32_gemm_4x8(
          products, gradient + <usize>(oz * out_h + oy) * gradient_row + (<usize>(group * group_n) << 2),
          panels + <usize>group * panel_bytes, zeros, 0, 0, scratch, out_w, all_taps, group_n,
          taps_bytes, <usize>n << 2, 1, -Infinity, Infinity,
        );
        for (let kz = 0; kz < kd; kz++) {
          const z = oz * stride_z + kz * dilation_z - front;
          if (z < 0 || z >= d) continue;
          for (let ky = 0; ky < kh; ky++) {
            const to_y = y + ky * dilation_y;
            if (to_y < first_row || to_y >= first_row + rows) continue;
            scatter_row(
              dx + <usize>z * slice + <usize>to_y * row + (<usize>(group * group_c) << 2),
              products + (<usize>(kz * row_taps + ky * kw * group_c) << 2), out_w, kw, group_c, w, -left, stride_x, dilation_x,
              pixel, taps_bytes,
            );
          }
        }
      }
    }
  }
  for (let z = 0; z < d; z++) {
    const band = dx + <usize>z * slice + <usize>first_row * row;
    f32_bias_activate(band, band, bias, rows * w, c, slope, lo, hi);
  }
}

/** dx[x0 + ox·stride + kx·dilation] += taps[ox][kx], c channels each, where that lies inside the row. */
function scatter_row(
  dx: usize, taps: usize, out_w: i32, kw: i32, c: i32, w: i32, x0: i32, stride: i32, dilation: i32, dx_pixel: usize, taps_pixel: usize,
): void {
  for (let ox = 0; ox < out_w; ox++) {
    let from = taps;
    for (let kx = 0, x = x0 + ox * stride; kx < kw; kx++, x += dilation) {
      if (x >= 0 && x < w) add_to(dx + <usize>x * dx_pixel, from, c);
      from += <usize>c << 2;
    }
    taps += taps_pixel;
  }
}

// @ts-ignore: decorator
@inline
function add_to(to: usize, from: usize, n: i32): void {
  for (; n >= 4; n -= 4) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    to += 16; from += 16;
  }
  for (; n > 0; n--) {
    store<f32>(to, load<f32>(to) + load<f32>(from));
    to += 4; from += 4;
  }
}
