// Gradients of distances, from differences: a pair that coincides has none, whatever is far from it.

/** x − y, for squared Euclidean and Euclidean: what else there is to them is in the weights. */
const DIFFERENCE: i32 = 0;
/** Sign of x − y, 0 where they are equal: Manhattan. */
const SIGN: i32 = 1;
/** 2r − r² with r = (x − y) / (x + y), 0 where x + y ≤ 0: χ². */
const CHI_SQUARE: i32 = 2;
/** x − y, and pairs whose weight is 0 are passed over, whatever they hold. */
const SPARSE: i32 = 3;
/** x − y − distance · x: what of x − y stands upright on x, both being unit vectors or zero. */
const COSINE: i32 = 4;

/**
 * out[i] = scale · Σ_j w[i][j] · slope(a[i], b[j]): m and n dense rows of d floats; w[i][j] is at
 * weights + i · weight_row + j · weight_step, and for the cosine the distance at as many bytes behind `distances`.
 */
export function f32_pairwise_gradient(
  out: usize, a: usize, b: usize, weights: usize, distances: usize, m: i32, n: i32, d: i32,
  weight_row: usize, weight_step: usize, kind: i32, scale: f32,
): void {
  assert(m >= 0 && n >= 0 && d > 0 && kind >= DIFFERENCE && kind <= COSINE);
  const row = <usize>d << 2;
  for (let i = 0; i < m; i++) {
    if (kind == DIFFERENCE) gradient_row(out, a, b, weights, distances, n, d, weight_step, DIFFERENCE, scale);
    else if (kind == SIGN) gradient_row(out, a, b, weights, distances, n, d, weight_step, SIGN, scale);
    else if (kind == CHI_SQUARE) gradient_row(out, a, b, weights, distances, n, d, weight_step, CHI_SQUARE, scale);
    else if (kind == SPARSE) sparse_gradient_row(out, a, b, weights, n, d, weight_step, scale);
    else gradient_row(out, a, b, weights, distances, n, d, weight_step, COSINE, scale);
    out += row; a += row; weights += weight_row; distances += weight_row;
  }
}

/** Sixteen coordinates at a time stay in registers while all rows of b pass. */
// @ts-ignore: decorator
@inline
function gradient_row(
  out: usize, a: usize, b: usize, weights: usize, distances: usize, n: i32, d: i32, weight_step: usize, kind: i32, scale: f32,
): void {
  const row = <usize>d << 2;
  const s = f32x4.splat(scale);
  let k = 0;
  for (; k + 16 <= d; k += 16) {
    const x0 = v128.load(a), x1 = v128.load(a, 16), x2 = v128.load(a, 32), x3 = v128.load(a, 48);
    let g0 = f32x4.splat(0), g1 = g0, g2 = g0, g3 = g0;
    let other = b, weight = weights, distance = distances;
    for (let j = n; j > 0; j--) {
      const w = v128.load32_splat(weight), t = kind == COSINE ? v128.load32_splat(distance) : w;
      g0 = f32x4.add(g0, f32x4.mul(w, slope(x0, v128.load(other), t, kind)));
      g1 = f32x4.add(g1, f32x4.mul(w, slope(x1, v128.load(other, 16), t, kind)));
      g2 = f32x4.add(g2, f32x4.mul(w, slope(x2, v128.load(other, 32), t, kind)));
      g3 = f32x4.add(g3, f32x4.mul(w, slope(x3, v128.load(other, 48), t, kind)));
      other += row; weight += weight_step;
      if (kind == COSINE) distance += weight_step;
    }
    v128.store(out, f32x4.mul(g0, s)); v128.store(out, f32x4.mul(g1, s), 16);
    v128.store(out, f32x4.mul(g2, s), 32); v128.store(out, f32x4.mul(g3, s), 48);
    out += 64; a += 64; b += 64;
  }
  for (; k < d; k++) {
    const x = v128.load32_splat(a);
    let g = f32x4.splat(0);
    let other = b, weight = weights, distance = distances;
    for (let j = n; j > 0; j--) {
      const w = v128.load32_splat(weight), t = kind == COSINE ? v128.load32_splat(distance) : w;
      g = f32x4.add(g, f32x4.mul(w, slope(x, v128.load32_splat(other), t, kind)));
      other += row; weight += weight_step;
      if (kind == COSINE) distance += weight_step;
    }
    v128.store32_lane(out, f32x4.mul(g, s), 0);
    out += 4; a += 4; b += 4;
  }
}

/** Pair by pair, for where few have a weight. */
function sparse_gradient_row(out: usize, a: usize, b: usize, weights: usize, n: i32, d: i32, weight_step: usize, scale: f32): void {
  const row = <usize>d << 2, whole = row & ~15;
  memory.fill(out, 0, row);
  for (; n > 0; n--) {
    const weight = scale * load<f32>(weights);
    if (weight != 0) {
      const w = f32x4.splat(weight);
      let k: usize = 0;
      for (; k < whole; k += 16) {
        const difference = f32x4.sub(v128.load(a + k), v128.load(b + k));
        v128.store(out + k, f32x4.add(v128.load(out + k), f32x4.mul(w, difference)));
      }
      for (; k < row; k += 4)
        store<f32>(out + k, load<f32>(out + k) + weight * (load<f32>(a + k) - load<f32>(b + k)));
    }
    b += row; weights += weight_step;
  }
}

// @ts-ignore: decorator
@inline
function slope(x_f32x4: v128, y_f32x4: v128, distance_f32x4: v128, kind: i32): v128 {
  const difference = f32x4.sub(x_f32x4, y_f32x4);
  if (kind == SIGN) return sign(difference);
  if (kind == CHI_SQUARE) return chi_square_slope(difference, f32x4.add(x_f32x4, y_f32x4));
  if (kind == COSINE) return f32x4.sub(difference, f32x4.mul(distance_f32x4, x_f32x4));
  return difference;
}

/** 1, −1 or 0; NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function sign(x_f32x4: v128): v128 {
  // Twice 2¹²⁷ makes more than 1 of the smallest subnormal number.
  const huge = f32x4.splat(1.7014118e38), one = f32x4.splat(1);
  const far = f32x4.mul(f32x4.mul(x_f32x4, huge), huge);
  return f32x4.pmin(f32x4.pmax(far, f32x4.neg(one)), one);
}

/** ∂/∂x of (x − y)² / (x + y), 0 where x + y ≤ 0. */
// @ts-ignore: decorator
@inline
export function chi_square_slope(difference_f32x4: v128, sum_f32x4: v128): v128 {
  const ratio = f32x4.div(difference_f32x4, sum_f32x4);
  const slope = f32x4.sub(f32x4.add(ratio, ratio), f32x4.mul(ratio, ratio));
  return v128.andnot(slope, f32x4.le(sum_f32x4, f32x4.splat(0)));
}
