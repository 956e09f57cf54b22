import { activate, activate_scalar } from '../simd/epilogue';
import { depthwise_row } from './depthwise3x3';
import { end_tap, first_tap } from './window';

// Depthwise convolution, channels last, without a padded copy: every window is clipped to the taps that meet the input.
// Each sum runs over (kz, kx, ky) in order, then bias and activation, in every path, so that all of them give the same bits.

/** Three rows of input that one strip of a row of outputs walks once for each four channels: they stay in the first cache. */
const STRIP_BYTES: i32 = 36864;

/** Filters [taps][c] to [⌈c/4⌉][taps][4], the last group filled up with zeros. */
export function f32_depthwise_pack(packed: usize, filters: usize, taps: i32, c: i32): void {
  assert(packed % 16 == 0 && taps > 0 && c > 0);
  for (let channel = 0; channel < c; channel += 4) {
    const bytes = <usize>min(4, c - channel) << 2;
    let from = filters + (<usize>channel << 2);
    for (let tap = 0; tap < taps; tap++) {
      if (bytes < 16) memory.fill(packed, 0, 16);
      memory.copy(packed, from, bytes);
      from += <usize>c << 2;
      packed += 16;
    }
  }
}

/**
 * One image of a depthwise convolution, over windows through `planes` images of the input that lie `dilation_z` apart:
 * out[y][x][c] = activation(Σ in[kz·dilation_z][y·stride_y + ky·dilation_y − top][x·stride_x + kx·dilation_x − left][c]
 *                           · filters[kz][ky][kx][c] + bias[c]), cells outside the input 0.
 * Filters are packed by f32_depthwise_pack with `taps` taps in all, the bias is padded to a multiple of 4 floats.
 */
export function f32_depthwise_conv(
  out: usize, input: usize, packed: usize, bias: usize, planes: i32, h: i32, w: i32, c: i32, out_h: i32, out_w: i32,
  kh: i32, kw: i32, top: i32, left: i32, stride_y: i32, stride_x: i32,
  dilation_z: i32, dilation_y: i32, dilation_x: i32, taps: i32, slope: f32, lo: f32, hi: f32,
): void {
  assert(planes >= 0 && h > 0 && w > 0 && c > 0 && out_h > 0 && out_w > 0 && kh > 0 && kw > 0 && taps >= planes * kh * kw);
  assert(stride_y > 0 && stride_x > 0 && dilation_z > 0 && dilation_y > 0 && dilation_x > 0 && left >= 0);
  assert(packed % 16 == 0);
  const pixel = <usize>c << 2, row = <usize>w * pixel;
  const step_z = <usize>(dilation_z * h) * row, step_y = <usize>dilation_y * row, step_x = <usize>dilation_x * pixel;
  const group = <usize>taps << 4;

  // Outputs near0 … near1 − 1 lack one column of their window at most. There 3 × 3 windows of one image slide along the row.
  const slides = planes == 1 && taps == 9 && kh == 3 && kw == 3 && dilation_x == 1 && stride_x <= 2 && c % 4 == 0;
  const reach = w + left - 2;
  const near0 = slides ? max(0, (left + stride_x - 2) / stride_x) : out_w;
  const near1 = slides && reach >= 0 ? min(out_w, reach / stride_x + 1) : 0;
  const strip = max(4, (STRIP_BYTES / 3 / <i32>pixel - 2) / stride_x);

  for (let y = 0; y < out_h; y++) {
    const y0 = y * stride_y - top;
    const ky0 = first_tap(y0, dilation_y, kh), rows = end_tap(y0, dilation_y, kh, h) - ky0;
    const from = input + <usize>(y0 + ky0 * dilation_y) * row, first = packed + (<usize>(ky0 * kw) << 4);
    for (let x = 0; x < out_w; x++) {
      if (x == near0 && near1 > near0 && rows >= 2) {
        for (; x < near1; x += strip) {
          const outputs = min(strip, near1 - x);
          const x0 = x * stride_x - left, x1 = x0 + (outputs - 1) * stride_x;
          depthwise_row(
            out + <usize>x * pixel, from + <usize>max(0, x0) * pixel, first, bias, stride_x, rows, outputs,
            x0 >= 0, x1 + 2 < w, c, step_y, pixel, slope, lo, hi,
          );
        }
        x = near1;
        if (x == out_w) break;
      }
      const x0 = x * stride_x - left;
      const kx0 = first_tap(x0, dilation_x, kw), columns = end_tap(x0, dilation_x, kw, w) - kx0;
      window(
        out + <usize>x * pixel, from + <usize>(x0 + kx0 * dilation_x) * pixel, first + (<usize>kx0 << 4), bias,
        planes, rows, columns, c, step_z, step_y, step_x, <usize>(kh * kw) << 4, <usize>kw << 4, group, slope, lo, hi,
      );
    }
    out += <usize>out_w * pixel;
  }
}

/** All channels of one output pixel, over `planes` × `rows` × `columns` taps that lie inside the input. */
function window(
  out: usize, from: usize, taps: usize, bias: usize, planes: i32, rows: i32, columns: i32, c: i32,
  step_z: usize, step_y: usize, step_x: usize, taps_plane: usize, taps_row: usize, group: usize, slope: f32, lo: f32, hi: f32,
): void {
  const s = f32x4.splat(slope), l = f32x4.splat(lo), u = f32x4.splat(hi);
  let channel = 0;
  for (; channel + 4 <= c; channel += 4) {
    let sum = f32x4.splat(-0.0);
    for (let kz = 0; kz < planes; kz++) {
      for (let kx = 0; kx < columns; kx++) {
        let p = from + <usize>kz * step_z + <usize>kx * step_x;
        let t = taps + <usize>kz * taps_plane + (<usize>kx << 4);
        for (let ky = rows; ky > 0; ky--) {
          sum = f32x4.add(sum, f32x4.mul(v128.load(p), v128.load(t)));
          p += step_y; t += taps_row;
        }
      }
    }
    v128.store(out, activate(f32x4.add(sum, v128.load(bias)), s, l, u));
    out += 16; from += 16; bias += 16; taps += group;
  }
  for (; channel < c; channel++) {
    let sum: f32 = -0.0;
    for (let kz = 0; kz < planes; kz++) {
      for (let kx = 0; kx < columns; kx++) {
        let p = from + <usize>kz * step_z + <usize>kx * step_x;
        let t = taps + <usize>kz * taps_plane + (<usize>kx << 4);
        for (let ky = rows; ky > 0; ky--) {
          sum += load<f32>(p) * load<f32>(t);
          p += step_y; t += taps_row;
        }
      }
    }
    store<f32>(out, activate_scalar(sum + load<f32>(bias), slope, lo, hi));
    out += 4; from += 4; bias += 4; taps += 4;
  }
}
