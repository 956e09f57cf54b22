import { activate } from '../simd/epilogue';
import { multiply_add } from '../simd/madd';

// The 6 × 8 micro-kernel of the build with relaxed SIMD: a fused multiply-add takes as long as four steps of the pipeline,
// so eight sums at a time leave it waiting. Without fusion twelve sums need more registers than there are.

/** As tile_4x8, on six rows `a_row` bytes apart. */
// @ts-ignore: decorator
@inline
export function tile_6x8(
  out: usize, a0: usize, a_row: usize, panel: usize, bias: usize,
  k: i32, out_row: usize, resume: bool, last: bool, slope: f32, lo: f32, hi: f32, ahead: usize = 0, beside: usize = 0,
): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00;
  let c30 = c00, c31 = c00, c40 = c00, c41 = c00, c50 = c00, c51 = c00;
  const out1 = out + out_row, out2 = out1 + out_row, out3 = out2 + out_row, out4 = out3 + out_row, out5 = out4 + out_row;
  if (resume) {
    c00 = v128.load(out); c01 = v128.load(out, 16);
    c10 = v128.load(out1); c11 = v128.load(out1, 16);
    c20 = v128.load(out2); c21 = v128.load(out2, 16);
    c30 = v128.load(out3); c31 = v128.load(out3, 16);
    c40 = v128.load(out4); c41 = v128.load(out4, 16);
    c50 = v128.load(out5); c51 = v128.load(out5, 16);
  }
  let a1 = a0 + a_row, a2 = a1 + a_row, a3 = a2 + a_row, a4 = a3 + a_row, a5 = a4 + a_row;
  for (; k > 0; k--) {
    const b0 = v128.load(panel), b1 = v128.load(panel, 16);
    let x = v128.load32_splat(a0);
    c00 = multiply_add(c00, x, b0);
    c01 = multiply_add(c01, x, b1);
    x = v128.load32_splat(a1);
    c10 = multiply_add(c10, x, b0);
    c11 = multiply_add(c11, x, b1);
    x = v128.load32_splat(a2);
    c20 = multiply_add(c20, x, b0);
    c21 = multiply_add(c21, x, b1);
    x = v128.load32_splat(a3);
    c30 = multiply_add(c30, x, b0);
    c31 = multiply_add(c31, x, b1);
    x = v128.load32_splat(a4);
    c40 = multiply_add(c40, x, b0);
    c41 = multiply_add(c41, x, b1);
    x = v128.load32_splat(a5);
    c50 = multiply_add(c50, x, b0);
    c51 = multiply_add(c51, x, b1);
    a0 += 4; a1 += 4; a2 += 4; a3 += 4; a4 += 4; a5 += 4;
    panel += 32;
  }
  if (last) {
    const b0 = v128.load(bias), b1 = v128.load(bias, 16);
    const s = f32x4.splat(slope), l = f32x4.splat(lo), h = f32x4.splat(hi);
    c00 = f32x4.add(c00, b0); c01 = f32x4.add(c01, b1);
    c10 = f32x4.add(c10, b0); c11 = f32x4.add(c11, b1);
    c20 = f32x4.add(c20, b0); c21 = f32x4.add(c21, b1);
    c30 = f32x4.add(c30, b0); c31 = f32x4.add(c31, b1);
    c40 = f32x4.add(c40, b0); c41 = f32x4.add(c41, b1);
    c50 = f32x4.add(c50, b0); c51 = f32x4.add(c51, b1);
    if (ahead != 0) {
      let from = out + ahead;
      c00 = f32x4.add(c00, v128.load(from)); c01 = f32x4.add(c01, v128.load(from, 16));
      from += out_row;
      c10 = f32x4.add(c10, v128.load(from)); c11 = f32x4.add(c11, v128.load(from, 16));
      from += out_row;
      c20 = f32x4.add(c20, v128.load(from)); c21 = f32x4.add(c21, v128.load(from, 16));
      from += out_row;
      c30 = f32x4.add(c30, v128.load(from)); c31 = f32x4.add(c31, v128.load(from, 16));
      from += out_row;
      c40 = f32x4.add(c40, v128.load(from)); c41 = f32x4.add(c41, v128.load(from, 16));
      from += out_row;
      c50 = f32x4.add(c50, v128.load(from)); c51 = f32x4.add(c51, v128.load(from, 16));
    }
    if (beside != 0) {
      let to = out + beside;
      v128.store(to, c00); v128.store(to, c01, 16);
      to += out_row;
      v128.store(to, c10); v128.store(to, c11, 16);
      to += out_row;
      v128.store(to, c20); v128.store(to, c21, 16);
      to += out_row;
      v128.store(to, c30); v128.store(to, c31, 16);
      to += out_row;
      v128.store(to, c40); v128.store(to, c41, 16);
      to += out_row;
      v128.store(to, c50); v128.store(to, c51, 16);
    }
    c00 = activate(c00, s, l, h); c01 = activate(c01, s, l, h);
    c10 = activate(c10, s, l, h); c11 = activate(c11, s, l, h);
    c20 = activate(c20, s, l, h); c21 = activate(c21, s, l, h);
    c30 = activate(c30, s, l, h); c31 = activate(c31, s, l, h);
    c40 = activate(c40, s, l, h); c41 = activate(c41, s, l, h);
    c50 = activate(c50, s, l, h); c51 = activate(c51, s, l, h);
  }
  v128.store(out, c00); v128.store(out, c01, 16);
  v128.store(out1, c10); v128.store(out1, c11, 16);
  v128.store(out2, c20); v128.store(out2, c21, 16);
  v128.store(out3, c30); v128.store(out3, c31, 16);
  v128.store(out4, c40); v128.store(out4, c41, 16);
  v128.store(out5, c50); v128.store(out5, c51, 16);
}
