// The transform of filters of Winograd's F(5, 4), on the points of F(6, 3): Bᵀ is the same, and Aᵀ is there, in winograd6.ts.

/** G: four taps → eight. */
export function filter_8_of_4(to: usize, to_step: usize, from: usize, step: usize): void {
  const g0 = v128.load(from), g1 = v128.load(from + step), g2 = v128.load(from + 2 * step), g3 = v128.load(from + 3 * step);
  const ninths = f32x4.splat(-2.0 / 9.0);
  let even = f32x4.mul(ninths, f32x4.add(g0, g2)), odd = f32x4.mul(ninths, f32x4.add(g1, g3));
  v128.store(to, g0);
  v128.store(to + to_step, f32x4.add(even, odd));
  v128.store(to + 2 * to_step, f32x4.sub(even, odd));
  even = f32x4.add(f32x4.mul(f32x4.splat(1.0 / 90.0), g0), f32x4.mul(f32x4.splat(2.0 / 45.0), g2));
  odd = f32x4.add(f32x4.mul(f32x4.splat(1.0 / 45.0), g1), f32x4.mul(f32x4.splat(4.0 / 45.0), g3));
  v128.store(to + 3 * to_step, f32x4.add(even, odd));
  v128.store(to + 4 * to_step, f32x4.sub(even, odd));
  even = f32x4.add(f32x4.mul(f32x4.splat(32.0 / 45.0), g0), f32x4.mul(f32x4.splat(8.0 / 45.0), g2));
  odd = f32x4.add(f32x4.mul(f32x4.splat(16.0 / 45.0), g1), f32x4.mul(f32x4.splat(4.0 / 45.0), g3));
  v128.store(to + 5 * to_step, f32x4.add(even, odd));
  v128.store(to + 6 * to_step, f32x4.sub(even, odd));
  v128.store(to + 7 * to_step, g3);
}
