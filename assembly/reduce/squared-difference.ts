import { high_f64x2, lane_sum, low_f64x2 } from '../simd/f64';

/** Σ (a[i] − b[i])² in float64: four lanes, (0 + 1) + (2 + 3), then the tail. */
export function f32_squared_difference(a: usize, b: usize, n: i32): f64 {
  assert(n >= 0);
  let low = f64x2.splat(0), high = low;
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const x = v128.load(a), y = v128.load(b);
    const d0 = f64x2.sub(low_f64x2(x), low_f64x2(y)), d1 = f64x2.sub(high_f64x2(x), high_f64x2(y));
    low = f64x2.add(low, f64x2.mul(d0, d0));
    high = f64x2.add(high, f64x2.mul(d1, d1));
    a += 16; b += 16;
  }
  let sum = lane_sum(low, high);
  for (; i < n; i++) {
    const d = <f64>load<f32>(a) - <f64>load<f32>(b);
    sum += d * d;
    a += 4; b += 4;
  }
  return sum;
}
