import { activate, activate_scalar } from '../simd/epilogue';

/** out[i][c] = activation(x[i][c] + bias[c]), i < m, c < n; out may be x. */
export function f32_bias_activate(
  out: usize, x: usize, bias: usize, m: i32, n: i32, slope: f32, lo: f32, hi: f32,
): void {
  assert(m >= 0 && n >= 0);
  const s = f32x4.splat(slope), l = f32x4.splat(lo), h = f32x4.splat(hi);
  for (let i = 0; i < m; i++) {
    let b = bias, j = 0;
    for (; j + 4 <= n; j += 4) {
      v128.store(out, activate(f32x4.add(v128.load(x), v128.load(b)), s, l, h));
      out += 16; x += 16; b += 16;
    }
    for (; j < n; j++) {
      store<f32>(out, activate_scalar(load<f32>(x) + load<f32>(b), slope, lo, hi));
      out += 4; x += 4; b += 4;
    }
  }
}
