import { exp_of_row, largest_of } from '../activation/softmax';
import { log_f64x2 } from '../math/log';

/**
 * Adds up rows of logits x[i][j], j < c, whose labels are whole numbers below c: sums[0] = Σ_i ln Σ_j e^(x[i][j] − x[i][label])
 * and sums[1] = how many rows have their largest logit, the first of equals, at the label; both float64. Leaves the softmax
 * of each row in `probabilities`.
 */
export function f32_softmax_cross_entropy(
  sums: usize, probabilities: usize, x: usize, labels: usize, rows: i32, c: i32,
): void {
  assert(rows >= 0 && c > 0 && sums % 8 == 0);
  let loss: f64 = 0, right: f64 = 0;
  for (let i = 0; i < rows; i++) {
    const label = <i32>load<f32>(labels);
    assert(label >= 0 && label < c);
    const of_label = <f64>load<f32>(x + (<usize>label << 2));
    const largest = <f64>largest_of(x, c);
    const sum = exp_of_row(probabilities, x, c);
    loss += f64x2.extract_lane(log_f64x2(f64x2.splat(sum)), 0) + (largest - of_label);
    if (is_largest(x, c, label)) right += 1;
    for (let j = 0; j < c; j++) {
      store<f32>(probabilities, <f32>(<f64>load<f32>(probabilities) / sum));
      probabilities += 4;
    }
    x += <usize>c << 2;
    labels += 4;
  }
  store<f64>(sums, loss);
  store<f64>(sums, right, 8);
}

/** True where x[at] is above all before it and not below any behind it; never with a NaN. */
function is_largest(x: usize, c: i32, at: i32): bool {
  const value = load<f32>(x + (<usize>at << 2));
  for (let j = 0; j < c; j++) {
    const other = load<f32>(x + (<usize>j << 2));
    if (j < at ? !(other < value) : !(other <= value)) return false;
  }
  return true;
}

/** dx[i][j] = factor · (probabilities[i][j] − [j = label of i]). */
export function f32_softmax_cross_entropy_gradient(
  dx: usize, probabilities: usize, labels: usize, rows: i32, c: i32, factor: f32,
): void {
  assert(rows >= 0 && c > 0);
  for (let i = 0; i < rows; i++) {
    const label = <i32>load<f32>(labels);
    for (let j = 0; j < c; j++) {
      const p = load<f32>(probabilities);
      store<f32>(dx, factor * (j == label ? p - 1 : p));
      dx += 4; probabilities += 4;
    }
    labels += 4;
  }
}
