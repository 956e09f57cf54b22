// A vector as a scale times whole numbers, x ≈ s · c, c from −levels to levels. What that loses is kept as a length, so
// that distances between coded vectors bound those between the vectors themselves.

import { high_f64x2, lane_sum, low_f64x2 } from '../simd/f64';

/** A vector whose scale would be smaller, and soon subnormal, is coded as zeros. */
const LEAST_SCALE: f32 = 1e-30;

/**
 * Codes a row of d floats, a multiple of 8, as int8, with zeros behind up to `coded`. Stores at `terms` the scale s and
 * ‖s · c‖² (see store_terms); returns ‖x − s · c‖, rounded up.
 */
export function i8_quantize(codes: usize, terms: usize, row: usize, d: i32, coded: i32): f32 {
  assert(d >= 0 && d % 8 == 0 && coded >= d);
  const scale = scale_of(row, d, 127);
  const inverse = f32x4.splat(inverse_of(scale)), levels = f32x4.splat(127);
  memory.fill(codes + <usize>d, 0, <usize>(coded - d));
  for (let i = 0; i < d; i += 8) {
    const from = row + (<usize>i << 2);
    const words = i16x8.narrow_i32x4_s(whole(code(from, inverse, levels)), whole(code(from + 16, inverse, levels)));
    v128.store64_lane(codes + <usize>i, i8x16.narrow_i16x8_s(words, words), 0);
  }
  return store_terms(terms, row, d, scale, levels);
}

/** i8_quantize to int16, −levels … levels. */
export function i16_quantize(codes: usize, terms: usize, row: usize, d: i32, coded: i32, levels: i32): f32 {
  assert(d >= 0 && d % 8 == 0 && coded >= d && levels > 0 && levels < 32768);
  const scale = scale_of(row, d, <f32>levels);
  const inverse = f32x4.splat(inverse_of(scale)), levels_f32x4 = f32x4.splat(<f32>levels);
  memory.fill(codes + (<usize>d << 1), 0, <usize>(coded - d) << 1);
  for (let i = 0; i < d; i += 8) {
    const from = row + (<usize>i << 2);
    const low = whole(code(from, inverse, levels_f32x4)), high = whole(code(from + 16, inverse, levels_f32x4));
    v128.store(codes + (<usize>i << 1), i16x8.narrow_i32x4_s(low, high));
  }
  return store_terms(terms, row, d, scale, levels_f32x4);
}

/** The scale at which the largest number has the largest code. */
function scale_of(row: usize, d: i32, levels: f32): f32 {
  let most = f32x4.splat(0);
  for (let i = 0; i < d; i += 4) most = f32x4.pmax(most, f32x4.abs(v128.load(row + (<usize>i << 2))));
  const low = max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1));
  const scale = max(low, max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3))) / levels;
  return scale < LEAST_SCALE ? 0 : scale;
}

// @ts-ignore: decorator
@inline
function inverse_of(scale: f32): f32 {
  return scale == 0 ? 0 : 1 / scale;
}

/** Four codes, still floats; a NaN stays one. */
// @ts-ignore: decorator
@inline
function code(from: usize, inverse_f32x4: v128, levels_f32x4: v128): v128 {
  const c = f32x4.nearest(f32x4.mul(v128.load(from), inverse_f32x4));
  return f32x4.pmin(f32x4.pmax(c, f32x4.neg(levels_f32x4)), levels_f32x4);
}

// @ts-ignore: decorator
@inline
function whole(codes_f32x4: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(codes_f32x4);
}

/**
 * Stores the scale and a number a little below ‖s · c‖²: by more than what rounding can add to ‖s·c‖² + ‖s′·c′‖² − 2ss′·c·c′,
 * computed from it in float32. NaN where float32 is too small for such sums. Returns a number a little above ‖x − s · c‖.
 */
function store_terms(terms: usize, row: usize, d: i32, scale: f32, levels_f32x4: v128): f32 {
  const inverse = f32x4.splat(inverse_of(scale));
  const s = f64x2.splat(scale);
  let norm_low = f64x2.splat(0), norm_high = norm_low, lost_low = norm_low, lost_high = norm_low;
  for (let i = 0; i < d; i += 4) {
    const x = v128.load(row), c = code(row, inverse, levels_f32x4);
    const low = f64x2.mul(low_f64x2(c), s), high = f64x2.mul(high_f64x2(c), s);
    norm_low = f64x2.add(norm_low, f64x2.mul(low, low));
    norm_high = f64x2.add(norm_high, f64x2.mul(high, high));
    const lost0 = f64x2.sub(low_f64x2(x), low), lost1 = f64x2.sub(high_f64x2(x), high);
    lost_low = f64x2.add(lost_low, f64x2.mul(lost0, lost0));
    lost_high = f64x2.add(lost_high, f64x2.mul(lost1, lost1));
    row += 16;
  }
  const norm = lane_sum(norm_low, norm_high);
  store<f32>(terms, scale);
  store<f32>(terms, norm < 1e37 ? <f32>(norm * (1 - 1e-6) - 1e-35) : NaN, 4);
  return <f32>(sqrt(lane_sum(lost_low, lost_high)) * (1 + 1e-6) + 1e-35);
}
