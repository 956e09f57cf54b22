import { activate } from '../simd/epilogue';

// The 1D transforms of Winograd's F(6, 3) on the points 0, ±1, ±2, ±1/2, ∞, as in winograd4.ts. Points ±p share what is even
// and what is odd in p.

/** Bᵀ: eight inputs → eight. */
// @ts-ignore: decorator
@inline
export function input_8(to: usize, to_step: usize, from: usize, step: usize): void {
  const d0 = v128.load(from), d1 = v128.load(from + step), d2 = v128.load(from + 2 * step), d3 = v128.load(from + 3 * step);
  const d4 = v128.load(from + 4 * step), d5 = v128.load(from + 5 * step), d6 = v128.load(from + 6 * step), d7 = v128.load(from + 7 * step);
  const outer = f32x4.splat(5.25), inner = f32x4.splat(4.25);
  v128.store(to, f32x4.add(f32x4.sub(d0, d6), f32x4.mul(outer, f32x4.sub(d4, d2))));
  v128.store(to + 7 * to_step, f32x4.add(f32x4.sub(d7, d1), f32x4.mul(outer, f32x4.sub(d3, d5))));
  let even = f32x4.sub(f32x4.add(d2, d6), f32x4.mul(inner, d4)), odd = f32x4.sub(f32x4.add(d1, d5), f32x4.mul(inner, d3));
  v128.store(to + to_step, f32x4.add(even, odd));
  v128.store(to + 2 * to_step, f32x4.sub(even, odd));
  const quarter = f32x4.splat(0.25), half = f32x4.splat(0.5), two = f32x4.splat(2), four = f32x4.splat(4);
  const five_quarters = f32x4.splat(1.25), five_halves = f32x4.splat(2.5), five = f32x4.splat(5);
  even = f32x4.sub(f32x4.add(d6, f32x4.mul(quarter, d2)), f32x4.mul(five_quarters, d4));
  odd = f32x4.add(f32x4.sub(f32x4.mul(half, d1), f32x4.mul(five_halves, d3)), f32x4.mul(two, d5));
  v128.store(to + 3 * to_step, f32x4.add(even, odd));
  v128.store(to + 4 * to_step, f32x4.sub(even, odd));
  even = f32x4.sub(f32x4.add(d6, f32x4.mul(four, d2)), f32x4.mul(five, d4));
  odd = f32x4.add(f32x4.sub(f32x4.mul(two, d1), f32x4.mul(five_halves, d3)), f32x4.mul(half, d5));
  v128.store(to + 5 * to_step, f32x4.add(even, odd));
  v128.store(to + 6 * to_step, f32x4.sub(even, odd));
}

/** G: three taps → eight. */
export function filter_8(to: usize, to_step: usize, from: usize, step: usize): void {
  const g0 = v128.load(from), g1 = v128.load(from + step), g2 = v128.load(from + 2 * step);
  const ninths = f32x4.splat(-2.0 / 9.0);
  let even = f32x4.mul(ninths, f32x4.add(g0, g2)), odd = f32x4.mul(ninths, g1);
  v128.store(to, g0);
  v128.store(to + to_step, f32x4.add(even, odd));
  v128.store(to + 2 * to_step, f32x4.sub(even, odd));
  even = f32x4.add(f32x4.mul(f32x4.splat(1.0 / 90.0), g0), f32x4.mul(f32x4.splat(2.0 / 45.0), g2));
  odd = f32x4.mul(f32x4.splat(1.0 / 45.0), g1);
  v128.store(to + 3 * to_step, f32x4.add(even, odd));
  v128.store(to + 4 * to_step, f32x4.sub(even, odd));
  even = f32x4.add(f32x4.mul(f32x4.splat(32.0 / 45.0), g0), f32x4.mul(f32x4.splat(8.0 / 45.0), g2));
  odd = f32x4.mul(f32x4.splat(16.0 / 45.0), g1);
  v128.store(to + 5 * to_step, f32x4.add(even, odd));
  v128.store(to + 6 * to_step, f32x4.sub(even, odd));
  v128.store(to + 7 * to_step, g2);
}

/** Aᵀ: eight products → six outputs, of F(6, 3), or where `five` five, of F(5, 4) on the same points: known when compiled. */
// @ts-ignore: decorator
@inline
export function output_8(five: bool, to: usize, to_step: usize, from: usize, step: usize): void {
  const m0 = v128.load(from), m7 = v128.load(from + 7 * step);
  const x1 = v128.load(from + step), x2 = v128.load(from + 2 * step), x3 = v128.load(from + 3 * step);
  const x4 = v128.load(from + 4 * step), x5 = v128.load(from + 5 * step), x6 = v128.load(from + 6 * step);
  const a = f32x4.add(x1, x2), b = f32x4.sub(x1, x2), c = f32x4.add(x3, x4), d = f32x4.sub(x3, x4), e = f32x4.add(x5, x6), f = f32x4.sub(x5, x6);
  v128.store(to, f32x4.add(f32x4.add(f32x4.add(m0, a), c), e));
  v128.store(to + to_step, f32x4.add(f32x4.add(b, f32x4.mul(f32x4.splat(2), d)), f32x4.mul(f32x4.splat(0.5), f)));
  v128.store(to + 2 * to_step, f32x4.add(f32x4.add(a, f32x4.mul(f32x4.splat(4), c)), f32x4.mul(f32x4.splat(0.25), e)));
  v128.store(to + 3 * to_step, f32x4.add(f32x4.add(b, f32x4.mul(f32x4.splat(8), d)), f32x4.mul(f32x4.splat(0.125), f)));
  const y4 = f32x4.add(f32x4.add(a, f32x4.mul(f32x4.splat(16), c)), f32x4.mul(f32x4.splat(0.0625), e));
  v128.store(to + 4 * to_step, five ? f32x4.add(y4, m7) : y4);
  if (!five) v128.store(to + 5 * to_step, f32x4.add(f32x4.add(f32x4.add(b, f32x4.mul(f32x4.splat(32), d)), f32x4.mul(f32x4.splat(0.03125), f)), m7));
}

/** Aᵀ along a row of eight, finished with bias and activation; `count` of the six or five outputs are stored. */
// @ts-ignore: decorator
@inline
export function finish_8(
  five: bool, out: usize, out_step: usize, from: usize, count: i32, bias: v128, slope: v128, lo: v128, hi: v128,
): void {
  const m0 = v128.load(from), m7 = v128.load(from, 112);
  const x1 = v128.load(from, 16), x2 = v128.load(from, 32), x3 = v128.load(from, 48);
  const x4 = v128.load(from, 64), x5 = v128.load(from, 80), x6 = v128.load(from, 96);
  const a = f32x4.add(x1, x2), b = f32x4.sub(x1, x2), c = f32x4.add(x3, x4), d = f32x4.sub(x3, x4), e = f32x4.add(x5, x6), f = f32x4.sub(x5, x6);
  v128.store(out, activate(f32x4.add(f32x4.add(f32x4.add(f32x4.add(m0, a), c), e), bias), slope, lo, hi));
  if (count > 1) v128.store(out + out_step, activate(f32x4.add(f32x4.add(f32x4.add(b, f32x4.mul(f32x4.splat(2), d)), f32x4.mul(f32x4.splat(0.5), f)), bias), slope, lo, hi));
  if (count > 2) v128.store(out + 2 * out_step, activate(f32x4.add(f32x4.add(f32x4.add(a, f32x4.mul(f32x4.splat(4), c)), f32x4.mul(f32x4.splat(0.25), e)), bias), slope, lo, hi));
  if (count > 3) v128.store(out + 3 * out_step, activate(f32x4.add(f32x4.add(f32x4.add(b, f32x4.mul(f32x4.splat(8), d)), f32x4.mul(f32x4.splat(0.125), f)), bias), slope, lo, hi));
  if (count > 4) {
    const y4 = f32x4.add(f32x4.add(a, f32x4.mul(f32x4.splat(16), c)), f32x4.mul(f32x4.splat(0.0625), e));
    v128.store(out + 4 * out_step, activate(f32x4.add(five ? f32x4.add(y4, m7) : y4, bias), slope, lo, hi));
  }
  if (!five && count > 5) v128.store(out + 5 * out_step, activate(f32x4.add(f32x4.add(f32x4.add(f32x4.add(b, f32x4.mul(f32x4.splat(32), d)), f32x4.mul(f32x4.splat(0.03125), f)), m7), bias), slope, lo, hi));
}
