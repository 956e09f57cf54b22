import { activate, activate_scalar } from '../simd/epilogue';

/** out[i] = min(max(x[i], max(lo, slope·x[i])), hi); out may be x. */
export function f32_activate(out: usize, x: usize, n: i32, slope: f32, lo: f32, hi: f32): void {
  assert(n >= 0);
  const s = f32x4.splat(slope), l = f32x4.splat(lo), h = f32x4.splat(hi);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    v128.store(out, activate(v128.load(x), s, l, h));
    out += 16; x += 16;
  }
  for (; i < n; i++) {
    store<f32>(out, activate_scalar(load<f32>(x), slope, lo, hi));
    out += 4; x += 4;
  }
}
