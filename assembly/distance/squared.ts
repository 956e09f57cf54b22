// ‖a − b‖² with one order of summation, whichever kernel asks: a distance has the same bits alone and among a million.
// Vectors are padded with zeros to a multiple of eight floats.

/** sum + (x − y)² */
// @ts-ignore: decorator
@inline
function add_square(sum: v128, x: v128, y: v128): v128 {
  const t = f32x4.sub(x, y);
  return f32x4.add(sum, f32x4.mul(t, t));
}

/**
 * ‖query − row‖² of four rows, one a lane. Even and odd groups of four floats have a sum each, a and b; s = a + b is added
 * up as (s₀ + s₂) + (s₁ + s₃).
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
  a0 = f32x4.add(a0, b0); a1 = f32x4.add(a1, b1); a2 = f32x4.add(a2, b2); a3 = f32x4.add(a3, b3);
  const low = f32x4.add(i32x4.shuffle(a0, a1, 0, 4, 1, 5), i32x4.shuffle(a0, a1, 2, 6, 3, 7));
  const high = f32x4.add(i32x4.shuffle(a2, a3, 0, 4, 1, 5), i32x4.shuffle(a2, a3, 2, 6, 3, 7));
  return f32x4.add(i64x2.shuffle(low, high, 0, 2), i64x2.shuffle(low, high, 1, 3));
}

/** ‖query − row‖². */
export function squared_distance(query: usize, row: usize, d: i32): f32 {
  return f32x4.extract_lane(squared_distances_4(query, row, row, row, row, d), 0);
}
