import { activate } from '../simd/epilogue';

// The 1D transforms of Winograd's F(4, 3) on the points 0, ±1, ±2, ∞ (Lavin & Gray 2016, section 4.2):
// Y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A, four channels at a time. Each reads at one stride and writes at another, so that two
// calls in a row transform a square.

/** Bᵀ: six inputs → six. */
// @ts-ignore: decorator
@inline
export function input_6(to: usize, to_step: usize, from: usize, step: usize): void {
  const two = f32x4.splat(2), four = f32x4.splat(4), five = f32x4.splat(5);
  const d0 = v128.load(from), d1 = v128.load(from + step), d2 = v128.load(from + 2 * step);
  const d3 = v128.load(from + 3 * step), d4 = v128.load(from + 4 * step), d5 = v128.load(from + 5 * step);
  const p = f32x4.sub(d4, f32x4.mul(four, d2)), q = f32x4.sub(d3, f32x4.mul(four, d1));
  const r = f32x4.sub(d4, d2), s = f32x4.mul(two, f32x4.sub(d3, d1));
  v128.store(to, f32x4.add(f32x4.sub(f32x4.mul(four, d0), f32x4.mul(five, d2)), d4));
  v128.store(to + to_step, f32x4.add(p, q));
  v128.store(to + 2 * to_step, f32x4.sub(p, q));
  v128.store(to + 3 * to_step, f32x4.add(r, s));
  v128.store(to + 4 * to_step, f32x4.sub(r, s));
  v128.store(to + 5 * to_step, f32x4.add(f32x4.sub(f32x4.mul(four, d1), f32x4.mul(five, d3)), d5));
}

/** G: three taps → six. */
export function filter_6(to: usize, to_step: usize, from: usize, step: usize): void {
  const g0 = v128.load(from), g1 = v128.load(from + step), g2 = v128.load(from + 2 * step);
  const sixth = f32x4.splat(1.0 / 6.0), twelfth = f32x4.splat(1.0 / 12.0), twentyfourth = f32x4.splat(1.0 / 24.0);
  const even = f32x4.mul(sixth, f32x4.add(g0, g2)), odd = f32x4.mul(sixth, g1);
  const far = f32x4.add(f32x4.mul(twentyfourth, g0), f32x4.mul(sixth, g2)), near = f32x4.mul(twelfth, g1);
  v128.store(to, f32x4.mul(f32x4.splat(0.25), g0));
  v128.store(to + to_step, f32x4.neg(f32x4.add(even, odd)));
  v128.store(to + 2 * to_step, f32x4.sub(odd, even));
  v128.store(to + 3 * to_step, f32x4.add(far, near));
  v128.store(to + 4 * to_step, f32x4.sub(far, near));
  v128.store(to + 5 * to_step, g2);
}

/** Aᵀ: six products → four outputs. */
// @ts-ignore: decorator
@inline
export function output_6(to: usize, to_step: usize, from: usize, step: usize): void {
  const m0 = v128.load(from), m1 = v128.load(from + step), m2 = v128.load(from + 2 * step);
  const m3 = v128.load(from + 3 * step), m4 = v128.load(from + 4 * step), m5 = v128.load(from + 5 * step);
  const a = f32x4.add(m1, m2), b = f32x4.sub(m1, m2), g = f32x4.add(m3, m4), h = f32x4.sub(m3, m4);
  v128.store(to, f32x4.add(f32x4.add(m0, a), g));
  v128.store(to + to_step, f32x4.add(b, f32x4.mul(f32x4.splat(2), h)));
  v128.store(to + 2 * to_step, f32x4.add(a, f32x4.mul(f32x4.splat(4), g)));
  v128.store(to + 3 * to_step, f32x4.add(f32x4.add(b, f32x4.mul(f32x4.splat(8), h)), m5));
}

/** Aᵀ along a row of six, finished with bias and activation; `count` of the four outputs are stored. */
// @ts-ignore: decorator
@inline
export function finish_6(
  out: usize, out_step: usize, from: usize, count: i32, bias: v128, slope: v128, lo: v128, hi: v128,
): void {
  const m0 = v128.load(from), m1 = v128.load(from, 16), m2 = v128.load(from, 32);
  const m3 = v128.load(from, 48), m4 = v128.load(from, 64), m5 = v128.load(from, 80);
  const a = f32x4.add(m1, m2), b = f32x4.sub(m1, m2), g = f32x4.add(m3, m4), h = f32x4.sub(m3, m4);
  v128.store(out, activate(f32x4.add(f32x4.add(f32x4.add(m0, a), g), bias), slope, lo, hi));
  if (count > 1) v128.store(out + out_step, activate(f32x4.add(f32x4.add(b, f32x4.mul(f32x4.splat(2), h)), bias), slope, lo, hi));
  if (count > 2) v128.store(out + 2 * out_step, activate(f32x4.add(f32x4.add(a, f32x4.mul(f32x4.splat(4), g)), bias), slope, lo, hi));
  if (count > 3) v128.store(out + 3 * out_step, activate(f32x4.add(f32x4.add(f32x4.add(b, f32x4.mul(f32x4.splat(8), h)), m5), bias), slope, lo, hi));
}

/** A: four gradients of outputs → six of products; the transpose of output_6. */
// @ts-ignore: decorator
@inline
export function gradient_6(to: usize, to_step: usize, from: usize, step: usize): void {
  const two = f32x4.splat(2), four = f32x4.splat(4);
  const g0 = v128.load(from), g1 = v128.load(from + step), g2 = v128.load(from + 2 * step), g3 = v128.load(from + 3 * step);
  const even = f32x4.add(g0, g2), odd = f32x4.add(g1, g3);
  const far = f32x4.add(g0, f32x4.mul(four, g2)), near = f32x4.mul(two, f32x4.add(g1, f32x4.mul(four, g3)));
  v128.store(to, g0);
  v128.store(to + to_step, f32x4.add(even, odd));
  v128.store(to + 2 * to_step, f32x4.sub(even, odd));
  v128.store(to + 3 * to_step, f32x4.add(far, near));
  v128.store(to + 4 * to_step, f32x4.sub(far, near));
  v128.store(to + 5 * to_step, g3);
}

/** Gᵀ: six gradients of transformed taps → three of taps; the transpose of filter_6. */
export function filter_gradient_3(to: usize, to_step: usize, from: usize, step: usize): void {
  const u0 = v128.load(from), u1 = v128.load(from + step), u2 = v128.load(from + 2 * step);
  const u3 = v128.load(from + 3 * step), u4 = v128.load(from + 4 * step), u5 = v128.load(from + 5 * step);
  const sixth = f32x4.splat(1.0 / 6.0), twelfth = f32x4.splat(1.0 / 12.0), twentyfourth = f32x4.splat(1.0 / 24.0);
  const a = f32x4.mul(sixth, f32x4.add(u1, u2)), g = f32x4.add(u3, u4);
  v128.store(to, f32x4.add(f32x4.sub(f32x4.mul(f32x4.splat(0.25), u0), a), f32x4.mul(twentyfourth, g)));
  v128.store(to + to_step, f32x4.add(f32x4.mul(sixth, f32x4.sub(u2, u1)), f32x4.mul(twelfth, f32x4.sub(u3, u4))));
  v128.store(to + 2 * to_step, f32x4.add(f32x4.sub(f32x4.mul(sixth, g), a), u5));
}
