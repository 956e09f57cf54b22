import { exp_f32x4 } from '../math/exp';
import { log_f64x2 } from '../math/log';

/**
 * Adds up logits x[i] whose labels t[i] are 0 or 1: sums[0] = Σ max(x, 0) − x·t + ln(1 + e^−|x|), which does not overflow,
 * and sums[1] = how many lie on their label's side, above 0 for label 1; both float64.
 */
export function f32_sigmoid_cross_entropy(sums: usize, x: usize, labels: usize, n: i32): void {
  assert(n >= 0 && sums % 8 == 0);
  let loss: f64 = 0, right: f64 = 0;
  for (let i = 0; i < n; i++) {
    const v = <f64>load<f32>(x), t = <f64>load<f32>(labels);
    const e = <f64>f32x4.extract_lane(exp_f32x4(f32x4.splat(-abs(<f32>v))), 0);
    loss += (v < 0 ? 0 : v) - v * t + f64x2.extract_lane(log_f64x2(f64x2.splat(1 + e)), 0);
    if (t > 0 ? v > 0 : v <= 0) right += 1;
    x += 4; labels += 4;
  }
  store<f64>(sums, loss);
  store<f64>(sums, right, 8);
}
