/**
 * sum + a · b. In two roundings, which every processor does alike; in the build with relaxed SIMD in one where the
 * processor can, so that bits differ from one to another.
 */
// @ts-ignore: decorator
@inline
export function multiply_add(sum: v128, a: v128, b: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, sum);
  return f32x4.add(sum, f32x4.mul(a, b));
}
