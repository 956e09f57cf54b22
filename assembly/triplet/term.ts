import { exp_f32x4 } from '../math/exp';

// The loss of a triplet by gap = d(anchor, negative) − d(anchor, positive), and minus its derivative. Hinge:
// max(margin − gap, 0), derivative 0 where it is 0. Soft margin: ln(1 + e^−gap).

// @ts-ignore: decorator
@inline
export function hinge(gap_f32x4: v128, margin_f32x4: v128): v128 {
  return f32x4.pmax(f32x4.sub(margin_f32x4, gap_f32x4), f32x4.splat(0));
}

/** ln(1 + e^−gap) = max(−gap, 0) + ln(1 + t), t = e^−|gap|, at most 2 units in the last place off. */
export function soft(gap_f32x4: v128): v128 {
  const t = exp_f32x4(f32x4.neg(f32x4.abs(gap_f32x4)));
  return f32x4.add(f32x4.pmax(f32x4.neg(gap_f32x4), f32x4.splat(0)), log_1_plus(t));
}

/** 1 / (1 + e^gap), by t = e^−|gap|: neither overflows nor loses the digits of small values. */
export function soft_slope(gap_f32x4: v128): v128 {
  const one = f32x4.splat(1);
  const t = exp_f32x4(f32x4.neg(f32x4.abs(gap_f32x4)));
  const numerator = v128.bitselect(t, one, f32x4.gt(gap_f32x4, f32x4.splat(0)));
  return f32x4.div(numerator, f32x4.add(one, t));
}

/** ln(1 + t) for 0 ≤ t ≤ 1: 2 artanh s with s = t / (2 + t) ≤ 1/3, to s¹⁵/15. */
// @ts-ignore: decorator
@inline
function log_1_plus(t_f32x4: v128): v128 {
  const s = f32x4.div(t_f32x4, f32x4.add(f32x4.splat(2), t_f32x4));
  const z = f32x4.mul(s, s);
  let p = f32x4.splat(1.0 / 15.0);
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(1.0 / 13.0));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(1.0 / 11.0));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(1.0 / 9.0));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(1.0 / 7.0));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(1.0 / 5.0));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(1.0 / 3.0));
  p = f32x4.mul(f32x4.mul(p, z), s);
  return f32x4.add(f32x4.add(s, s), f32x4.add(p, p));
}

/** The loss of one triplet. */
export function triplet_loss(gap: f32, margin: f32, is_soft: bool): f32 {
  const g = f32x4.splat(gap);
  return f32x4.extract_lane(is_soft ? soft(g) : hinge(g, f32x4.splat(margin)), 0);
}

/** Minus its derivative by the gap. */
export function triplet_slope(gap: f32, margin: f32, is_soft: bool): f32 {
  if (is_soft) return f32x4.extract_lane(soft_slope(f32x4.splat(gap)), 0);
  const loss = margin - gap;
  if (loss > 0) return 1;
  return loss <= 0 ? 0 : loss;
}
