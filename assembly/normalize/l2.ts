import { f32_dot } from '../reduce/dot';
import { high_f64x2, low_f64x2, narrow_f32x4 } from '../simd/f64';

/**
 * out[i] = x[i] / ‖x[i]‖ for each row of c floats; a row of zeros stays one. out may be x. The squares are summed in float64,
 * where none over- or underflows.
 */
export function f32_l2_normalize(out: usize, x: usize, rows: i32, c: i32): void {
  assert(rows >= 0 && c > 0);
  for (let i = 0; i < rows; i++) {
    const norm = sqrt(f32_dot(x, x, c));
    const factor: f64 = norm == 0 ? 0 : 1 / norm;
    const factor_f64x2 = f64x2.splat(factor);
    let channel = 0;
    for (; channel + 4 <= c; channel += 4) {
      const v = v128.load(x);
      v128.store(out, narrow_f32x4(f64x2.mul(low_f64x2(v), factor_f64x2), f64x2.mul(high_f64x2(v), factor_f64x2)));
      out += 16; x += 16;
    }
    for (; channel < c; channel++) {
      store<f32>(out, <f32>(<f64>load<f32>(x) * factor));
      out += 4; x += 4;
    }
  }
}

/**
 * dx[i] = (gradient[i] − y[i] · ⟨y[i], gradient[i]⟩) / ‖x[i]‖ with y = x / ‖x‖, in float64; 0 for a row of zeros.
 */
export function f32_l2_normalize_gradient(dx: usize, x: usize, gradient: usize, rows: i32, c: i32): void {
  assert(rows >= 0 && c > 0);
  for (let i = 0; i < rows; i++) {
    const squares = f32_dot(x, x, c), along = f32_dot(x, gradient, c);
    const factor: f64 = squares == 0 ? 0 : 1 / sqrt(squares), share: f64 = squares == 0 ? 0 : along / squares;
    const factor_f64x2 = f64x2.splat(factor), share_f64x2 = f64x2.splat(share);
    let channel = 0;
    for (; channel + 4 <= c; channel += 4) {
      const v = v128.load(x), g = v128.load(gradient);
      const low = f64x2.sub(low_f64x2(g), f64x2.mul(low_f64x2(v), share_f64x2));
      const high = f64x2.sub(high_f64x2(g), f64x2.mul(high_f64x2(v), share_f64x2));
      v128.store(dx, narrow_f32x4(f64x2.mul(low, factor_f64x2), f64x2.mul(high, factor_f64x2)));
      dx += 16; x += 16; gradient += 16;
    }
    for (; channel < c; channel++) {
      store<f32>(dx, <f32>((<f64>load<f32>(gradient) - <f64>load<f32>(x) * share) * factor));
      dx += 4; x += 4; gradient += 4;
    }
  }
}
