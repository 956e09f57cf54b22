/** out[i] = scale · (a[i] − b[i]); out may be a or b. */
export function f32_difference(out: usize, a: usize, b: usize, n: i32, scale: f32): void {
  assert(n >= 0);
  const factor = f32x4.splat(scale);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    v128.store(out, f32x4.mul(factor, f32x4.sub(v128.load(a), v128.load(b))));
    out += 16; a += 16; b += 16;
  }
  for (; i < n; i++) {
    store<f32>(out, scale * (load<f32>(a) - load<f32>(b)));
    out += 4; a += 4; b += 4;
  }
}
