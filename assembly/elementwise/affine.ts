import { activate, activate_scalar } from '../simd/epilogue';

/** out[i][c] = activation(x[i][c] · scale[c] + shift[c]); out may be x. */
export function f32_affine(
  out: usize, x: usize, scale: usize, shift: usize, rows: i32, c: i32, slope: f32, lo: f32, hi: f32,
): void {
  assert(rows >= 0 && c > 0);
  const s = f32x4.splat(slope), l = f32x4.splat(lo), u = f32x4.splat(hi);
  for (let i = 0; i < rows; i++) {
    let a = scale, b = shift, channel = 0;
    for (; channel + 4 <= c; channel += 4) {
      v128.store(out, activate(f32x4.add(f32x4.mul(v128.load(x), v128.load(a)), v128.load(b)), s, l, u));
      out += 16; x += 16; a += 16; b += 16;
    }
    for (; channel < c; channel++) {
      store<f32>(out, activate_scalar(load<f32>(x) * load<f32>(a) + load<f32>(b), slope, lo, hi));
      out += 4; x += 4; a += 4; b += 4;
    }
  }
}
