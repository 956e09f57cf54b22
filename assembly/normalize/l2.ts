/**
 * out[i] = x[i] / ‖x[i]‖ for each row of c floats; a row of zeros stays one. out may be x. The squares are summed in float64,
 * where none over- or underflows: four lanes, (0 + 1) + (2 + 3), then the tail.
 */
export function f32_l2_normalize(out: usize, x: usize, rows: i32, c: i32): void {
  assert(rows >= 0 && c > 0);
  for (let i = 0; i < rows; i++) {
    const norm = sqrt(sum_of_squares(x, c));
    const factor: f64 = norm == 0 ? 0 : 1 / norm;
    const factor_f64x2 = f64x2.splat(factor);
    let channel = 0;
    for (; channel + 4 <= c; channel += 4) {
      const v = v128.load(x);
      const low = f32x4.demote_f64x2_zero(f64x2.mul(f64x2.promote_low_f32x4(v), factor_f64x2));
      const high = f32x4.demote_f64x2_zero(f64x2.mul(f64x2.promote_low_f32x4(high_half(v)), factor_f64x2));
      v128.store(out, i64x2.shuffle(low, high, 0, 2));
      out += 16; x += 16;
    }
    for (; channel < c; channel++) {
      store<f32>(out, <f32>(<f64>load<f32>(x) * factor));
      out += 4; x += 4;
    }
  }
}

function sum_of_squares(x: usize, c: i32): f64 {
  let low = f64x2.splat(0), high = low;
  let channel = 0;
  for (; channel + 4 <= c; channel += 4) {
    const v = v128.load(x);
    const a = f64x2.promote_low_f32x4(v), b = f64x2.promote_low_f32x4(high_half(v));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
    x += 16;
  }
  let sum = (f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1)) + (f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1));
  for (; channel < c; channel++) {
    const v = <f64>load<f32>(x);
    sum += v * v;
    x += 4;
  }
  return sum;
}

// @ts-ignore: decorator
@inline
function high_half(v_f32x4: v128): v128 {
  return i64x2.shuffle(v_f32x4, v_f32x4, 1, 1);
}
