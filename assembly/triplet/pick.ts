import { ACTIVE, add, add_weight, begin, CONSIDERED, LOSS, NEGATIVE, POSITIVE } from './sums';
import { triplet_loss, triplet_slope } from './term';

// Minings that take one negative for an anchor, or for each of its positives.

/** Variants of semi-hard mining. */
const FACENET: i32 = 0;
const TFA: i32 = 1;

/**
 * Batch-hard (Hermans et al. 2017): for each anchor the furthest positive and the nearest negative, of equals the first.
 * An anchor that lacks either is passed over; with `every`, as in TensorFlow Addons, it takes its own distance of 0 in place
 * of a positive, and the largest of its row in place of a negative.
 */
export function f32_triplet_hard(
  sums: usize, weights: usize, distances: usize, labels: usize, b: i32, margin: f32, soft: bool, every: bool,
): void {
  begin(sums, weights, distances, labels, b);
  for (let i = 0; i < b; i++) {
    const row = distances + (<usize>(i * b) << 2);
    const label = at(labels, i);
    let positive = furthest(row, labels, b, label, true, i), negative = nearest_negative(row, labels, b, label, -1);
    if (every) {
      if (positive < 0) positive = i;
      if (negative < 0) negative = furthest(row, labels, b, label, true, -1);
    }
    if (positive >= 0 && negative >= 0) take(sums, weights, row, b, i, positive, negative, margin, soft);
  }
}

/**
 * Semi-hard: for each ordered pair of anchor and positive the nearest negative beyond the positive, of equals the first.
 * `variant` 0, FaceNet: nearer than the positive by less than the margin too, or the pair is passed over. 1, TensorFlow
 * Addons: where no negative is beyond the positive the furthest one; where there is none at all, the anchor itself.
 */
export function f32_triplet_semi_hard(
  sums: usize, weights: usize, distances: usize, labels: usize, b: i32, margin: f32, soft: bool, variant: i32,
): void {
  assert(variant == FACENET || variant == TFA);
  begin(sums, weights, distances, labels, b);
  for (let i = 0; i < b; i++) {
    const row = distances + (<usize>(i * b) << 2);
    const label = at(labels, i);
    const otherwise = variant == TFA ? furthest(row, labels, b, label, false, -1) : -1;
    for (let positive = 0; positive < b; positive++) {
      if (positive == i || at(labels, positive) != label) continue;
      const distance = at(row, positive);
      let negative = nearest_negative(row, labels, b, label, distance);
      if (variant == TFA) {
        if (negative < 0) negative = otherwise < 0 ? i : otherwise;
      } else if (negative < 0 || !(at(row, negative) - distance < margin)) continue;
      take(sums, weights, row, b, i, positive, negative, margin, soft);
    }
  }
}

/** Of the rows with the label, or with another, the furthest, of equals the first; −1 where there is none but `except`. */
function furthest(row: usize, labels: usize, b: i32, label: f32, same: bool, except: i32): i32 {
  let found = -1;
  for (let j = 0; j < b; j++) {
    if ((at(labels, j) == label) != same || j == except) continue;
    if (found < 0 || at(row, j) > at(row, found)) found = j;
  }
  return found;
}

/** Of the rows with another label and a distance above `beyond` the nearest, of equals the first; −1 where there is none. */
function nearest_negative(row: usize, labels: usize, b: i32, label: f32, beyond: f32): i32 {
  const label_f32x4 = f32x4.splat(label), beyond_f32x4 = f32x4.splat(beyond), infinity = f32x4.splat(Infinity);
  let least = infinity;
  let j = 0;
  for (; j + 4 <= b; j += 4) {
    const offset = <usize>j << 2;
    const distance = v128.load(row + offset);
    const counts = v128.and(f32x4.ne(v128.load(labels + offset), label_f32x4), f32x4.gt(distance, beyond_f32x4));
    least = f32x4.pmin(least, v128.bitselect(distance, infinity, counts));
  }
  let nearest = min(
    min(f32x4.extract_lane(least, 0), f32x4.extract_lane(least, 1)), min(f32x4.extract_lane(least, 2), f32x4.extract_lane(least, 3)),
  );
  for (; j < b; j++) if (at(labels, j) != label && at(row, j) > beyond) nearest = min(nearest, at(row, j));
  if (nearest == Infinity) return -1;
  for (j = 0; at(row, j) != nearest || at(labels, j) == label; ) j++;
  return j;
}

/** Adds up one triplet. */
export function take(
  sums: usize, weights: usize, row: usize, b: i32, anchor: i32, positive: i32, negative: i32, margin: f32, soft: bool,
): void {
  const near = at(row, positive), far = at(row, negative);
  const loss = triplet_loss(far - near, margin, soft), slope = triplet_slope(far - near, margin, soft);
  add(sums, LOSS, loss);
  add(sums, CONSIDERED, 1);
  add(sums, ACTIVE, loss > 0 ? 1 : 0);
  add(sums, POSITIVE, near);
  add(sums, NEGATIVE, far);
  add_weight(weights, b, anchor, positive, slope);
  add_weight(weights, b, anchor, negative, -slope);
}

// @ts-ignore: decorator
@inline
export function at(floats: usize, index: i32): f32 {
  return load<f32>(floats + (<usize>index << 2));
}
