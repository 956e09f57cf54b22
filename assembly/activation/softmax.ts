import { exp_f32x4 } from '../math/exp';
import { f32_dot } from '../reduce/dot';
import { f32_sum } from '../reduce/sum';

/**
 * out[i][j] = e^(x[i][j] − m) / Σ_j e^(x[i][j] − m), m the largest of row i, so that nothing overflows; out may be x. The sum
 * is float64. A row with a NaN, or with +∞, is all NaN.
 */
export function f32_softmax(out: usize, x: usize, rows: i32, c: i32): void {
  assert(rows >= 0 && c > 0);
  for (let i = 0; i < rows; i++) {
    const sum = exp_of_row(out, x, c);
    const factor = <f32>(1 / sum);
    const factor_f32x4 = f32x4.splat(factor);
    let j = 0;
    for (; j + 4 <= c; j += 4) {
      v128.store(out, f32x4.mul(v128.load(out), factor_f32x4));
      out += 16;
    }
    for (; j < c; j++) {
      store<f32>(out, load<f32>(out) * factor);
      out += 4;
    }
    x += <usize>c << 2;
  }
}

/** out[j] = e^(x[j] − largest), and their sum. */
export function exp_of_row(out: usize, x: usize, c: i32): f64 {
  const largest = largest_of(x, c);
  const largest_f32x4 = f32x4.splat(largest);
  let to = out, j = 0;
  for (; j + 4 <= c; j += 4) {
    v128.store(to, exp_f32x4(f32x4.sub(v128.load(x), largest_f32x4)));
    to += 16; x += 16;
  }
  for (; j < c; j++) {
    v128.store_lane<f32>(to, exp_f32x4(f32x4.sub(v128.load32_splat(x), largest_f32x4)), 0);
    to += 4; x += 4;
  }
  return f32_sum(out, c);
}

/** The largest of n floats; one of those that are not NaN where any is. */
export function largest_of(x: usize, n: i32): f32 {
  let best: f32 = -Infinity, i = 0;
  if (n >= 4) {
    let best_f32x4 = v128.load(x);
    for (i = 4, x += 16; i + 4 <= n; i += 4) {
      best_f32x4 = f32x4.pmax(best_f32x4, v128.load(x));
      x += 16;
    }
    best = larger(
      larger(f32x4.extract_lane(best_f32x4, 0), f32x4.extract_lane(best_f32x4, 1)),
      larger(f32x4.extract_lane(best_f32x4, 2), f32x4.extract_lane(best_f32x4, 3)),
    );
  }
  for (; i < n; i++) {
    best = larger(best, load<f32>(x));
    x += 4;
  }
  return best;
}

// @ts-ignore: decorator
@inline
function larger(a: f32, b: f32): f32 {
  return a < b ? b : a;
}

/** dx[i][j] = y[i][j] · (gradient[i][j] − ⟨y[i], gradient[i]⟩), y the softmax. */
export function f32_softmax_backward(dx: usize, gradient: usize, y: usize, rows: i32, c: i32): void {
  assert(rows >= 0 && c > 0);
  for (let i = 0; i < rows; i++) {
    const along = <f32>f32_dot(y, gradient, c);
    const along_f32x4 = f32x4.splat(along);
    let j = 0;
    for (; j + 4 <= c; j += 4) {
      v128.store(dx, f32x4.mul(v128.load(y), f32x4.sub(v128.load(gradient), along_f32x4)));
      dx += 16; y += 16; gradient += 16;
    }
    for (; j < c; j++) {
      store<f32>(dx, load<f32>(y) * (load<f32>(gradient) - along));
      dx += 4; y += 4; gradient += 4;
    }
  }
}
