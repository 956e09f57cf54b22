import { activate } from '../simd/epilogue';

// The 1D transforms of Winograd's F(2, 3) on the points 0, ±1, ∞ (Lavin & Gray 2016, section 4.1), as in winograd4.ts.

/** Bᵀ: four inputs → four. */
// @ts-ignore: decorator
@inline
export function input_4(to: usize, to_step: usize, from: usize, step: usize): void {
  const d0 = v128.load(from), d1 = v128.load(from + step), d2 = v128.load(from + 2 * step), d3 = v128.load(from + 3 * step);
  v128.store(to, f32x4.sub(d0, d2));
  v128.store(to + to_step, f32x4.add(d1, d2));
  v128.store(to + 2 * to_step, f32x4.sub(d2, d1));
  v128.store(to + 3 * to_step, f32x4.sub(d1, d3));
}

/** G: three taps → four. */
export function filter_4(to: usize, to_step: usize, from: usize, step: usize): void {
  const half = f32x4.splat(0.5);
  const g0 = v128.load(from), g1 = v128.load(from + step), g2 = v128.load(from + 2 * step);
  const even = f32x4.mul(half, f32x4.add(g0, g2)), odd = f32x4.mul(half, g1);
  v128.store(to, g0);
  v128.store(to + to_step, f32x4.add(even, odd));
  v128.store(to + 2 * to_step, f32x4.sub(even, odd));
  v128.store(to + 3 * to_step, g2);
}

/** Aᵀ: four products → two outputs. */
// @ts-ignore: decorator
@inline
export function output_4(to: usize, to_step: usize, from: usize, step: usize): void {
  const m0 = v128.load(from), m1 = v128.load(from + step), m2 = v128.load(from + 2 * step), m3 = v128.load(from + 3 * step);
  v128.store(to, f32x4.add(f32x4.add(m0, m1), m2));
  v128.store(to + to_step, f32x4.sub(f32x4.sub(m1, m2), m3));
}

/** Aᵀ along a row of four, finished with bias and activation; `count` of the two outputs are stored. */
// @ts-ignore: decorator
@inline
export function finish_4(
  out: usize, out_step: usize, from: usize, count: i32, bias: v128, slope: v128, lo: v128, hi: v128,
): void {
  const m0 = v128.load(from), m1 = v128.load(from, 16), m2 = v128.load(from, 32), m3 = v128.load(from, 48);
  v128.store(out, activate(f32x4.add(f32x4.add(f32x4.add(m0, m1), m2), bias), slope, lo, hi));
  if (count > 1) v128.store(out + out_step, activate(f32x4.add(f32x4.sub(f32x4.sub(m1, m2), m3), bias), slope, lo, hi));
}
