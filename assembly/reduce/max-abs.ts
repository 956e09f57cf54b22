/**
 * Largest |x[i]|, 0 of nothing: ∞ where an infinity is among them, NaN where a NaN is. Without its sign the bits of a float
 * order like integers, NaN above all.
 */
export function f32_max_abs(x: usize, n: i32): f32 {
  assert(n >= 0);
  const unsigned = i32x4.splat(0x7fffffff);
  let largest_i32x4 = i32x4.splat(0);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    largest_i32x4 = i32x4.max_s(largest_i32x4, v128.and(v128.load(x), unsigned));
    x += 16;
  }
  let largest = max(
    max(i32x4.extract_lane(largest_i32x4, 0), i32x4.extract_lane(largest_i32x4, 1)),
    max(i32x4.extract_lane(largest_i32x4, 2), i32x4.extract_lane(largest_i32x4, 3)),
  );
  for (; i < n; i++) {
    largest = max(largest, load<i32>(x) & 0x7fffffff);
    x += 4;
  }
  return reinterpret<f32>(largest);
}
