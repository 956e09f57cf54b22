// Four floats as two pairs of doubles, for what float32 would lose.

// @ts-ignore: decorator
@inline
export function low_f64x2(v_f32x4: v128): v128 {
  return f64x2.promote_low_f32x4(v_f32x4);
}

// @ts-ignore: decorator
@inline
export function high_f64x2(v_f32x4: v128): v128 {
  return f64x2.promote_low_f32x4(i64x2.shuffle(v_f32x4, v_f32x4, 1, 1));
}

/** The pairs rounded to four floats. */
// @ts-ignore: decorator
@inline
export function narrow_f32x4(low_f64x2: v128, high_f64x2: v128): v128 {
  return i64x2.shuffle(f32x4.demote_f64x2_zero(low_f64x2), f32x4.demote_f64x2_zero(high_f64x2), 0, 2);
}

/** (0 + 1) + (2 + 3): the order of every sum over lanes. */
// @ts-ignore: decorator
@inline
export function lane_sum(low_f64x2: v128, high_f64x2: v128): f64 {
  return (f64x2.extract_lane(low_f64x2, 0) + f64x2.extract_lane(low_f64x2, 1)) +
    (f64x2.extract_lane(high_f64x2, 0) + f64x2.extract_lane(high_f64x2, 1));
}
