// What every linear kernel does to a finished sum before it is stored:
//   y = min(max(x + bias, max(lo, slope · (x + bias))), hi)
// none: slope 1, lo −∞, hi +∞ · ReLU: slope 1, lo 0, hi +∞ · ReLU6: hi 6 · leaky ReLU: slope 0.1, lo −∞, hi +∞.
// f32x4.max and min hand NaN on, so a NaN stays one.

// @ts-ignore: decorator
@inline
export function activate(x_f32x4: v128, slope_f32x4: v128, lo_f32x4: v128, hi_f32x4: v128): v128 {
  return f32x4.min(f32x4.max(x_f32x4, f32x4.max(lo_f32x4, f32x4.mul(slope_f32x4, x_f32x4))), hi_f32x4);
}

// @ts-ignore: decorator
@inline
export function activate_scalar(x: f32, slope: f32, lo: f32, hi: f32): f32 {
  return min<f32>(max<f32>(x, max<f32>(lo, slope * x)), hi);
}
