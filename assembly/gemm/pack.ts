/**
 * Packs b[k][n] (row stride `b_row` bytes) into panels of eight columns, [⌈n/8⌉][k][8], the last one filled up with
 * zeros: the order in which the 4 × 8 micro-kernel reads.
 */
export function f32_gemm_pack(panels: usize, b: usize, k: i32, n: i32, b_row: usize): void {
  assert(panels % 16 == 0);
  for (let column = 0; column < n; column += 8) {
    let row = b + (<usize>column << 2);
    const columns = min(8, n - column);
    for (let i = 0; i < k; i++) {
      if (columns == 8) {
        v128.store(panels, v128.load(row));
        v128.store(panels, v128.load(row, 16), 16);
      } else {
        memory.fill(panels, 0, 32);
        memory.copy(panels, row, <usize>columns << 2);
      }
      row += b_row;
      panels += 32;
    }
  }
}
