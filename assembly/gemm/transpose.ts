/** out[j][i] = x[i][j], m rows of n; rows of x `x_row` bytes apart, those of out dense. */
export function f32_transpose(out: usize, x: usize, m: i32, n: i32, x_row: usize): void {
  assert(m >= 0 && n >= 0);
  const out_row = <usize>m << 2;
  const whole_m = m & ~3, whole_n = n & ~3;
  for (let i = 0; i < whole_m; i += 4) {
    for (let j = 0; j < whole_n; j += 4) {
      const from = x + <usize>i * x_row + (<usize>j << 2);
      const r0 = v128.load(from), r1 = v128.load(from + x_row), r2 = v128.load(from + 2 * x_row), r3 = v128.load(from + 3 * x_row);
      const a0 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5), a1 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
      const b0 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5), b1 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
      const to = out + <usize>j * out_row + (<usize>i << 2);
      v128.store(to, v128.shuffle<i64>(a0, b0, 0, 2));
      v128.store(to + out_row, v128.shuffle<i64>(a0, b0, 1, 3));
      v128.store(to + 2 * out_row, v128.shuffle<i64>(a1, b1, 0, 2));
      v128.store(to + 3 * out_row, v128.shuffle<i64>(a1, b1, 1, 3));
    }
  }
  for (let i = 0; i < m; i++) {
    for (let j = i < whole_m ? whole_n : 0; j < n; j++)
      store<f32>(out + <usize>j * out_row + (<usize>i << 2), load<f32>(x + <usize>i * x_row + (<usize>j << 2)));
  }
}

/** Filters [taps][c][n] of a convolution as those of its gradient in the input: out[taps − 1 − t][n][c]. */
export function f32_filters_flip(out: usize, filters: usize, taps: i32, c: i32, n: i32): void {
  const bytes = <usize>(c * n) << 2;
  out += <usize>taps * bytes;
  for (let t = 0; t < taps; t++) {
    out -= bytes;
    f32_transpose(out, filters, c, n, <usize>n << 2);
    filters += bytes;
  }
}
