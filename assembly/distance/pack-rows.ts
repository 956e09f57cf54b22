/**
 * Packs factor · rows[n][d] (dense) into panels of eight rows, [⌈n/8⌉][d][8], rows that are missing as zeros: the right
 * side of a product of rows with rows, in the order in which the 4 × 8 micro-kernel reads.
 */
export function pack_rows(panels: usize, rows: usize, n: i32, d: i32, factor: f32): void {
  assert(panels % 16 == 0 && n >= 0 && d > 0);
  const row = <usize>d << 2;
  const factor_f32x4 = f32x4.splat(factor);
  for (let first = 0; first < n; first += 8) {
    if (first + 8 <= n) {
      let from = rows, to = panels, k = 0;
      for (; k + 4 <= d; k += 4) {
        pack_4x4(to, from, row, factor_f32x4);
        pack_4x4(to + 16, from + 4 * row, row, factor_f32x4);
        from += 16; to += 128;
      }
      for (; k < d; k++) {
        for (let r = 0; r < 8; r++) store<f32>(to + (<usize>r << 2), factor * load<f32>(from + <usize>r * row));
        from += 4; to += 32;
      }
    } else {
      memory.fill(panels, 0, <usize>d << 5);
      for (let r = 0; r < n - first; r++) {
        const from = rows + <usize>r * row, to = panels + (<usize>r << 2);
        for (let k = 0; k < d; k++) store<f32>(to + (<usize>k << 5), factor * load<f32>(from + (<usize>k << 2)));
      }
    }
    rows += 8 * row;
    panels += <usize>d << 5;
  }
}

/** Four floats of four rows, transposed, to four places 32 bytes apart. */
// @ts-ignore: decorator
@inline
function pack_4x4(to: usize, from: usize, row: usize, factor_f32x4: v128): void {
  const r0 = v128.load(from), r1 = v128.load(from + row), r2 = v128.load(from + 2 * row), r3 = v128.load(from + 3 * row);
  const a0 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5), a1 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
  const b0 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5), b1 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, f32x4.mul(v128.shuffle<i64>(a0, b0, 0, 2), factor_f32x4));
  v128.store(to, f32x4.mul(v128.shuffle<i64>(a0, b0, 1, 3), factor_f32x4), 32);
  v128.store(to, f32x4.mul(v128.shuffle<i64>(a1, b1, 0, 2), factor_f32x4), 64);
  v128.store(to, f32x4.mul(v128.shuffle<i64>(a1, b1, 1, 3), factor_f32x4), 96);
}
