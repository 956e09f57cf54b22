/**
 * Gives complex numbers the magnitudes of others and keeps their phase: out = magnitude · z / |z|, where z = 0 the magnitude
 * itself. z and out are (re, im) as floats, `count` of them; out may be z.
 */
export function f32_with_magnitude(out: usize, z: usize, magnitudes: usize, count: i32): void {
  assert(count >= 0);
  for (let i = 0; i < count; i++) {
    const number = f64x2.promote_low_f32x4(v128.load64_zero(z));
    const re = f64x2.extract_lane(number, 0), im = f64x2.extract_lane(number, 1);
    const magnitude = <f64>load<f32>(magnitudes);
    const length = sqrt(re * re + im * im);
    const scaled = length == 0
      ? f64x2.replace_lane(f64x2.splat(0), 0, magnitude)
      : f64x2.mul(number, f64x2.splat(magnitude / length));
    v128.store64_lane(out, f32x4.demote_f64x2_zero(scaled), 0);
    out += 8; z += 8; magnitudes += 4;
  }
}
