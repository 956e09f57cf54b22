import { activate } from '../simd/epilogue';
import { store_partial_tile } from '../simd/tile';

/**
 * out[y][x][n] = activation(Σ in[kz][y·stride_y + ky·dilation_y][x·stride_x + kx·dilation_x][c] · filters[kz][ky][kx][c][n] + bias[n])
 *
 * The input is already padded, the slices that kz picks `in_slice` bytes apart (one in 2D), rows `in_row`, pixels
 * `in_pixel`. Filters are in panels over the flat (kz, ky, kx, c) axis (f32_gemm_pack), the bias is padded to 8 floats,
 * `tile` is 128 bytes of scratch. No im2col: each tile reads `kd · kh · segments` runs of `depth` floats from the input
 * itself; where taps of a row touch (dilation 1, all channels) a row of taps is one run. A tile is any 4 output pixels in
 * row order × 8 channels.
 */
export function f32_conv_direct(
  out: usize, input: usize, panels: usize, bias: usize, tile: usize,
  out_h: i32, out_w: i32, n: i32, kd: i32, kh: i32, kw: i32, c: i32,
  out_pixel: usize, in_slice: usize, in_row: usize, in_pixel: usize,
  stride_y: i32, stride_x: i32, dilation_y: i32, dilation_x: i32, slope: f32, lo: f32, hi: f32,
): void {
  assert(out_h >= 0 && out_w > 0 && n >= 0 && kd > 0 && kh > 0 && kw > 0 && c > 0);
  assert(panels % 16 == 0 && tile % 16 == 0);
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

  for (let column = 0; column < n; column += 8) {
    const b = bias + (<usize>column << 2);
    const columns = min(8, n - column);
    let c0 = out + (<usize>column << 2);
    let p = input, x = 0;
    for (let pixel = 0; pixel < pixels; pixel += 4) {
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
          c00 = f32x4.add(c00, f32x4.mul(x, b0));
          c01 = f32x4.add(c01, f32x4.mul(x, b1));
          x = v128.load32_splat(a1);
          c10 = f32x4.add(c10, f32x4.mul(x, b0));
          c11 = f32x4.add(c11, f32x4.mul(x, b1));
          x = v128.load32_splat(a2);
          c20 = f32x4.add(c20, f32x4.mul(x, b0));
          c21 = f32x4.add(c21, f32x4.mul(x, b1));
          x = v128.load32_splat(a3);
          c30 = f32x4.add(c30, f32x4.mul(x, b0));
          c31 = f32x4.add(c31, f32x4.mul(x, b1));
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
