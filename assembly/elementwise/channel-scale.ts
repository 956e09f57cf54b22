/** out[i][c] = x[i][c] · scale[c], i < m, c < n; out may be x. */
export function f32_channel_scale(out: usize, x: usize, scale: usize, m: i32, n: i32): void {
  assert(m >= 0 && n >= 0);
  for (let i = 0; i < m; i++) {
    let s = scale, j = 0;
    for (; j + 4 <= n; j += 4) {
      v128.store(out, f32x4.mul(v128.load(x), v128.load(s)));
      out += 16; x += 16; s += 16;
    }
    for (; j < n; j++) {
      store<f32>(out, load<f32>(x) * load<f32>(s));
      out += 4; x += 4; s += 4;
    }
  }
}
