// ‖a − b‖² with one order of summation, whichever kernel asks: a distance has the same bits alone and among a million.
// In galleries, vectors are padded with zeros to a multiple of eight floats.

/** sum + (x − y)² */
// @ts-ignore: decorator
@inline
function add_square(sum_f32x4: v128, x_f32x4: v128, y_f32x4: v128): v128 {
  const t = f32x4.sub(x_f32x4, y_f32x4);
  return f32x4.add(sum_f32x4, f32x4.mul(t, t));
}

/** (s₀ + s₂) + (s₁ + s₃) */
// @ts-ignore: decorator
@inline
export function sum_lanes(s_f32x4: v128): f32 {
  return (f32x4.extract_lane(s_f32x4, 0) + f32x4.extract_lane(s_f32x4, 2)) +
    (f32x4.extract_lane(s_f32x4, 1) + f32x4.extract_lane(s_f32x4, 3));
}

/** `sum_lanes` of four vectors, one a lane. */
// @ts-ignore: decorator
@inline
export function sum_lanes_4(s0_f32x4: v128, s1_f32x4: v128, s2_f32x4: v128, s3_f32x4: v128): v128 {
  const low = f32x4.add(i32x4.shuffle(s0_f32x4, s1_f32x4, 0, 4, 1, 5), i32x4.shuffle(s0_f32x4, s1_f32x4, 2, 6, 3, 7));
  const high = f32x4.add(i32x4.shuffle(s2_f32x4, s3_f32x4, 0, 4, 1, 5), i32x4.shuffle(s2_f32x4, s3_f32x4, 2, 6, 3, 7));
  return f32x4.add(i64x2.shuffle(low, high, 0, 2), i64x2.shuffle(low, high, 1, 3));
}

/**
 * ‖query − row‖² of four rows, one a lane, d a multiple of 8. Even and odd groups of four floats have a sum each, a and b;
 * the lanes of a + b are added up by `sum_lanes`.
 *
 * The four rows go through one loop, which reads the query once for them. Inlined, so that every stream of the caller has
 * load instructions of its own: processors prefetch by instruction, and through a shared function a search took 45 ns a
 * row instead of 11.
 */
// @ts-ignore: decorator
@inline
export function squared_distances_4(query: usize, row0: usize, row1: usize, row2: usize, row3: usize, d: i32): v128 {
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
  for (const end = query + (<usize>d << 2); query != end; query += 32) {
    let q = v128.load(query);
    a0 = add_square(a0, q, v128.load(row0));
    a1 = add_square(a1, q, v128.load(row1));
    a2 = add_square(a2, q, v128.load(row2));
    a3 = add_square(a3, q, v128.load(row3));
    q = v128.load(query, 16);
    b0 = add_square(b0, q, v128.load(row0, 16));
    b1 = add_square(b1, q, v128.load(row1, 16));
    b2 = add_square(b2, q, v128.load(row2, 16));
    b3 = add_square(b3, q, v128.load(row3, 16));
    row0 += 32; row1 += 32; row2 += 32; row3 += 32;
  }
  return sum_lanes_4(f32x4.add(a0, b0), f32x4.add(a1, b1), f32x4.add(a2, b2), f32x4.add(a3, b3));
}

/** ‖query − row‖², d any number: what lies behind the last group of eight is added one by one. */
export function squared_distance(query: usize, row: usize, d: i32): f32 {
  let a = f32x4.splat(0), b = a;
  let i = 0;
  for (; i + 8 <= d; i += 8) {
    a = add_square(a, v128.load(query), v128.load(row));
    b = add_square(b, v128.load(query, 16), v128.load(row, 16));
    query += 32; row += 32;
  }
  let sum = sum_lanes(f32x4.add(a, b));
  for (; i < d; i++) {
    const t = load<f32>(query) - load<f32>(row);
    sum += t * t;
    query += 4; row += 4;
  }
  return sum;
}

/** ‖row‖² in the same order. */
export function squared_norm(row: usize, d: i32): f32 {
  let a = f32x4.splat(0), b = a;
  let i = 0;
  for (; i + 8 <= d; i += 8) {
    const x = v128.load(row), y = v128.load(row, 16);
    a = f32x4.add(a, f32x4.mul(x, x));
    b = f32x4.add(b, f32x4.mul(y, y));
    row += 32;
  }
  let sum = sum_lanes(f32x4.add(a, b));
  for (; i < d; i++) {
    const t = load<f32>(row);
    sum += t * t;
    row += 4;
  }
  return sum;
}
