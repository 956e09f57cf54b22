import { high_f64x2, lane_sum, low_f64x2 } from '../simd/f64';

/** out[i] = out[i] / ‖x[i]‖, m dense rows of d floats; where x[i] is all zeros, 0 · out[i]. The norm is float64. */
export function f32_divide_by_norm(out: usize, x: usize, m: i32, d: i32): void {
  assert(m >= 0 && d > 0);
  for (; m > 0; m--) {
    const norm = norm_of(x, d);
    const factor: f64 = norm == 0 ? 0 : 1 / norm;
    for (let k = d; k > 0; k--) {
      store<f32>(out, <f32>(<f64>load<f32>(out) * factor));
      out += 4;
    }
    x += <usize>d << 2;
  }
}

function norm_of(row: usize, d: i32): f64 {
  let low = f64x2.splat(0), high = low;
  for (; d >= 4; d -= 4) {
    const x = v128.load(row), x0 = low_f64x2(x), x1 = high_f64x2(x);
    low = f64x2.add(low, f64x2.mul(x0, x0));
    high = f64x2.add(high, f64x2.mul(x1, x1));
    row += 16;
  }
  let sum = lane_sum(low, high);
  for (; d > 0; d--) {
    const x = <f64>load<f32>(row);
    sum += x * x;
    row += 4;
  }
  return sqrt(sum);
}
