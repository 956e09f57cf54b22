import { activate, activate_scalar } from '../simd/epilogue';

/** out[i] = activation(a[i] + b[i]); out may be a or b. */
export function f32_add(out: usize, a: usize, b: usize, n: i32, slope: f32, lo: f32, hi: f32): void {
  assert(n >= 0);
  const s = f32x4.splat(slope), l = f32x4.splat(lo), h = f32x4.splat(hi);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    v128.store(out, activate(f32x4.add(v128.load(a), v128.load(b)), s, l, h));
    out += 16; a += 16; b += 16;
  }
  for (; i < n; i++) {
    store<f32>(out, activate_scalar(load<f32>(a) + load<f32>(b), slope, lo, hi));
    out += 4; a += 4; b += 4;
  }
}
