// A complex number is one vector of two doubles, (re, im).

/** (re, im) → (im, re) */
// @ts-ignore: decorator
@inline
export function swap(z_f64x2: v128): v128 {
  return i64x2.shuffle(z_f64x2, z_f64x2, 1, 0);
}

/** z · w; `minus_plus` holds −0 and +0. */
// @ts-ignore: decorator
@inline
export function multiply(z_f64x2: v128, w_f64x2: v128, minus_plus_f64x2: v128): v128 {
  const re = i64x2.shuffle(w_f64x2, w_f64x2, 0, 0), im = i64x2.shuffle(w_f64x2, w_f64x2, 1, 1);
  return f64x2.add(f64x2.mul(z_f64x2, re), v128.xor(f64x2.mul(swap(z_f64x2), im), minus_plus_f64x2));
}
