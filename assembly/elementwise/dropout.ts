import { mix_i32x4 } from '../random/mix';

// Whether element i stays is a function of (key, i): nothing is kept between the passes, and a run can be repeated.

/**
 * out[i] = x[i] · scale where element i stays, x[i] · 0 elsewhere (which keeps a NaN); out may be x. It stays where
 * mix(mix(i) ^ key) ≥ threshold, as unsigned numbers.
 */
export function f32_dropout(out: usize, x: usize, n: i32, key: i32, threshold: u32, scale: f32): void {
  assert(n >= 0);
  const key_i32x4 = i32x4.splat(key), scale_f32x4 = f32x4.splat(scale), four = i32x4.splat(4);
  // Unsigned numbers compare as signed ones with their highest bit turned.
  const highest = i32x4.splat(<i32>0x80000000), least = i32x4.splat(<i32>(threshold ^ 0x80000000));
  let index = i32x4(0, 1, 2, 3);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const hash = v128.xor(mix_i32x4(v128.xor(mix_i32x4(index), key_i32x4)), highest);
    v128.store(out, f32x4.mul(v128.load(x), v128.and(scale_f32x4, i32x4.ge_s(hash, least))));
    index = i32x4.add(index, four);
    out += 16; x += 16;
  }
  for (; i < n; i++) {
    const hash = v128.xor(mix_i32x4(v128.xor(mix_i32x4(i32x4.splat(i)), key_i32x4)), highest);
    const factor = v128.and(scale_f32x4, i32x4.ge_s(hash, least));
    store<f32>(out, load<f32>(x) * f32x4.extract_lane(factor, 0));
    out += 4; x += 4;
  }
}
