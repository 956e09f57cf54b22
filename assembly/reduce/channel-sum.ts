/** out[c] = Σ_i x[i][c], i < m in order. */
export function f32_channel_sum(out: usize, x: usize, m: i32, n: i32): void {
  assert(m >= 0 && n >= 0);
  const row = <usize>n << 2;
  let j = 0;
  for (; j + 4 <= n; j += 4) {
    let sum = f32x4.splat(0);
    let from = x + (<usize>j << 2);
    for (let i = 0; i < m; i++) {
      sum = f32x4.add(sum, v128.load(from));
      from += row;
    }
    v128.store(out + (<usize>j << 2), sum);
  }
  for (; j < n; j++) {
    let sum: f32 = 0;
    let from = x + (<usize>j << 2);
    for (let i = 0; i < m; i++) {
      sum += load<f32>(from);
      from += row;
    }
    store<f32>(out + (<usize>j << 2), sum);
  }
}

/** out[c] = Σ_i a[i][c] · b[i][c], i < m in order. */
export function f32_channel_dot(out: usize, a: usize, b: usize, m: i32, n: i32): void {
  assert(m >= 0 && n >= 0);
  const row = <usize>n << 2;
  let j = 0;
  for (; j + 4 <= n; j += 4) {
    let sum = f32x4.splat(0);
    let at = <usize>j << 2;
    for (let i = 0; i < m; i++) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(a + at), v128.load(b + at)));
      at += row;
    }
    v128.store(out + (<usize>j << 2), sum);
  }
  for (; j < n; j++) {
    let sum: f32 = 0;
    let at = <usize>j << 2;
    for (let i = 0; i < m; i++) {
      sum += load<f32>(a + at) * load<f32>(b + at);
      at += row;
    }
    store<f32>(out + (<usize>j << 2), sum);
  }
}
