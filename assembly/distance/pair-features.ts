import { chi_square_slope, sign } from './pairwise-gradient';
import { chi_square_term } from './pairwise-terms';

// What a head on pairs reads: a feature of each coordinate of two rows. Rows of a and of b are `row` bytes apart, so that
// pairs may stand behind one another, a₀ b₀ a₁ b₁ …

/** |x − y| */
const ABSOLUTE: i32 = 0;
/** (x − y)² / (x + y), 0 where x + y ≤ 0 */
const CHI_SQUARE: i32 = 1;

/** out[i][k] = feature(a[i][k], b[i][k]), n pairs of d floats. `kind`: 0 absolute difference, 1 χ². */
export function f32_pair_features(out: usize, a: usize, b: usize, n: i32, d: i32, row: usize, kind: i32): void {
  assert(n >= 0 && d > 0 && row >= <usize>d << 2 && (kind == ABSOLUTE || kind == CHI_SQUARE));
  for (; n > 0; n--) {
    let k: usize = 0;
    const whole = (<usize>d << 2) & ~15, all = <usize>d << 2;
    for (; k < whole; k += 16) v128.store(out + k, feature(v128.load(a + k), v128.load(b + k), kind));
    for (; k < all; k += 4) v128.store32_lane(out + k, feature(v128.load32_splat(a + k), v128.load32_splat(b + k), kind), 0);
    out += all; a += row; b += row;
  }
}

/** Gradients in both rows, from those in the features; laid out as a and b, left out where the address is 0. */
export function f32_pair_features_backward(
  out_a: usize, out_b: usize, gradient: usize, a: usize, b: usize, n: i32, d: i32, row: usize, kind: i32,
): void {
  assert(n >= 0 && d > 0 && row >= <usize>d << 2 && (kind == ABSOLUTE || kind == CHI_SQUARE));
  for (; n > 0; n--) {
    let k: usize = 0;
    const whole = (<usize>d << 2) & ~15, all = <usize>d << 2;
    for (; k < whole; k += 16) {
      const g = v128.load(gradient + k), x = v128.load(a + k), y = v128.load(b + k);
      if (out_a != 0) v128.store(out_a + k, f32x4.mul(g, slope(x, y, kind)));
      if (out_b != 0) v128.store(out_b + k, f32x4.mul(g, slope(y, x, kind)));
    }
    for (; k < all; k += 4) {
      const g = v128.load32_splat(gradient + k), x = v128.load32_splat(a + k), y = v128.load32_splat(b + k);
      if (out_a != 0) v128.store32_lane(out_a + k, f32x4.mul(g, slope(x, y, kind)), 0);
      if (out_b != 0) v128.store32_lane(out_b + k, f32x4.mul(g, slope(y, x, kind)), 0);
    }
    gradient += all; a += row; b += row;
    if (out_a != 0) out_a += row;
    if (out_b != 0) out_b += row;
  }
}

// @ts-ignore: decorator
@inline
function feature(x_f32x4: v128, y_f32x4: v128, kind: i32): v128 {
  const difference = f32x4.sub(x_f32x4, y_f32x4);
  return kind == ABSOLUTE ? f32x4.abs(difference) : chi_square_term(difference, f32x4.add(x_f32x4, y_f32x4));
}

/** ∂ feature(x, y) / ∂x; both features are symmetric. */
// @ts-ignore: decorator
@inline
function slope(x_f32x4: v128, y_f32x4: v128, kind: i32): v128 {
  const difference = f32x4.sub(x_f32x4, y_f32x4);
  return kind == ABSOLUTE ? sign(difference) : chi_square_slope(difference, f32x4.add(x_f32x4, y_f32x4));
}
