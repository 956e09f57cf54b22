/** out[c] = Σ_i x[i][c], i < m in order. */
export function f32_channel_sum(out: usize, x: usize, m: i32, n: i32): void {
  assert(m >= 0 && n >= 0);
  const row = <usize>n << 2;
  let j = 0;
  // A cache line at a time.
  for (; j + 16 <= n; j += 16) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    let from = x + (<usize>j << 2);
    for (let i = 0; i < m; i++) {
      s0 = f32x4.add(s0, v128.load(from));
      s1 = f32x4.add(s1, v128.load(from, 16));
      s2 = f32x4.add(s2, v128.load(from, 32));
      s3 = f32x4.add(s3, v128.load(from, 48));
      from += row;
    }
    const to = out + (<usize>j << 2);
    v128.store(to, s0); v128.store(to, s1, 16); v128.store(to, s2, 32); v128.store(to, s3, 48);
  }
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
  for (; j + 16 <= n; j += 16) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    let p = a + (<usize>j << 2), q = b + (<usize>j << 2);
    for (let i = 0; i < m; i++) {
      s0 = f32x4.add(s0, f32x4.mul(v128.load(p), v128.load(q)));
      s1 = f32x4.add(s1, f32x4.mul(v128.load(p, 16), v128.load(q, 16)));
      s2 = f32x4.add(s2, f32x4.mul(v128.load(p, 32), v128.load(q, 32)));
      s3 = f32x4.add(s3, f32x4.mul(v128.load(p, 48), v128.load(q, 48)));
      p += row; q += row;
    }
    const to = out + (<usize>j << 2);
    v128.store(to, s0); v128.store(to, s1, 16); v128.store(to, s2, 32); v128.store(to, s3, 48);
  }
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
