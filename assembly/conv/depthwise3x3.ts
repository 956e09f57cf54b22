import { activate } from '../simd/epilogue';

// A row of outputs of a 3 × 3 depthwise convolution, four channels at a time. The window slides along the row with its taps in
// registers: each cell of the input is loaded once and goes into every sum that it belongs to. Sums run over (kx, ky).
// The first window may lack its first column and the last one its last; `rows` of the three rows lie inside the input, and
// `taps` is the first of theirs, in groups of 4 channels × 9 taps.

/**
 * `outputs` neighbours of a row in steps of 1 or 2 columns. `from` is the first column inside the input, `whole_left` and `whole_right`
 * say whether the first and the last window are whole.
 */
export function depthwise_row(
  out: usize, from: usize, taps: usize, bias: usize, stride: i32, rows: i32, outputs: i32, whole_left: bool, whole_right: bool,
  c: i32, step_y: usize, pixel: usize, slope: f32, lo: f32, hi: f32,
): void {
  const bare = slope == 1 && lo == -Infinity && hi == Infinity;
  if (stride == 1) {
    if (rows == 2) slide(2, false, out, from, taps, bias, outputs, whole_left, whole_right, c, step_y, pixel, slope, lo, hi);
    else if (bare) slide(3, true, out, from, taps, bias, outputs, whole_left, whole_right, c, step_y, pixel, slope, lo, hi);
    else slide(3, false, out, from, taps, bias, outputs, whole_left, whole_right, c, step_y, pixel, slope, lo, hi);
  } else {
    if (rows == 2) stride2(2, false, out, from, taps, bias, outputs, whole_left, whole_right, c, step_y, pixel, slope, lo, hi);
    else if (bare) stride2(3, true, out, from, taps, bias, outputs, whole_left, whole_right, c, step_y, pixel, slope, lo, hi);
    else stride2(3, false, out, from, taps, bias, outputs, whole_left, whole_right, c, step_y, pixel, slope, lo, hi);
  }
}

/** sum + Σ x_ky · t_ky over the rows. */
// @ts-ignore: decorator
@inline
function add_column(rows: i32, sum: v128, x0: v128, x1: v128, x2: v128, t0: v128, t1: v128, t2: v128): v128 {
  const two = f32x4.add(f32x4.add(sum, f32x4.mul(x0, t0)), f32x4.mul(x1, t1));
  return rows == 3 ? f32x4.add(two, f32x4.mul(x2, t2)) : two;
}

/** The same without a sum before. */
// @ts-ignore: decorator
@inline
function first_column(rows: i32, x0: v128, x1: v128, x2: v128, t0: v128, t1: v128, t2: v128): v128 {
  const two = f32x4.add(f32x4.mul(x0, t0), f32x4.mul(x1, t1));
  return rows == 3 ? f32x4.add(two, f32x4.mul(x2, t2)) : two;
}

// @ts-ignore: decorator
@inline
function finish(bare: bool, sum: v128, bias: usize, s: v128, l: v128, u: v128): v128 {
  const biased = f32x4.add(sum, v128.load(bias));
  return bare ? biased : activate(biased, s, l, u);
}

/** In steps of 1. The last step stands behind the loop, or V8 moves `next` there and spills what it is made of. */
// @ts-ignore: decorator
@inline
function slide(
  rows: i32, bare: bool, out: usize, from: usize, taps: usize, bias: usize, outputs: i32, whole_left: bool, whole_right: bool,
  c: i32, step_y: usize, pixel: usize, slope: f32, lo: f32, hi: f32,
): void {
  const s = f32x4.splat(slope), l = f32x4.splat(lo), u = f32x4.splat(hi);
  const below = rows == 3 ? step_y << 1 : step_y, t2 = rows == 3 ? 96 : 48;
  for (; c > 0; c -= 4) {
    const t00 = v128.load(taps), t01 = v128.load(taps, 16), t02 = v128.load(taps, 32);
    const t10 = v128.load(taps, 48), t11 = v128.load(taps, 64), t12 = v128.load(taps, 80);
    const t20 = v128.load(taps + t2), t21 = v128.load(taps + t2, 16), t22 = v128.load(taps + t2, 32);
    let p0 = from, p1 = from + step_y, p2 = from + below, to = out;
    let x0 = v128.load(p0), x1 = v128.load(p1), x2 = v128.load(p2);
    let last = f32x4.splat(-0.0);
    if (whole_left) {
      last = first_column(rows, x0, x1, x2, t00, t10, t20);
      p0 += pixel; p1 += pixel; p2 += pixel;
      x0 = v128.load(p0); x1 = v128.load(p1); x2 = v128.load(p2);
    }
    let sum = add_column(rows, last, x0, x1, x2, t01, t11, t21);
    let next = first_column(rows, x0, x1, x2, t00, t10, t20);
    let x = whole_right ? outputs : outputs - 1;
    for (; x > 1; x--) {
      p0 += pixel; p1 += pixel; p2 += pixel;
      x0 = v128.load(p0); x1 = v128.load(p1); x2 = v128.load(p2);
      sum = add_column(rows, sum, x0, x1, x2, t02, t12, t22);
      v128.store(to, finish(bare, sum, bias, s, l, u));
      to += pixel;
      sum = add_column(rows, next, x0, x1, x2, t01, t11, t21);
      next = first_column(rows, x0, x1, x2, t00, t10, t20);
    }
    if (x > 0) {
      x0 = v128.load(p0 + pixel); x1 = v128.load(p1 + pixel); x2 = v128.load(p2 + pixel);
      sum = add_column(rows, sum, x0, x1, x2, t02, t12, t22);
      v128.store(to, finish(bare, sum, bias, s, l, u));
      to += pixel;
      sum = add_column(rows, next, x0, x1, x2, t01, t11, t21);
    }
    if (!whole_right) v128.store(to, finish(bare, sum, bias, s, l, u));
    out += 16; from += 16; bias += 16; taps += 144;
  }
}

/** In steps of 2: the last column of a window is the first of the next. */
// @ts-ignore: decorator
@inline
function stride2(
  rows: i32, bare: bool, out: usize, from: usize, taps: usize, bias: usize, outputs: i32, whole_left: bool, whole_right: bool,
  c: i32, step_y: usize, pixel: usize, slope: f32, lo: f32, hi: f32,
): void {
  const s = f32x4.splat(slope), l = f32x4.splat(lo), u = f32x4.splat(hi);
  const below = rows == 3 ? step_y << 1 : step_y, t2 = rows == 3 ? 96 : 48;
  for (; c > 0; c -= 4) {
    const t00 = v128.load(taps), t01 = v128.load(taps, 16), t02 = v128.load(taps, 32);
    const t10 = v128.load(taps, 48), t11 = v128.load(taps, 64), t12 = v128.load(taps, 80);
    const t20 = v128.load(taps + t2), t21 = v128.load(taps + t2, 16), t22 = v128.load(taps + t2, 32);
    let p0 = from, p1 = from + step_y, p2 = from + below, to = out;
    let sum = f32x4.splat(-0.0);
    if (whole_left) {
      sum = first_column(rows, v128.load(p0), v128.load(p1), v128.load(p2), t00, t10, t20);
      p0 += pixel; p1 += pixel; p2 += pixel;
    }
    for (let x = whole_right ? outputs : outputs - 1; x > 0; x--) {
      sum = add_column(rows, sum, v128.load(p0), v128.load(p1), v128.load(p2), t01, t11, t21);
      p0 += pixel; p1 += pixel; p2 += pixel;
      const x0 = v128.load(p0), x1 = v128.load(p1), x2 = v128.load(p2);
      sum = add_column(rows, sum, x0, x1, x2, t02, t12, t22);
      v128.store(to, finish(bare, sum, bias, s, l, u));
      to += pixel;
      sum = first_column(rows, x0, x1, x2, t00, t10, t20);
      p0 += pixel; p1 += pixel; p2 += pixel;
    }
    if (!whole_right) {
      sum = add_column(rows, sum, v128.load(p0), v128.load(p1), v128.load(p2), t01, t11, t21);
      v128.store(to, finish(bare, sum, bias, s, l, u));
    }
    out += 16; from += 16; bias += 16; taps += 144;
  }
}
