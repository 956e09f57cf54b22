import { sum_lanes_4 } from './squared';

// Distances that are sums of a term of each coordinate and no product of matrices. Four rows of b go through one loop,
// which reads the row of a once for them.

/** |x − y| */
const MANHATTAN: i32 = 0;
/** (x − y)² / (x + y), 0 where x + y ≤ 0 */
const CHI_SQUARE: i32 = 1;

/** out[i][j] = Σ_k term(a[i][k], b[j][k]): m and n dense rows of d floats. `metric`: 0 Manhattan, 1 χ². */
export function f32_pairwise_terms(out: usize, a: usize, b: usize, m: i32, n: i32, d: i32, metric: i32): void {
  assert(m >= 0 && n >= 0 && d > 0);
  if (metric == MANHATTAN) all_pairs(out, a, b, m, n, d, MANHATTAN);
  else all_pairs(out, a, b, m, n, d, CHI_SQUARE);
}

// @ts-ignore: decorator
@inline
function all_pairs(out: usize, a: usize, b: usize, m: i32, n: i32, d: i32, metric: i32): void {
  const row = <usize>d << 2;
  for (let i = 0; i < m; i++) {
    let other = b, j = 0;
    for (; j + 4 <= n; j += 4) {
      v128.store(out, terms_4(a, other, other + row, other + 2 * row, other + 3 * row, d, metric));
      out += 16; other += 4 * row;
    }
    for (; j < n; j++) {
      store<f32>(out, f32x4.extract_lane(terms_4(a, other, other, other, other, d, metric), 0));
      out += 4; other += row;
    }
    a += row;
  }
}

// @ts-ignore: decorator
@inline
function terms_4(a: usize, b0: usize, b1: usize, b2: usize, b3: usize, d: i32, metric: i32): v128 {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  let k = 0;
  for (; k + 4 <= d; k += 4) {
    const x = v128.load(a);
    s0 = f32x4.add(s0, term(x, v128.load(b0), metric));
    s1 = f32x4.add(s1, term(x, v128.load(b1), metric));
    s2 = f32x4.add(s2, term(x, v128.load(b2), metric));
    s3 = f32x4.add(s3, term(x, v128.load(b3), metric));
    a += 16; b0 += 16; b1 += 16; b2 += 16; b3 += 16;
  }
  let sum = sum_lanes_4(s0, s1, s2, s3);
  for (; k < d; k++) {
    const y = v128.load32_lane(b3, v128.load32_lane(b2, v128.load32_lane(b1, v128.load32_splat(b0), 1), 2), 3);
    sum = f32x4.add(sum, term(v128.load32_splat(a), y, metric));
    a += 4; b0 += 4; b1 += 4; b2 += 4; b3 += 4;
  }
  return sum;
}

// @ts-ignore: decorator
@inline
function term(x_f32x4: v128, y_f32x4: v128, metric: i32): v128 {
  const difference = f32x4.sub(x_f32x4, y_f32x4);
  if (metric == MANHATTAN) return f32x4.abs(difference);
  return chi_square_term(difference, f32x4.add(x_f32x4, y_f32x4));
}

/** difference² / sum, 0 where the sum is 0 or less. Divided first: the square of a small difference would vanish. */
// @ts-ignore: decorator
@inline
export function chi_square_term(difference_f32x4: v128, sum_f32x4: v128): v128 {
  const quotient = f32x4.mul(difference_f32x4, f32x4.div(difference_f32x4, sum_f32x4));
  return v128.andnot(quotient, f32x4.le(sum_f32x4, f32x4.splat(0)));
}
