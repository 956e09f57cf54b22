/** out[i] = alpha · x[i]; out may be x. */
export function f32_scale(out: usize, x: usize, n: i32, alpha: f32): void {
  assert(n >= 0);
  const factor = f32x4.splat(alpha);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    v128.store(out, f32x4.mul(factor, v128.load(x)));
    out += 16; x += 16;
  }
  for (; i < n; i++) {
    store<f32>(out, alpha * load<f32>(x));
    out += 4; x += 4;
  }
}
