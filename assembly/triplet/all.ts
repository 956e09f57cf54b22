import { high_f64x2, lane_sum, low_f64x2 } from '../simd/f64';
import { ACTIVE, add, add_weight, begin, CONSIDERED, LOSS, NEGATIVE, POSITIVE } from './sums';
import { hinge, soft, soft_slope } from './term';

/**
 * All triplets; with `band` those with 0 < d(anchor, negative) − d(anchor, positive) ≤ margin, which PyTorch Metric Learning
 * calls semi-hard. The negatives of an anchor are gathered once and then met by each of its positives, four at a time.
 * Scratch, with p = 4⌈b/4⌉: p distances, p weights, p indices.
 */
export function f32_triplet_all(
  sums: usize, weights: usize, distances: usize, labels: usize, scratch: usize, b: i32, margin: f32, is_soft: bool, band: bool,
): void {
  assert(scratch % 16 == 0);
  begin(sums, weights, distances, labels, b);
  const padded = <usize>((b + 3) & ~3) << 2;
  const shared = scratch + padded, indices = shared + padded;
  for (let i = 0; i < b; i++) {
    const row = distances + (<usize>(i * b) << 2);
    const label = load<f32>(labels + (<usize>i << 2));
    let count = 0;
    for (let k = 0; k < b; k++) {
      if (load<f32>(labels + (<usize>k << 2)) == label) continue;
      store<f32>(scratch + (<usize>count << 2), load<f32>(row + (<usize>k << 2)));
      store<i32>(indices + (<usize>count << 2), k);
      count++;
    }
    // Infinitely far negatives fill up the last four: their loss is 0, and they are in no band.
    for (let k = count; k & 3; k++) store<f32>(scratch + (<usize>k << 2), Infinity);
    memory.fill(shared, 0, padded);
    for (let j = 0; j < b; j++) {
      if (j == i || load<f32>(labels + (<usize>j << 2)) != label) continue;
      const weight = meet(sums, scratch, shared, count, load<f32>(row + (<usize>j << 2)), margin, is_soft, band);
      add_weight(weights, b, i, j, weight);
    }
    for (let k = 0; k < count; k++)
      add_weight(weights, b, i, load<i32>(indices + (<usize>k << 2)), -load<f32>(shared + (<usize>k << 2)));
  }
}

/** One positive against all negatives: adds the slopes to `shared` and returns their sum. */
function meet(
  sums: usize, negatives: usize, shared: usize, count: i32, distance: f32, margin: f32, is_soft: bool, band: bool,
): f32 {
  const positive = f32x4.splat(distance), margins = f32x4.splat(margin), zero = f32x4.splat(0), one = f32x4.splat(1);
  let loss_low = f64x2.splat(0), loss_high = loss_low, far_low = loss_low, far_high = loss_low;
  let considered = i32x4.splat(0), active = considered;
  let slopes = zero;
  for (let rest = count; rest > 0; rest -= 4) {
    const negative = v128.load(negatives);
    const gap = f32x4.sub(negative, positive);
    let inside = f32x4.lt(negative, f32x4.splat(Infinity));
    if (band) inside = v128.and(f32x4.gt(gap, zero), f32x4.le(gap, margins));
    const loss = v128.and(is_soft ? soft(gap) : hinge(gap, margins), inside);
    const counts = f32x4.gt(loss, zero);
    const slope = v128.and(is_soft ? soft_slope(gap) : one, is_soft ? inside : counts);
    const far = v128.and(negative, inside);
    loss_low = f64x2.add(loss_low, low_f64x2(loss));
    loss_high = f64x2.add(loss_high, high_f64x2(loss));
    far_low = f64x2.add(far_low, low_f64x2(far));
    far_high = f64x2.add(far_high, high_f64x2(far));
    considered = i32x4.sub(considered, inside);
    active = i32x4.sub(active, counts);
    slopes = f32x4.add(slopes, slope);
    v128.store(shared, f32x4.add(v128.load(shared), slope));
    negatives += 16; shared += 16;
  }
  const met = total(considered);
  add(sums, LOSS, lane_sum(loss_low, loss_high));
  add(sums, CONSIDERED, met);
  add(sums, ACTIVE, total(active));
  add(sums, POSITIVE, met * <f64>distance);
  add(sums, NEGATIVE, lane_sum(far_low, far_high));
  return (f32x4.extract_lane(slopes, 0) + f32x4.extract_lane(slopes, 1)) + (f32x4.extract_lane(slopes, 2) + f32x4.extract_lane(slopes, 3));
}

// @ts-ignore: decorator
@inline
function total(counts_i32x4: v128): f64 {
  return <f64>(i32x4.extract_lane(counts_i32x4, 0) + i32x4.extract_lane(counts_i32x4, 1) +
    i32x4.extract_lane(counts_i32x4, 2) + i32x4.extract_lane(counts_i32x4, 3));
}
