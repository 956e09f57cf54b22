import { multiply_add } from '../simd/madd';

// The product with a transposed left side, for gradients in filters and Gram matrices: both sides are walked along the
// axis that is summed, so neither is packed. The summed axis has two levels, rows of columns, because a band of pixels is
// not one run.

/**
 * out[i][j] = Σ_r Σ_q a[r][q][i] · b[r][q][j], continued from out where `resume`: i < m, j < n, r < rows, q < columns; rows
 * of a and b are a_row and b_row bytes apart, columns a_step and b_step, rows of out out_row. Summed in row order.
 */
export function f32_gemm_at(
  out: usize, a: usize, b: usize, m: i32, n: i32, rows: i32, columns: i32,
  out_row: usize, a_row: usize, a_step: usize, b_row: usize, b_step: usize, resume: bool,
): void {
  assert(m >= 0 && n >= 0 && rows >= 0 && columns >= 0);
  const a_skip = a_row - <usize>columns * a_step, b_skip = b_row - <usize>columns * b_step;
  const whole_m = m & ~3, whole_n = n & ~7;
  for (let i = 0; i < m; i += i < whole_m ? 4 : 1) {
    const c = out + <usize>i * out_row, p = a + (<usize>i << 2);
    for (let j = 0; j < whole_n; j += 8) {
      const q = b + (<usize>j << 2), to = c + (<usize>j << 2);
      if (i < whole_m) tile_at_4x8(to, p, q, rows, columns, out_row, a_step, a_skip, b_step, b_skip, resume);
      else tile_at_1x8(to, p, q, rows, columns, a_step, a_skip, b_step, b_skip, resume);
    }
    const edge = i < whole_m ? 4 : 1;
    for (let j = whole_n; j < n; j++) {
      for (let e = 0; e < edge; e++) {
        const to = c + <usize>e * out_row + (<usize>j << 2);
        tile_at_1x1(to, p + (<usize>e << 2), b + (<usize>j << 2), rows, columns, a_step, a_skip, b_step, b_skip, resume);
      }
    }
  }
}

function tile_at_4x8(
  out: usize, a: usize, b: usize, rows: i32, columns: i32, out_row: usize,
  a_step: usize, a_skip: usize, b_step: usize, b_skip: usize, resume: bool,
): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  const out1 = out + out_row, out2 = out1 + out_row, out3 = out2 + out_row;
  if (resume) {
    c00 = v128.load(out); c01 = v128.load(out, 16);
    c10 = v128.load(out1); c11 = v128.load(out1, 16);
    c20 = v128.load(out2); c21 = v128.load(out2, 16);
    c30 = v128.load(out3); c31 = v128.load(out3, 16);
  }
  for (; rows > 0; rows--) {
    for (let q = columns; q > 0; q--) {
      const b0 = v128.load(b), b1 = v128.load(b, 16);
      let x = v128.load32_splat(a);
      c00 = multiply_add(c00, x, b0);
      c01 = multiply_add(c01, x, b1);
      x = v128.load32_splat(a, 4);
      c10 = multiply_add(c10, x, b0);
      c11 = multiply_add(c11, x, b1);
      x = v128.load32_splat(a, 8);
      c20 = multiply_add(c20, x, b0);
      c21 = multiply_add(c21, x, b1);
      x = v128.load32_splat(a, 12);
      c30 = multiply_add(c30, x, b0);
      c31 = multiply_add(c31, x, b1);
      a += a_step;
      b += b_step;
    }
    a += a_skip;
    b += b_skip;
  }
  v128.store(out, c00); v128.store(out, c01, 16);
  v128.store(out1, c10); v128.store(out1, c11, 16);
  v128.store(out2, c20); v128.store(out2, c21, 16);
  v128.store(out3, c30); v128.store(out3, c31, 16);
}

function tile_at_1x8(
  out: usize, a: usize, b: usize, rows: i32, columns: i32,
  a_step: usize, a_skip: usize, b_step: usize, b_skip: usize, resume: bool,
): void {
  let c0 = f32x4.splat(0), c1 = c0;
  if (resume) { c0 = v128.load(out); c1 = v128.load(out, 16); }
  for (; rows > 0; rows--) {
    for (let q = columns; q > 0; q--) {
      const x = v128.load32_splat(a);
      c0 = multiply_add(c0, x, v128.load(b));
      c1 = multiply_add(c1, x, v128.load(b, 16));
      a += a_step;
      b += b_step;
    }
    a += a_skip;
    b += b_skip;
  }
  v128.store(out, c0); v128.store(out, c1, 16);
}

function tile_at_1x1(
  out: usize, a: usize, b: usize, rows: i32, columns: i32,
  a_step: usize, a_skip: usize, b_step: usize, b_skip: usize, resume: bool,
): void {
  let sum: f32 = resume ? load<f32>(out) : 0;
  for (; rows > 0; rows--) {
    for (let q = columns; q > 0; q--) {
      sum += load<f32>(a) * load<f32>(b);
      a += a_step;
      b += b_step;
    }
    a += a_skip;
    b += b_skip;
  }
  store<f32>(out, sum);
}
