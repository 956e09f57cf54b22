/**
 * out[c] = (largest x[i][c], its row i) over i < rows: two floats a channel, the row exact below 2²⁴. Of equal values the
 * first wins, and so does the first NaN.
 */
export function f32_channel_max(out: usize, x: usize, rows: i32, c: i32): void {
  assert(rows > 0 && rows <= 1 << 24 && c > 0);
  const row = <usize>c << 2;
  const one = f32x4.splat(1);
  let channel = 0;
  for (; channel + 4 <= c; channel += 4) {
    let best = v128.load(x), best_at = f32x4.splat(0), at = best_at, p = x;
    for (let i = 1; i < rows; i++) {
      p += row;
      at = f32x4.add(at, one);
      const v = v128.load(p);
      const better = v128.andnot(f32x4.eq(best, best), f32x4.le(v, best));
      best = v128.bitselect(v, best, better);
      best_at = v128.bitselect(at, best_at, better);
    }
    v128.store(out, v128.shuffle<i32>(best, best_at, 0, 4, 1, 5));
    v128.store(out, v128.shuffle<i32>(best, best_at, 2, 6, 3, 7), 16);
    out += 32; x += 16;
  }
  for (; channel < c; channel++) {
    let best = load<f32>(x), best_at: f32 = 0, p = x;
    for (let i = 1; i < rows; i++) {
      p += row;
      const v = load<f32>(p);
      if (best == best && !(v <= best)) {
        best = v;
        best_at = <f32>i;
      }
    }
    store<f32>(out, best);
    store<f32>(out, best_at, 4);
    out += 8; x += 4;
  }
}

/** dx[row of c][c] += gradient of the largest value of c, from pairs as f32_channel_max gives them. */
export function f32_channel_max_gradient(dx: usize, gradient: usize, pairs: usize, c: i32): void {
  assert(c > 0);
  for (let channel = 0; channel < c; channel++) {
    const to = dx + ((<usize>load<f32>(pairs, 4) * <usize>c + <usize>channel) << 2);
    store<f32>(to, load<f32>(to) + load<f32>(gradient));
    gradient += 8; pairs += 8;
  }
}
