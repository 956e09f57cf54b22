/** out[i] = a[i] · b[i]; out may be a or b. */
export function f32_multiply(out: usize, a: usize, b: usize, n: i32): void {
  assert(n >= 0);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    v128.store(out, f32x4.mul(v128.load(a), v128.load(b)));
    out += 16; a += 16; b += 16;
  }
  for (; i < n; i++) {
    store<f32>(out, load<f32>(a) * load<f32>(b));
    out += 4; a += 4; b += 4;
  }
}
