// sin x and cos x for every finite float32, however large, computed in float64: at most 0.502 ulp from the true value
// (0.5009 at worst, found by trying every float32). NaN and ±∞ → NaN, sin ±0 = ±0.
//
//   n = round(x · 2/π)    r = x − n · π/2    then ±sin r or ±cos r, by n modulo 4,  |r| ≤ π/4
//
// The polynomials and the two parts of π/2 are those of musl (src/math/__sindf.c, __cosdf.c, __rem_pio2f.c, which come
// from FreeBSD's msun). From 2²⁵ on, r comes from the digits of 2/π.

import { high_f64x2, low_f64x2, narrow_f32x4 } from '../simd/f64';
import { quarter_turns } from './quarter-turns';

const LARGE: f64 = 33554432;
/** π/2 · 2⁻⁶² */
const FRACTION: f64 = 3.4061215800865545e-19;

export function sin_f32x4(x_f32x4: v128): v128 {
  const magnitude = f32x4.abs(x_f32x4);
  return v128.xor(sine_f32x4(magnitude, 0), v128.xor(x_f32x4, magnitude));
}

export function cos_f32x4(x_f32x4: v128): v128 {
  return sine_f32x4(f32x4.abs(x_f32x4), 1);
}

/** sin(x + quarter · π/2) for x ≥ 0; of ∞ and NaN, NaN. */
// @ts-ignore: decorator
@inline
function sine_f32x4(x_f32x4: v128, quarter: i32): v128 {
  return narrow_f32x4(sine_f64x2(low_f64x2(x_f32x4), quarter), sine_f64x2(high_f64x2(x_f32x4), quarter));
}

function sine_f64x2(x_f64x2: v128, quarter: i32): v128 {
  const turns = f64x2.nearest(f64x2.mul(x_f64x2, f64x2.splat(6.36619772367581382433e-01)));
  let n = i32x4.trunc_sat_f64x2_s_zero(turns);
  let r = f64x2.sub(x_f64x2, f64x2.mul(turns, f64x2.splat(1.57079631090164184570)));
  r = f64x2.sub(r, f64x2.mul(turns, f64x2.splat(1.58932547735281966916e-08)));
  if (v128.any_true(f64x2.ge(x_f64x2, f64x2.splat(LARGE)))) {
    const x0 = f64x2.extract_lane(x_f64x2, 0), x1 = f64x2.extract_lane(x_f64x2, 1);
    if (is_large(x0)) {
      const turned = quarter_turns(x0);
      n = i32x4.replace_lane(n, 0, nearest_turn(turned));
      r = f64x2.replace_lane(r, 0, remainder(turned));
    }
    if (is_large(x1)) {
      const turned = quarter_turns(x1);
      n = i32x4.replace_lane(n, 1, nearest_turn(turned));
      r = f64x2.replace_lane(r, 1, remainder(turned));
    }
  }

  const z = f64x2.mul(r, r);
  let s = f64x2.splat(0.0000027183114939898219064);
  s = f64x2.add(f64x2.mul(s, z), f64x2.splat(-0.000198393348360966317347));
  s = f64x2.add(f64x2.mul(s, z), f64x2.splat(0.0083333293858894631756));
  s = f64x2.add(f64x2.mul(s, z), f64x2.splat(-0.166666666416265235595));
  s = f64x2.add(r, f64x2.mul(r, f64x2.mul(s, z)));
  let c = f64x2.splat(0.0000243904487962774090654);
  c = f64x2.add(f64x2.mul(c, z), f64x2.splat(-0.00138867637746099294692));
  c = f64x2.add(f64x2.mul(c, z), f64x2.splat(0.0416666233237390631894));
  c = f64x2.add(f64x2.mul(c, z), f64x2.splat(-0.499999997251031003120));
  c = f64x2.add(f64x2.splat(1), f64x2.mul(c, z));

  const quadrant = i64x2.extend_low_i32x4_s(i32x4.add(n, i32x4.splat(quarter)));
  const odd = i64x2.neg(v128.and(quadrant, i64x2.splat(1)));
  const sign = i64x2.shl(v128.and(quadrant, i64x2.splat(2)), 62);
  return v128.xor(v128.bitselect(c, s, odd), sign);
}

// @ts-ignore: decorator
@inline
function is_large(x: f64): bool {
  return x >= LARGE && x < Infinity;
}

// @ts-ignore: decorator
@inline
function nearest_turn(turned: u64): i32 {
  return <i32>((turned + (1 << 61)) >> 62);
}

/** The angle from the nearest quarter turn. */
// @ts-ignore: decorator
@inline
function remainder(turned: u64): f64 {
  return <f64>(<i64>(turned - (<u64>nearest_turn(turned) << 62))) * FRACTION;
}

/** out[i] = sin x[i], x in radians; out may be x. */
export function f32_sin(out: usize, x: usize, n: i32): void {
  assert(n >= 0);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    v128.store(out, sin_f32x4(v128.load(x)));
    out += 16; x += 16;
  }
  for (; i < n; i++) {
    v128.store_lane<f32>(out, sin_f32x4(v128.load32_splat(x)), 0);
    out += 4; x += 4;
  }
}

/** out[i] = cos x[i], x in radians; out may be x. */
export function f32_cos(out: usize, x: usize, n: i32): void {
  assert(n >= 0);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    v128.store(out, cos_f32x4(v128.load(x)));
    out += 16; x += 16;
  }
  for (; i < n; i++) {
    v128.store_lane<f32>(out, cos_f32x4(v128.load32_splat(x)), 0);
    out += 4; x += 4;
  }
}
