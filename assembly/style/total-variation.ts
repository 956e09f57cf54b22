// Total variation of x[batch][d][h][w][c]: differences d of each value to the next one along the three axes, channel by
// channel, with nothing behind the last one: there the value is compared with itself and the difference is 0.
//
//   form 0: Σ dx² + dy² + dz²    1: Σ |dx| + |dy| + |dz|    2: Σ (dx² + dy² + dz²)^(exponent / 2)
//
// `crop` leaves out the last places of axes: 1 along w, 2 along h, 4 along d, added up. A run is a row of values whose
// neighbours lie equally far away.

import { high_f64x2, lane_sum, low_f64x2 } from '../simd/f64';
import { pow_f32x4 } from '../math/pow';

const SQUARED: i32 = 0;
const ABSOLUTE: i32 = 1;

/** The sum, in float64. */
export function f32_total_variation(
  x: usize, batch: i32, d: i32, h: i32, w: i32, c: i32, form: i32, exponent: f32, crop: i32,
): f64 {
  assert(batch >= 0 && d > 0 && h > 0 && w > 0 && c > 0 && form >= 0 && form <= 2);
  const step = <usize>c << 2, row = <usize>w * step, slice = <usize>h * row;
  let sum: f64 = 0;
  for (let image = 0; image < batch; image++) {
    for (let z = 0; z < d; z++) {
      for (let y = 0; y < h; y++) {
        const below = y < h - 1 ? row : 0, behind = z < d - 1 ? slice : 0;
        if (!left_out(z, y, d, h, crop)) {
          sum += variation_of_run(x, (w - 1) * c, step, below, behind, form, exponent);
          if (!(crop & 1)) sum += variation_of_run(x + row - step, c, 0, below, behind, form, exponent);
        }
        x += row;
      }
    }
  }
  return sum;
}

/** out = scale times the gradient of that sum, where differences of 0 have none. */
export function f32_total_variation_gradient(
  out: usize, x: usize, batch: i32, d: i32, h: i32, w: i32, c: i32, form: i32, exponent: f32, crop: i32, scale: f32,
): void {
  assert(batch >= 0 && d > 0 && h > 0 && w > 0 && c > 0 && form >= 0 && form <= 2);
  const step = <usize>c << 2, row = <usize>w * step, slice = <usize>h * row;
  const inner = (w - 1) * c;
  memory.fill(out, 0, <usize>(batch * d) * slice);
  for (let image = 0; image < batch; image++) {
    for (let z = 0; z < d; z++) {
      for (let y = 0; y < h; y++) {
        const below = y < h - 1 ? row : 0, behind = z < d - 1 ? slice : 0;
        if (!left_out(z, y, d, h, crop)) {
          const last = row - step;
          gradient_of_run(out, x, inner, step, below, behind, form, exponent, scale);
          if (!(crop & 1)) gradient_of_run(out + last, x + last, c, 0, below, behind, form, exponent, scale);
        }
        x += row; out += row;
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function left_out(z: i32, y: i32, d: i32, h: i32, crop: i32): bool {
  return ((crop & 2) != 0 && y == h - 1) || ((crop & 4) != 0 && z == d - 1);
}

function variation_of_run(
  x: usize, n: i32, right: usize, below: usize, behind: usize, form: i32, exponent: f32,
): f64 {
  let low = f64x2.splat(0), high = low;
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const from = v128.load(x);
    const v = variation(
      f32x4.sub(v128.load(x + right), from), f32x4.sub(v128.load(x + below), from), f32x4.sub(v128.load(x + behind), from),
      form, exponent,
    );
    low = f64x2.add(low, low_f64x2(v));
    high = f64x2.add(high, high_f64x2(v));
    x += 16;
  }
  let sum = lane_sum(low, high);
  for (; i < n; i++) {
    const from = v128.load32_splat(x);
    const v = variation(
      f32x4.sub(v128.load32_splat(x + right), from), f32x4.sub(v128.load32_splat(x + below), from),
      f32x4.sub(v128.load32_splat(x + behind), from), form, exponent,
    );
    sum += <f64>f32x4.extract_lane(v, 0);
    x += 4;
  }
  return sum;
}

function variation(dx_f32x4: v128, dy_f32x4: v128, dz_f32x4: v128, form: i32, exponent: f32): v128 {
  if (form == ABSOLUTE) return f32x4.add(f32x4.add(f32x4.abs(dx_f32x4), f32x4.abs(dy_f32x4)), f32x4.abs(dz_f32x4));
  const square = squares(dx_f32x4, dy_f32x4, dz_f32x4);
  return form == SQUARED ? square : f32x4.mul(square, power_less_2(square, exponent));
}

/** Each place adds its share to its own gradient and to those of its three neighbours. */
function gradient_of_run(
  out: usize, x: usize, n: i32, right: usize, below: usize, behind: usize, form: i32, exponent: f32, scale: f32,
): void {
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const from = v128.load(x);
    const dx = f32x4.sub(v128.load(x + right), from), dy = f32x4.sub(v128.load(x + below), from);
    const dz = f32x4.sub(v128.load(x + behind), from);
    const factor = slope(dx, dy, dz, form, exponent, scale);
    const gx = share(dx, factor, form), gy = share(dy, factor, form), gz = share(dz, factor, form);
    v128.store(out, f32x4.sub(v128.load(out), f32x4.add(f32x4.add(gx, gy), gz)));
    v128.store(out + right, f32x4.add(v128.load(out + right), gx));
    v128.store(out + below, f32x4.add(v128.load(out + below), gy));
    v128.store(out + behind, f32x4.add(v128.load(out + behind), gz));
    x += 16; out += 16;
  }
  for (; i < n; i++) {
    const from = v128.load32_splat(x);
    const dx = f32x4.sub(v128.load32_splat(x + right), from), dy = f32x4.sub(v128.load32_splat(x + below), from);
    const dz = f32x4.sub(v128.load32_splat(x + behind), from);
    const factor = slope(dx, dy, dz, form, exponent, scale);
    const gx = f32x4.extract_lane(share(dx, factor, form), 0), gy = f32x4.extract_lane(share(dy, factor, form), 0);
    const gz = f32x4.extract_lane(share(dz, factor, form), 0);
    store<f32>(out, load<f32>(out) - (gx + gy + gz));
    store<f32>(out + right, load<f32>(out + right) + gx);
    store<f32>(out + below, load<f32>(out + below) + gy);
    store<f32>(out + behind, load<f32>(out + behind) + gz);
    x += 4; out += 4;
  }
}

/** What the differences (form 1: their signs) are multiplied by. */
function slope(dx_f32x4: v128, dy_f32x4: v128, dz_f32x4: v128, form: i32, exponent: f32, scale: f32): v128 {
  if (form == ABSOLUTE) return f32x4.splat(scale);
  if (form == SQUARED) return f32x4.splat(2 * scale);
  return f32x4.mul(f32x4.splat(exponent * scale), power_less_2(squares(dx_f32x4, dy_f32x4, dz_f32x4), exponent));
}

function share(d_f32x4: v128, factor_f32x4: v128, form: i32): v128 {
  if (form != ABSOLUTE) return f32x4.mul(factor_f32x4, d_f32x4);
  const zero = f32x4.splat(0);
  const rises = v128.and(factor_f32x4, f32x4.gt(d_f32x4, zero));
  const falls = v128.and(f32x4.neg(factor_f32x4), f32x4.lt(d_f32x4, zero));
  return v128.or(v128.or(rises, falls), f32x4.ne(d_f32x4, d_f32x4));
}

// @ts-ignore: decorator
@inline
function squares(dx_f32x4: v128, dy_f32x4: v128, dz_f32x4: v128): v128 {
  return f32x4.add(
    f32x4.add(f32x4.mul(dx_f32x4, dx_f32x4), f32x4.mul(dy_f32x4, dy_f32x4)), f32x4.mul(dz_f32x4, dz_f32x4),
  );
}

/** s^(exponent / 2 − 1), and 0 for s = 0: s times it is the value, d times it (and the exponent) the gradient. */
// @ts-ignore: decorator
@inline
function power_less_2(s_f32x4: v128, exponent: f32): v128 {
  const power = pow_f32x4(s_f32x4, f32x4.splat(0.5 * exponent - 1));
  return v128.andnot(power, f32x4.eq(s_f32x4, f32x4.splat(0)));
}
