/**
 * out[b][c] = mean of in[b][y][x][c] over y and x. Each row is summed from left to right, then the rows from top to
 * bottom: short sums lose less than one long one.
 */
export function f32_global_average_pool(out: usize, input: usize, batch: i32, h: i32, w: i32, c: i32): void {
  assert(batch >= 0 && h > 0 && w > 0 && c > 0);
  const pixel = <usize>c << 2;
  const cells = <f32>h * <f32>w;
  const n = f32x4.splat(cells);
  for (let b = 0; b < batch; b++) {
    let channel = 0;
    for (; channel + 4 <= c; channel += 4) {
      let p = input + (<usize>channel << 2), sum = f32x4.splat(0);
      for (let y = 0; y < h; y++) {
        let of_row = f32x4.splat(0);
        for (let x = 0; x < w; x++) {
          of_row = f32x4.add(of_row, v128.load(p));
          p += pixel;
        }
        sum = f32x4.add(sum, of_row);
      }
      v128.store(out, f32x4.div(sum, n));
      out += 16;
    }
    for (; channel < c; channel++) {
      let p = input + (<usize>channel << 2), sum: f32 = 0;
      for (let y = 0; y < h; y++) {
        let of_row: f32 = 0;
        for (let x = 0; x < w; x++) {
          of_row += load<f32>(p);
          p += pixel;
        }
        sum += of_row;
      }
      store<f32>(out, sum / cells);
      out += 4;
    }
    input += <usize>(h * w) * pixel;
  }
}
