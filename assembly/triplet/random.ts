import { mix_i32x4 } from '../random/mix';
import { at, take } from './pick';
import { begin } from './sums';

/**
 * Random: for each ordered pair of anchor and positive one of the anchor's m negatives, number ⌊m · h / 2³²⌋ with
 * h = mix(mix(b · anchor + positive) ^ key). Scratch: b indices.
 */
export function f32_triplet_random(
  sums: usize, weights: usize, distances: usize, labels: usize, scratch: usize, b: i32, margin: f32, soft: bool, key: i32,
): void {
  begin(sums, weights, distances, labels, b);
  for (let i = 0; i < b; i++) {
    const label = at(labels, i);
    let negatives = 0;
    for (let j = 0; j < b; j++) {
      if (at(labels, j) == label) continue;
      store<i32>(scratch + (<usize>negatives << 2), j);
      negatives++;
    }
    if (negatives == 0) continue;
    const row = distances + (<usize>(i * b) << 2);
    for (let positive = 0; positive < b; positive++) {
      if (positive == i || at(labels, positive) != label) continue;
      const drawn = <usize>draw(key, i * b + positive, negatives);
      take(sums, weights, row, b, i, positive, load<i32>(scratch + (drawn << 2)), margin, soft);
    }
  }
}

/** A number below `count` for each `index`. */
function draw(key: i32, index: i32, count: i32): u32 {
  const hash = mix_i32x4(v128.xor(mix_i32x4(i32x4.splat(index)), i32x4.splat(key)));
  return <u32>((<u64><u32>i32x4.extract_lane(hash, 0) * <u64>count) >> 32);
}
