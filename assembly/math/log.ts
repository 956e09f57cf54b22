// ln x for float32, computed in float64: at most 0.501 ulp from the true value (found by trying every
// float32).
//
//   x = 2ᵏ · (1 + f),  √½ ≤ 1 + f < √2    s = f / (2 + f)    ln x = k · ln 2 + f − s · (f − R(s²))
//
// The polynomial R is that of fdlibm (e_log.c, Copyright 1993 Sun Microsystems, netlib.org/fdlibm).

import { high_f64x2, low_f64x2, narrow_f32x4 } from '../simd/f64';

/**
 * Natural logarithm: +0 and −0 → −∞, below 0 → NaN, +∞ → +∞, NaN → NaN. No other float32 is so small that it would be
 * subnormal here.
 */
export function log_f64x2(x_f64x2: v128): v128 {
  const above_root_half = i64x2.sub(x_f64x2, i64x2.splat(0x3fe6a09e667f3bcd));
  const k = f64x2.convert_low_i32x4_s(i32x4.shr_s(v128.shuffle<i32>(above_root_half, above_root_half, 1, 3, 1, 3), 20));
  const m = i64x2.sub(x_f64x2, v128.and(above_root_half, i64x2.splat(0xfff0000000000000)));
  const f = f64x2.sub(m, f64x2.splat(1));
  const s = f64x2.div(f, f64x2.add(f, f64x2.splat(2)));
  const z = f64x2.mul(s, s);
  let p = f64x2.splat(1.479819860511658591e-01);
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(1.531383769920937332e-01));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(1.818357216161805012e-01));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(2.222219843214978396e-01));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(2.857142874366239149e-01));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(3.999999999940941908e-01));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(6.666666666666735130e-01));
  const fraction = f64x2.sub(f, f64x2.mul(s, f64x2.sub(f, f64x2.mul(p, z))));
  let y = f64x2.add(f64x2.mul(k, f64x2.splat(0.6931471805599453)), fraction);
  y = v128.bitselect(y, x_f64x2, f64x2.lt(x_f64x2, f64x2.splat(Infinity)));
  y = v128.bitselect(f64x2.splat(-Infinity), y, f64x2.eq(x_f64x2, f64x2.splat(0)));
  return v128.or(y, f64x2.lt(x_f64x2, f64x2.splat(0)));
}

export function log_f32x4(x_f32x4: v128): v128 {
  return narrow_f32x4(log_f64x2(low_f64x2(x_f32x4)), log_f64x2(high_f64x2(x_f32x4)));
}

/** out[i] = ln x[i]; out may be x. */
export function f32_log(out: usize, x: usize, n: i32): void {
  assert(n >= 0);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    v128.store(out, log_f32x4(v128.load(x)));
    out += 16; x += 16;
  }
  for (; i < n; i++) {
    v128.store_lane<f32>(out, log_f32x4(v128.load32_splat(x)), 0);
    out += 4; x += 4;
  }
}
