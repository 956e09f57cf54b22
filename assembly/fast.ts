import { conv2d, multiply } from './conv/winograd';
import { gemm } from './gemm/gemm';

// What the build with relaxed SIMD has beside the kernels of index.ts: the same with the 6 × 8 micro-kernel, for engines that
// keep its sums in registers (src/runtime/load.ts chooses).

export function f32_gemm_6x8(
  out: usize, a: usize, panels: usize, bias: usize, residual: usize, linear: usize, tile: usize,
  m: i32, n: i32, k: i32, out_row: usize, a_row: usize, slope: f32, lo: f32, hi: f32,
): void {
  gemm(true, out, a, panels, bias, residual, linear, tile, m, n, k, out_row, a_row, slope, lo, hi);
}

export function f32_winograd_conv2d_6x8(
  out: usize, input: usize, u: usize, bias: usize, scratch: usize,
  first: i32, count: i32, h: i32, w: i32, c: i32, n: i32, top: i32, left: i32, out_h: i32, out_w: i32,
  size: i32, block: i32, slope: f32, lo: f32, hi: f32,
): void {
  conv2d(true, out, input, u, bias, scratch, first, count, h, w, c, n, top, left, out_h, out_w, size, block, slope, lo, hi);
}

export function f32_winograd_multiply_6x8(m: usize, v: usize, u: usize, points: i32, tiles: i32, c: i32, n: i32): void {
  multiply(true, m, v, u, points, tiles, c, n);
}
