/** out[i][j] = scale · (x[i][j] + x[j][i]), i, j < c: what a Gram matrix's gradient multiplies the features by. */
export function f32_symmetrize(out: usize, x: usize, c: i32, scale: f32): void {
  assert(c >= 0);
  const row = <usize>c << 2;
  for (let i = 0; i < c; i++) {
    let across = x + <usize>i * row, down = x + (<usize>i << 2);
    for (let j = 0; j < c; j++) {
      store<f32>(out, scale * (load<f32>(across) + load<f32>(down)));
      out += 4; across += 4; down += row;
    }
  }
}
