import { heap_limit, heap_offer } from './heap';
import { squared_distance } from './squared';

// A gallery of int8 codes is read in a quarter of the time that its floats take. With x ≈ s·c and what that loses of
// either vector, e = ‖x − s·c‖ + ‖y − s′·c′‖, the triangle inequality gives ‖s·c − s′·c′‖ ≤ ‖x − y‖ + e. So a row whose
// codes are further away than the k-th distance so far plus e cannot be among the nearest; every other row is measured by
// `squared_distance`. The result is that of f32_nearest, to the bit.

/**
 * f32_nearest over rows that are coded as well (i8_quantize): row i has `coded` codes, a multiple of 32, at
 * codes + coded · i, and two terms at terms + 8i. The query comes as d floats and as as many int16 codes with their scale
 * and norm (i16_quantize), so small that no sum of products leaves int32; `lost` is at least what coding lost of the query
 * and of any row.
 *
 * Two rows that follow one another from each quarter of the gallery are read in turn: out of cache, 5.4 ns a row of 128
 * codes, where one stream takes 6.2 and eight take 7.3.
 */
export function i8_nearest(
  heap: usize, entries: i32, query: usize, query_codes: usize, codes: usize, terms: usize, gallery: usize,
  n: i32, d: i32, coded: i32, k: i32, row: usize, first: i32, scale: f32, norm: f32, lost: f32,
): i32 {
  assert(n >= 0 && d >= 0 && d % 8 == 0 && row >= <usize>d << 2 && coded % 32 == 0 && coded >= d);
  assert(k > 0 && entries >= 0 && entries <= k && first >= 0);
  const quarter = (n >> 3) << 1;
  const step = <usize>coded, away = <usize>quarter * step, terms_away = <usize>quarter << 3;
  const factor = f32x4.splat(-2 * scale), query_norm = f32x4.splat(norm);
  let limit = f32x4.splat(coded_limit(heap, k, entries, d, lost));
  let nan = false;
  for (let i = 0; i < quarter; i += 2) {
    const a = codes, b = a + away, c = b + away, e = c + away;
    const near = bounds_4(
      dots_4(query_codes, a, a + step, b, b + step, coded), terms, terms_away, factor, query_norm,
    );
    const far = bounds_4(
      dots_4(query_codes, c, c + step, e, e + step, coded), terms + 2 * terms_away, terms_away, factor, query_norm,
    );
    const kept = i32x4.bitmask(f32x4.gt(near, limit)) | (i32x4.bitmask(f32x4.gt(far, limit)) << 4);
    for (let rest = kept ^ 255; rest != 0; rest &= rest - 1) {
      const lane = ctz(rest), index = i + (lane & 1) + (lane >> 1) * quarter;
      const distance = squared_distance(query, gallery + <usize>index * row, d);
      if (distance == distance) entries = heap_offer(heap, k, entries, distance, first + index);
      else nan = true;
    }
    if (kept != 255) limit = f32x4.splat(coded_limit(heap, k, entries, d, lost));
    codes += 2 * step; terms += 16;
  }
  for (let index = 4 * quarter; index < n; index++) {
    const distance = squared_distance(query, gallery + <usize>index * row, d);
    if (distance == distance) entries = heap_offer(heap, k, entries, distance, first + index);
    else nan = true;
  }
  return nan ? -1 : entries;
}

/** The squared distance between codes above which a row is ruled out, rounded up. */
function coded_limit(heap: usize, k: i32, entries: i32, d: i32, lost: f32): f32 {
  // squared_distance adds up d/8 + 3 terms a lane: it may come out smaller than the true sum by so many roundings.
  const rounding = 1 + <f64>(d + 64) * 6e-8;
  const reach = sqrt(<f64>heap_limit(heap, k, entries) * rounding) + <f64>lost;
  return <f32>(reach * reach * (1 + 1e-6));
}

/**
 * Lower bounds of the squared distances between the query's codes and those of two rows and two others, whose terms are at
 * `terms` and `away` behind.
 */
// @ts-ignore: decorator
@inline
function bounds_4(dots_i32x4: v128, terms: usize, away: usize, factor_f32x4: v128, norm_f32x4: v128): v128 {
  const low = v128.load(terms), high = v128.load(terms + away);
  const scales = v128.shuffle<i32>(low, high, 0, 2, 4, 6), norms = v128.shuffle<i32>(low, high, 1, 3, 5, 7);
  const products = f32x4.mul(f32x4.mul(scales, factor_f32x4), f32x4.convert_i32x4_s(dots_i32x4));
  return f32x4.add(f32x4.add(norms, norm_f32x4), products);
}

/** Products of int16 codes with the int8 codes of four rows, 32 codes a turn. */
// @ts-ignore: decorator
@inline
function dots_4(query: usize, row0: usize, row1: usize, row2: usize, row3: usize, d: i32): v128 {
  let a0 = i32x4.splat(0), a1 = a0, a2 = a0, a3 = a0;
  for (const end = row0 + <usize>d; row0 != end; row0 += 32) {
    const q0 = v128.load(query), q1 = v128.load(query, 16), q2 = v128.load(query, 32), q3 = v128.load(query, 48);
    a0 = add_products(a0, q0, q1, q2, q3, row0);
    a1 = add_products(a1, q0, q1, q2, q3, row1);
    a2 = add_products(a2, q0, q1, q2, q3, row2);
    a3 = add_products(a3, q0, q1, q2, q3, row3);
    query += 64; row1 += 32; row2 += 32; row3 += 32;
  }
  const low = i32x4.add(i32x4.shuffle(a0, a1, 0, 4, 1, 5), i32x4.shuffle(a0, a1, 2, 6, 3, 7));
  const high = i32x4.add(i32x4.shuffle(a2, a3, 0, 4, 1, 5), i32x4.shuffle(a2, a3, 2, 6, 3, 7));
  return i32x4.add(i64x2.shuffle(low, high, 0, 2), i64x2.shuffle(low, high, 1, 3));
}

// @ts-ignore: decorator
@inline
function add_products(sum_i32x4: v128, q0_i16x8: v128, q1_i16x8: v128, q2_i16x8: v128, q3_i16x8: v128, row: usize): v128 {
  let sum = i32x4.add(sum_i32x4, i32x4.dot_i16x8_s(q0_i16x8, v128.load8x8_s(row)));
  sum = i32x4.add(sum, i32x4.dot_i16x8_s(q1_i16x8, v128.load8x8_s(row, 8)));
  sum = i32x4.add(sum, i32x4.dot_i16x8_s(q2_i16x8, v128.load8x8_s(row, 16)));
  return i32x4.add(sum, i32x4.dot_i16x8_s(q3_i16x8, v128.load8x8_s(row, 24)));
}
