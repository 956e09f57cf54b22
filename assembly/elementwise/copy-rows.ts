/** out[i][j] = x[i][j], i < rows, j < n; rows of out `out_row` bytes apart, those of x `x_row`. */
export function f32_copy_rows(out: usize, x: usize, rows: i32, n: i32, out_row: usize, x_row: usize): void {
  assert(rows >= 0 && n >= 0);
  for (let i = 0; i < rows; i++) {
    memory.copy(out, x, <usize>n << 2);
    out += out_row;
    x += x_row;
  }
}
