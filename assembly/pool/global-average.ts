/**
 * out[b][c] = mean of in[b][i][c] over i < cells. Runs of `run` cells are summed in order, then their sums: short sums lose
 * less than one long one.
 */
export function f32_global_average_pool(out: usize, input: usize, batch: i32, cells: i32, run: i32, c: i32): void {
  assert(batch >= 0 && cells > 0 && run > 0 && c > 0);
  const pixel = <usize>c << 2;
  const n = f32x4.splat(<f32>cells);
  for (let b = 0; b < batch; b++) {
    let channel = 0;
    for (; channel + 4 <= c; channel += 4) {
      let p = input + (<usize>channel << 2), sum = f32x4.splat(0);
      for (let i = 0; i < cells; i += run) {
        let of_run = f32x4.splat(0);
        for (let j = min(run, cells - i); j > 0; j--) {
          of_run = f32x4.add(of_run, v128.load(p));
          p += pixel;
        }
        sum = f32x4.add(sum, of_run);
      }
      v128.store(out, f32x4.div(sum, n));
      out += 16;
    }
    for (; channel < c; channel++) {
      let p = input + (<usize>channel << 2), sum: f32 = 0;
      for (let i = 0; i < cells; i += run) {
        let of_run: f32 = 0;
        for (let j = min(run, cells - i); j > 0; j--) {
          of_run += load<f32>(p);
          p += pixel;
        }
        sum += of_run;
      }
      store<f32>(out, sum / <f32>cells);
      out += 4;
    }
    input += <usize>cells * pixel;
  }
}

/** dx[b][i][c] = gradient[b][c] / cells, i < cells. */
export function f32_global_average_pool_gradient(dx: usize, gradient: usize, batch: i32, cells: i32, c: i32): void {
  assert(batch >= 0 && cells > 0 && c > 0);
  const pixel = <usize>c << 2;
  const n = f32x4.splat(<f32>cells);
  for (let b = 0; b < batch; b++) {
    let channel = 0;
    const first = dx;
    for (; channel + 4 <= c; channel += 4) {
      v128.store(dx, f32x4.div(v128.load(gradient), n));
      dx += 16; gradient += 16;
    }
    for (; channel < c; channel++) {
      store<f32>(dx, load<f32>(gradient) / <f32>cells);
      dx += 4; gradient += 4;
    }
    for (let i = 1; i < cells; i++) {
      memory.copy(dx, first, pixel);
      dx += pixel;
    }
  }
}
