import { high_f64x2, lane_sum, low_f64x2 } from '../simd/f64';

// What the kernels of triplets add up, in float64: eight numbers at `sums`. Distances and labels are dense, b × b and b;
// the weight of a pair (i, j) is ∂Σ loss / ∂ distance[i][j], at weights + 4 (b·i + j), or nowhere where `weights` is 0.

/** Σ loss over triplets. */
export const LOSS: usize = 0;
/** Triplets considered. */
export const CONSIDERED: usize = 8;
/** Those of them whose loss is above 0. */
export const ACTIVE: usize = 16;
/** Σ of their distances from anchor to positive, and to negative. */
export const POSITIVE: usize = 24;
export const NEGATIVE: usize = 32;
/** Ordered pairs of two rows with one label. */
export const PAIRS: usize = 40;
/** Σ distance over all ordered pairs of two rows; not finite where any distance is not. */
export const SPREAD: usize = 48;
/** 1 where some anchor has both a positive and a negative. */
export const VALID: usize = 56;

// @ts-ignore: decorator
@inline
export function add(sums: usize, entry: usize, value: f64): void {
  store<f64>(sums + entry, load<f64>(sums + entry) + value);
}

// @ts-ignore: decorator
@inline
export function add_weight(weights: usize, b: i32, i: i32, j: i32, value: f32): void {
  if (weights == 0) return;
  const at = weights + (<usize>(i * b + j) << 2);
  store<f32>(at, load<f32>(at) + value);
}

/** Sets the sums and weights to 0, and adds up what depends on labels and distances alone. */
export function begin(sums: usize, weights: usize, distances: usize, labels: usize, b: i32): void {
  assert(sums % 8 == 0 && b > 0 && b < 32768);
  memory.fill(sums, 0, 64);
  if (weights != 0) memory.fill(weights, 0, <usize>(b * b) << 2);
  let spread: f64 = 0;
  let pairs = 0, valid = false;
  for (let i = 0; i < b; i++) {
    const label = load<f32>(labels + (<usize>i << 2)), label_f32x4 = f32x4.splat(label);
    let low = f64x2.splat(0), high = low;
    let equal = i32x4.splat(0);
    let other = labels, j = 0;
    for (; j + 4 <= b; j += 4) {
      const distance = v128.load(distances);
      low = f64x2.add(low, low_f64x2(distance));
      high = f64x2.add(high, high_f64x2(distance));
      equal = i32x4.sub(equal, f32x4.eq(v128.load(other), label_f32x4));
      distances += 16; other += 16;
    }
    let sum = lane_sum(low, high);
    let same = i32x4.extract_lane(equal, 0) + i32x4.extract_lane(equal, 1) + i32x4.extract_lane(equal, 2) + i32x4.extract_lane(equal, 3);
    for (; j < b; j++) {
      sum += load<f32>(distances);
      if (load<f32>(other) == label) same++;
      distances += 4; other += 4;
    }
    spread += sum;
    pairs += same - 1;
    if (same > 1 && same < b) valid = true;
  }
  store<f64>(sums, <f64>pairs, PAIRS);
  store<f64>(sums, spread, SPREAD);
  store<f64>(sums, valid ? 1 : 0, VALID);
}
