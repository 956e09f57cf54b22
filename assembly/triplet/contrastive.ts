import { squared_distance } from '../distance/squared';
import { inverse_distance } from '../distance/symmetric-weights';

// Contrastive losses of pairs by their Euclidean distance D. Rows of a and of b are `row` bytes apart. Sums are float64, two
// a number: first that of pairs of one kind (`same`), then that of pairs of two.

/** Σ loss. */
const LOSS: usize = 0;
/** Pairs. */
const COUNT: usize = 16;
/** Pairs whose loss is above 0. */
const ACTIVE: usize = 32;
/** Σ D. */
const DISTANCE: usize = 48;

/**
 * Adds up n pairs of d floats; a pair is of one kind where its label is `same`. Squared: D² and max(margin − D, 0)²; linear:
 * max(D − least, 0) and max(margin − D, 0). Where `weights` is not 0, stores for each pair the weight w of its gradient
 * w · (a − b) in a, which is the negative of that in b.
 */
export function f32_contrastive(
  sums: usize, weights: usize, a: usize, b: usize, labels: usize, n: i32, d: i32, row: usize,
  same: f32, linear: bool, margin: f32, least: f32,
): void {
  assert(n >= 0 && d > 0 && row >= <usize>d << 2 && sums % 8 == 0);
  memory.fill(sums, 0, 64);
  for (; n > 0; n--) {
    const squared = squared_distance(a, b, d), distance = sqrt(squared);
    const is_same = load<f32>(labels) == same;
    let beyond = is_same ? distance - least : margin - distance;
    if (beyond < 0) beyond = 0;
    let loss = beyond, slope: f32 = beyond == 0 ? 0 : inverse_distance(distance);
    if (!linear) {
      loss = is_same ? squared : beyond * beyond;
      slope = is_same ? 2 : 2 * beyond * inverse_distance(distance);
    }
    const kind: usize = is_same ? 0 : 8;
    add(sums + LOSS + kind, loss);
    add(sums + COUNT + kind, 1);
    add(sums + ACTIVE + kind, loss > 0 ? 1 : 0);
    add(sums + DISTANCE + kind, distance);
    if (weights != 0) {
      store<f32>(weights, is_same ? slope : -slope);
      weights += 4;
    }
    a += row; b += row; labels += 4;
  }
}

/** Gradients in both rows of each pair: its weight times the scale of its kind; left out where the address is 0. */
export function f32_contrastive_backward(
  out_a: usize, out_b: usize, a: usize, b: usize, weights: usize, labels: usize, n: i32, d: i32, row: usize,
  same: f32, same_scale: f32, other_scale: f32,
): void {
  assert(n >= 0 && d > 0 && row >= <usize>d << 2);
  for (; n > 0; n--) {
    const weight = load<f32>(weights) * (load<f32>(labels) == same ? same_scale : other_scale);
    if (out_a != 0) { weighted_difference(out_a, a, b, d, weight); out_a += row; }
    if (out_b != 0) { weighted_difference(out_b, b, a, d, weight); out_b += row; }
    a += row; b += row; weights += 4; labels += 4;
  }
}

/** out = w · (x − y) */
function weighted_difference(out: usize, x: usize, y: usize, d: i32, w: f32): void {
  const weight = f32x4.splat(w);
  for (; d >= 4; d -= 4) {
    v128.store(out, f32x4.mul(weight, f32x4.sub(v128.load(x), v128.load(y))));
    out += 16; x += 16; y += 16;
  }
  for (; d > 0; d--) {
    store<f32>(out, w * (load<f32>(x) - load<f32>(y)));
    out += 4; x += 4; y += 4;
  }
}

// @ts-ignore: decorator
@inline
function add(sum: usize, value: f64): void {
  store<f64>(sum, load<f64>(sum) + value);
}
