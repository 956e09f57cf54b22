import { activate, clamp } from '../simd/epilogue';
import { multiply_add } from '../simd/madd';

// The 4 × 8 micro-kernel: eight accumulators live in registers, k is not unrolled (V8 hoists the loads of an unrolled
// block and spills), and each row pointer steps by itself because a splat load with an offset costs an instruction more.

/**
 * out[r][c] = Σ_k a_r[k] · panel[k][c], continued from out where `resume`, finished where `last` with bias, the residual
 * that lies `ahead` bytes from out (0: none) and activation; what it was before the activation goes `beside` bytes from
 * out (0: nowhere), where the residual may lie.
 * A sum that is stored and resumed has the same bits as one that never left the registers.
 */
// @ts-ignore: decorator
@inline
export function tile_4x8(
  out: usize, a0: usize, a1: usize, a2: usize, a3: usize, panel: usize, bias: usize,
  k: i32, out_row: usize, resume: bool, last: bool, slope: f32, lo: f32, hi: f32, ahead: usize = 0, beside: usize = 0,
): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  const out1 = out + out_row, out2 = out1 + out_row, out3 = out2 + out_row;
  if (resume) {
    c00 = v128.load(out); c01 = v128.load(out, 16);
    c10 = v128.load(out1); c11 = v128.load(out1, 16);
    c20 = v128.load(out2); c21 = v128.load(out2, 16);
    c30 = v128.load(out3); c31 = v128.load(out3, 16);
  }
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
    a0 += 4; a1 += 4; a2 += 4; a3 += 4;
    panel += 32;
  }
  if (last) {
    const b0 = v128.load(bias), b1 = v128.load(bias, 16);
    const s = f32x4.splat(slope), l = f32x4.splat(lo), h = f32x4.splat(hi);
    c00 = f32x4.add(c00, b0); c01 = f32x4.add(c01, b1);
    c10 = f32x4.add(c10, b0); c11 = f32x4.add(c11, b1);
    c20 = f32x4.add(c20, b0); c21 = f32x4.add(c21, b1);
    c30 = f32x4.add(c30, b0); c31 = f32x4.add(c31, b1);
    if (ahead != 0) {
      const residual = out + ahead, residual1 = residual + out_row;
      const residual2 = residual1 + out_row, residual3 = residual2 + out_row;
      c00 = f32x4.add(c00, v128.load(residual)); c01 = f32x4.add(c01, v128.load(residual, 16));
      c10 = f32x4.add(c10, v128.load(residual1)); c11 = f32x4.add(c11, v128.load(residual1, 16));
      c20 = f32x4.add(c20, v128.load(residual2)); c21 = f32x4.add(c21, v128.load(residual2, 16));
      c30 = f32x4.add(c30, v128.load(residual3)); c31 = f32x4.add(c31, v128.load(residual3, 16));
    }
    if (beside != 0) {
      const linear = out + beside, linear1 = linear + out_row, linear2 = linear1 + out_row, linear3 = linear2 + out_row;
      v128.store(linear, c00); v128.store(linear, c01, 16);
      v128.store(linear1, c10); v128.store(linear1, c11, 16);
      v128.store(linear2, c20); v128.store(linear2, c21, 16);
      v128.store(linear3, c30); v128.store(linear3, c31, 16);
    }
    if (slope == 1) {
      c00 = clamp(c00, l, h); c01 = clamp(c01, l, h);
      c10 = clamp(c10, l, h); c11 = clamp(c11, l, h);
      c20 = clamp(c20, l, h); c21 = clamp(c21, l, h);
      c30 = clamp(c30, l, h); c31 = clamp(c31, l, h);
    } else {
      c00 = activate(c00, s, l, h); c01 = activate(c01, s, l, h);
      c10 = activate(c10, s, l, h); c11 = activate(c11, s, l, h);
      c20 = activate(c20, s, l, h); c21 = activate(c21, s, l, h);
      c30 = activate(c30, s, l, h); c31 = activate(c31, s, l, h);
    }
  }
  v128.store(out, c00); v128.store(out, c01, 16);
  v128.store(out1, c10); v128.store(out1, c11, 16);
  v128.store(out2, c20); v128.store(out2, c21, 16);
  v128.store(out3, c30); v128.store(out3, c31, 16);
}
