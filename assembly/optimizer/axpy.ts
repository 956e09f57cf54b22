/** y[i] += alpha · x[i]. */
export function f32_axpy(y: usize, x: usize, n: i32, alpha: f32): void {
  assert(n >= 0);
  const factor = f32x4.splat(alpha);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    v128.store(y, f32x4.add(v128.load(y), f32x4.mul(factor, v128.load(x))));
    y += 16; x += 16;
  }
  for (; i < n; i++) {
    store<f32>(y, load<f32>(y) + alpha * load<f32>(x));
    y += 4; x += 4;
  }
}
