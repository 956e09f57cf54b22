import { activate } from '../simd/epilogue';
import { multiply_add } from '../simd/madd';
import { store_partial_tile, TILE_BYTES } from '../simd/tile';
import { copy_box, is_inside } from './box';

/**
 * A box of a convolution's outputs, `rows` × `columns` of one depth slice:
 * out[y][x][n] = activation(Σ in[front + kz·dilation_z][top + y·stride_y + ky·dilation_y][left + x·stride_x + kx·dilation_x][c]
 *                            · filters[kz][ky][kx][c][n] + bias[n]), cells outside the input [d][h][w][c] 0.
 * With groups, each n sums over the c / groups channels of its group. The box is whole rows or part of one, so that its
 * pixels are one run of `out`.
 *
 * Filters are in panels over the flat (kz, ky, kx, c) axis, group by group (f32_gemm_pack), the bias is padded by 8 floats.
 * `scratch` is 128 bytes, and as many more as the input under the box where that hangs over the border.
 */
export function f32_conv_direct(
  out: usize, input: usize, panels: usize, bias: usize, scratch: usize,
  rows: i32, columns: i32, n: i32, kd: i32, kh: i32, kw: i32, c: i32, groups: i32,
  d: i32, h: i32, w: i32, front: i32, top: i32, left: i32,
  stride_y: i32, stride_x: i32, dilation_z: i32, dilation_y: i32, dilation_x: i32, slope: f32, lo: f32, hi: f32,
): void {
  assert(rows >= 0 && columns > 0 && n > 0 && kd > 0 && kh > 0 && kw > 0 && c > 0);
  assert(groups > 0 && c % groups == 0 && n % groups == 0 && panels % 16 == 0 && scratch % 16 == 0);
  const pixel = <usize>c << 2;
  const in_rows = (rows - 1) * stride_y + (kh - 1) * dilation_y + 1;
  const in_columns = (columns - 1) * stride_x + (kw - 1) * dilation_x + 1;
  let row = <usize>w * pixel, slice = <usize>(dilation_z * h) * row;
  if (is_inside(kd, in_rows, in_columns, dilation_z, front, top, left, d, h, w)) {
    input += <usize>((front * h + top) * w + left) * pixel;
  } else {
    const box = scratch + TILE_BYTES;
    copy_box(box, input, kd, in_rows, in_columns, dilation_z, 1, front, top, left, d, h, w, pixel);
    input = box;
    row = <usize>in_columns * pixel;
    slice = <usize>in_rows * row;
  }
  const out_pixel = <usize>n << 2;
  c /= groups;
  n /= groups;
  for (; groups > 0; groups--) {
    products(
      out, input, panels, bias, scratch, rows, columns, n, kd, kh, kw, c, out_pixel, slice, row, pixel,
      stride_y, stride_x, dilation_y, dilation_x, slope, lo, hi,
    );
    out += <usize>n << 2;
    input += <usize>c << 2;
    bias += <usize>n << 2;
    panels += <usize>(kd * kh * kw * c * ((n + 7) & ~7)) << 2;
  }
}

/**
 * One group, its input without bounds. No im2col: each tile, any 4 pixels in row order × 8 channels, reads
 * kd · kh · segments runs of `depth` floats from the input itself; where taps of a row touch (dilation 1, all channels) a
 * row of taps is one run.
 */
function products(
  out: usize, input: usize, panels: usize, bias: usize, tile: usize,
  out_h: i32, out_w: i32, n: i32, kd: i32, kh: i32, kw: i32, c: i32,
  out_pixel: usize, in_slice: usize, in_row: usize, in_pixel: usize,
  stride_y: i32, stride_x: i32, dilation_y: i32, dilation_x: i32, slope: f32, lo: f32, hi: f32,
): void {
  const contiguous = dilation_x == 1 && in_pixel == <usize>c << 2;
  const segments = contiguous ? 1 : kw;
  const depth = contiguous ? kw * c : c;
  const segment_skip = <usize>dilation_x * in_pixel - (<usize>depth << 2);
  const row_skip = <usize>dilation_y * in_row - <usize>segments * (<usize>dilation_x * in_pixel);
  const slice_skip = in_slice - <usize>kh * <usize>dilation_y * in_row;
  const panel_bytes = <usize>(kd * kh * kw * c) << 5;
  const step_x = <usize>stride_x * in_pixel;
  const step_row = <usize>stride_y * in_row - <usize>out_w * step_x;
  const pixels = out_h * out_w;
  const over = pixels % 4 == 1 ? n & ~15 : 0;
  if (over > 0) {
    const last = <usize>(pixels - 1);
    last_pixel(
      out + last * out_pixel, input + <usize>(out_h - 1) * <usize>stride_y * in_row + <usize>(out_w - 1) * step_x, panels, bias, tile,
      over, kd, kh, segments, depth, slice_skip, row_skip, segment_skip, panel_bytes, slope, lo, hi,
    );
  }

  for (let column = 0; column < n; column += 8) {
    const b = bias + (<usize>column << 2);
    const columns = min(8, n - column);
    let c0 = out + (<usize>column << 2);
    let p = input, x = 0;
    const end = column < over ? pixels - 1 : pixels;
    for (let pixel = 0; pixel < end; pixel += 4) {
      const rows = min(4, pixels - pixel);
      const a0 = p;
      p += step_x; if (++x == out_w) { x = 0; p += step_row; }
      const a1 = rows > 1 ? p : a0;
      p += step_x; if (++x == out_w) { x = 0; p += step_row; }
      const a2 = rows > 2 ? p : a0;
      p += step_x; if (++x == out_w) { x = 0; p += step_row; }
      const a3 = rows > 3 ? p : a0;
      p += step_x; if (++x == out_w) { x = 0; p += step_row; }
      if (rows == 4 && columns == 8) {
        taps_4x8(c0, a0, a1, a2, a3, panels, b, kd, kh, segments, depth, slice_skip, row_skip, segment_skip, out_pixel, slope, lo, hi);
      } else {
        taps_4x8(tile, a0, a1, a2, a3, panels, b, kd, kh, segments, depth, slice_skip, row_skip, segment_skip, 32, slope, lo, hi);
        store_partial_tile(c0, out_pixel, tile, rows, columns);
      }
      c0 += 4 * out_pixel;
    }
    panels += panel_bytes;
  }
}

/** The pixel that is over where their number is one more than fours: its first `n` channels, in sixteens. */
function last_pixel(
  out: usize, a: usize, panel: usize, bias: usize, tile: usize, n: i32,
  kd: i32, kh: i32, segments: i32, depth: i32, slice_skip: usize, row_skip: usize, segment_skip: usize, panel_bytes: usize,
  slope: f32, lo: f32, hi: f32,
): void {
  const s = f32x4.splat(slope), l = f32x4.splat(lo), u = f32x4.splat(hi);
  for (; n > 0; n -= 16) {
    taps_1x16(tile, a, panel, panel_bytes, kd, kh, segments, depth, slice_skip, row_skip, segment_skip);
    for (let at: usize = 0; at < 64; at += 16) {
      v128.store(out + at, activate(f32x4.add(v128.load(tile + at), v128.load(bias + at)), s, l, u));
    }
    out += 64; bias += 64;
    panel += 2 * panel_bytes;
  }
}

/** The 4 × 8 micro-kernel over taps: like tile_4x8, with a jump after each run of `depth` floats. */
function taps_4x8(
  out: usize, a0: usize, a1: usize, a2: usize, a3: usize, panel: usize, bias: usize,
  kd: i32, kh: i32, segments: i32, depth: i32, slice_skip: usize, row_skip: usize, segment_skip: usize, out_row: usize,
  slope: f32, lo: f32, hi: f32,
): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  for (; kd > 0; kd--) {
    for (let y = kh; y > 0; y--) {
      for (let s = segments; s > 0; s--) {
        for (let k = depth; k > 0; k--) {
          const b0 = v128.load(panel), b1 = v128.load(panel, 16);
          let x = v128.load32_splat(a0);
          c00 = multiply_add(c00, x, b0);
          c01 = multiply_add(c01, x, b1);
          x = v128.load32_splat(a1);
          c10 = multiply_add(c10, x, b0);
          c11 = multiply_add(c11, x, b1);
          x = v128.load32_splat(a2);
          c20 = multiply_add(c20, x, b0);
          c21 = multiply_add(c21, x, b1);
          x = v128.load32_splat(a3);
          c30 = multiply_add(c30, x, b0);
          c31 = multiply_add(c31, x, b1);
          a0 += 4; a1 += 4; a2 += 4; a3 += 4;
          panel += 32;
        }
        a0 += segment_skip; a1 += segment_skip; a2 += segment_skip; a3 += segment_skip;
      }
      a0 += row_skip; a1 += row_skip; a2 += row_skip; a3 += row_skip;
    }
    a0 += slice_skip; a1 += slice_skip; a2 += slice_skip; a3 += slice_skip;
  }
  const b0 = v128.load(bias), b1 = v128.load(bias, 16);
  const s = f32x4.splat(slope), l = f32x4.splat(lo), h = f32x4.splat(hi);
  const out1 = out + out_row, out2 = out1 + out_row, out3 = out2 + out_row;
  v128.store(out, activate(f32x4.add(c00, b0), s, l, h)); v128.store(out, activate(f32x4.add(c01, b1), s, l, h), 16);
  v128.store(out1, activate(f32x4.add(c10, b0), s, l, h)); v128.store(out1, activate(f32x4.add(c11, b1), s, l, h), 16);
  v128.store(out2, activate(f32x4.add(c20, b0), s, l, h)); v128.store(out2, activate(f32x4.add(c21, b1), s, l, h), 16);
  v128.store(out3, activate(f32x4.add(c30, b0), s, l, h)); v128.store(out3, activate(f32x4.add(c31, b1), s, l, h), 16);
}

/** tile_1x16 over taps, with the bits of taps_4x8. */
function taps_1x16(
  out: usize, a: usize, panel: usize, panel_bytes: usize,
  kd: i32, kh: i32, segments: i32, depth: i32, slice_skip: usize, row_skip: usize, segment_skip: usize,
): void {
  let c0 = f32x4.splat(0), c1 = c0, c2 = c0, c3 = c0;
  let next = panel + panel_bytes;
  for (; kd > 0; kd--) {
    for (let y = kh; y > 0; y--) {
      for (let s = segments; s > 0; s--) {
        for (let k = depth; k > 0; k--) {
          const x = v128.load32_splat(a);
          c0 = multiply_add(c0, x, v128.load(panel));
          c1 = multiply_add(c1, x, v128.load(panel, 16));
          c2 = multiply_add(c2, x, v128.load(next));
          c3 = multiply_add(c3, x, v128.load(next, 16));
          a += 4;
          panel += 32;
          next += 32;
        }
        a += segment_skip;
      }
      a += row_skip;
    }
    a += slice_skip;
  }
  v128.store(out, c0); v128.store(out, c1, 16);
  v128.store(out, c2, 32); v128.store(out, c3, 48);
}
