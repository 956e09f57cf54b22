/** to[i] += from[i], i < n. */
export function add_to(to: usize, from: usize, n: i32): void {
  for (; n >= 4; n -= 4) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    to += 16; from += 16;
  }
  for (; n > 0; n--) {
    store<f32>(to, load<f32>(to) + load<f32>(from));
    to += 4; from += 4;
  }
}

/** to[i] += factor · from[i], i < n. */
export function add_scaled_to(to: usize, from: usize, n: i32, factor: f32): void {
  const factor_f32x4 = f32x4.splat(factor);
  for (; n >= 4; n -= 4) {
    v128.store(to, f32x4.add(v128.load(to), f32x4.mul(factor_f32x4, v128.load(from))));
    to += 16; from += 16;
  }
  for (; n > 0; n--) {
    store<f32>(to, load<f32>(to) + factor * load<f32>(from));
    to += 4; from += 4;
  }
}
