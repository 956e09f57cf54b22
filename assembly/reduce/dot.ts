import { high_f64x2, lane_sum, low_f64x2 } from '../simd/f64';

/**
 * Σ a[i] · b[i] in float64, where each product is exact. Eight lanes: lane i + 4 is added to lane i, then (0 + 1) + (2 + 3),
 * then the tail.
 */
export function f32_dot(a: usize, b: usize, n: i32): f64 {
  assert(n >= 0);
  let low0 = f64x2.splat(0), high0 = low0, low1 = low0, high1 = low0;
  let i = 0;
  for (; i + 8 <= n; i += 8) {
    const x0 = v128.load(a), y0 = v128.load(b), x1 = v128.load(a, 16), y1 = v128.load(b, 16);
    low0 = f64x2.add(low0, f64x2.mul(low_f64x2(x0), low_f64x2(y0)));
    high0 = f64x2.add(high0, f64x2.mul(high_f64x2(x0), high_f64x2(y0)));
    low1 = f64x2.add(low1, f64x2.mul(low_f64x2(x1), low_f64x2(y1)));
    high1 = f64x2.add(high1, f64x2.mul(high_f64x2(x1), high_f64x2(y1)));
    a += 32; b += 32;
  }
  let sum = lane_sum(f64x2.add(low0, low1), f64x2.add(high0, high1));
  for (; i < n; i++) {
    sum += <f64>load<f32>(a) * <f64>load<f32>(b);
    a += 4; b += 4;
  }
  return sum;
}
