import { squared_distance } from '../distance/squared';
import { inverse_distance } from '../distance/symmetric-weights';
import { ACTIVE, add, CONSIDERED, LOSS, NEGATIVE, POSITIVE } from './sums';
import { triplet_loss, triplet_slope } from './term';

/**
 * Adds up the losses of t given triplets, three row numbers each (floats); see sums.ts for `sums`, of which the first five
 * are written. Where `weights` is not 0, stores two floats a triplet: its slope by either distance, divided by the distance
 * where that is a root.
 */
export function f32_triplet_indexed(
  sums: usize, weights: usize, rows: usize, triplets: usize, t: i32, d: i32, root: bool, margin: f32, soft: bool,
): void {
  assert(t >= 0 && d > 0 && sums % 8 == 0);
  memory.fill(sums, 0, 64);
  for (; t > 0; t--) {
    const anchor = row_of(rows, triplets, d);
    let near = squared_distance(anchor, row_of(rows, triplets + 4, d), d), far = squared_distance(anchor, row_of(rows, triplets + 8, d), d);
    if (root) { near = sqrt(near); far = sqrt(far); }
    const loss = triplet_loss(far - near, margin, soft);
    add(sums, LOSS, loss);
    add(sums, CONSIDERED, 1);
    add(sums, ACTIVE, loss > 0 ? 1 : 0);
    add(sums, POSITIVE, near);
    add(sums, NEGATIVE, far);
    if (weights != 0) {
      const slope = triplet_slope(far - near, margin, soft);
      store<f32>(weights, weight_of(slope, near, root));
      store<f32>(weights, weight_of(slope, far, root), 4);
      weights += 8;
    }
    triplets += 12;
  }
}

/**
 * Gradient in b rows of d floats, overwritten: scale · (w₀ (a − p) − w₁ (a − n)) to the anchor a of each triplet, minus
 * their parts to p and n, in the order of the triplets.
 */
export function f32_triplet_indexed_backward(
  out: usize, rows: usize, triplets: usize, weights: usize, b: i32, t: i32, d: i32, scale: f32,
): void {
  assert(b >= 0 && t >= 0 && d > 0);
  memory.fill(out, 0, (<usize>b * <usize>d) << 2);
  for (; t > 0; t--) {
    push_apart(row_of(out, triplets, d), row_of(out, triplets + 4, d), row_of(rows, triplets, d), row_of(rows, triplets + 4, d), d, scale * load<f32>(weights));
    push_apart(row_of(out, triplets, d), row_of(out, triplets + 8, d), row_of(rows, triplets, d), row_of(rows, triplets + 8, d), d, -scale * load<f32>(weights, 4));
    triplets += 12; weights += 8;
  }
}

/** to_x += w · (x − y), to_y −= w · (x − y). */
function push_apart(to_x: usize, to_y: usize, x: usize, y: usize, d: i32, w: f32): void {
  if (w == 0) return;
  const weight = f32x4.splat(w);
  for (; d >= 4; d -= 4) {
    const push = f32x4.mul(weight, f32x4.sub(v128.load(x), v128.load(y)));
    v128.store(to_x, f32x4.add(v128.load(to_x), push));
    v128.store(to_y, f32x4.sub(v128.load(to_y), push));
    to_x += 16; to_y += 16; x += 16; y += 16;
  }
  for (; d > 0; d--) {
    const push = w * (load<f32>(x) - load<f32>(y));
    store<f32>(to_x, load<f32>(to_x) + push);
    store<f32>(to_y, load<f32>(to_y) - push);
    to_x += 4; to_y += 4; x += 4; y += 4;
  }
}

// @ts-ignore: decorator
@inline
function row_of(rows: usize, index: usize, d: i32): usize {
  return rows + ((<usize>load<f32>(index) * <usize>d) << 2);
}

// @ts-ignore: decorator
@inline
function weight_of(slope: f32, distance: f32, root: bool): f32 {
  return root ? slope * inverse_distance(distance) : slope;
}
