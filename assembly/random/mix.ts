/**
 * A 32-bit mix in which each bit of the input changes each bit of the result with a probability near ½. The constants are
 * those of least bias in Chris Wellons' hash-prospector (public domain, github.com/skeeto/hash-prospector).
 */
// @ts-ignore: decorator
@inline
export function mix_i32x4(x_i32x4: v128): v128 {
  let x = v128.xor(x_i32x4, i32x4.shr_u(x_i32x4, 16));
  x = i32x4.mul(x, i32x4.splat(0x21f0aaad));
  x = v128.xor(x, i32x4.shr_u(x, 15));
  x = i32x4.mul(x, i32x4.splat(0xd35a2d97));
  return v128.xor(x, i32x4.shr_u(x, 15));
}

/** The key of a run: three numbers mixed into one. */
export function u32_random_key(seed: i32, step: i32, stream: i32): i32 {
  let key = mix_i32x4(i32x4.splat(seed));
  key = mix_i32x4(v128.xor(key, i32x4.splat(step)));
  return i32x4.extract_lane(mix_i32x4(v128.xor(key, i32x4.splat(stream))), 0);
}
