import { high_f64x2, lane_sum, low_f64x2 } from '../simd/f64';

/** Σ x[i] in float64: four lanes, (0 + 1) + (2 + 3), then the tail. */
export function f32_sum(x: usize, n: i32): f64 {
  assert(n >= 0);
  let low = f64x2.splat(0), high = low;
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const v = v128.load(x);
    low = f64x2.add(low, low_f64x2(v));
    high = f64x2.add(high, high_f64x2(v));
    x += 16;
  }
  let sum = lane_sum(low, high);
  for (; i < n; i++) {
    sum += <f64>load<f32>(x);
    x += 4;
  }
  return sum;
}
