import { f32_gemm_pack } from '../gemm/pack';
import { multiply_add } from '../simd/madd';

// Rows that are summed at a time: a block's sum starts at 0 and is then added, which also keeps rounding errors small.
// Its columns are packed in panels of eight, two of which stay in the cache next to the core. A few columns are walked where
// they lie: packing would cost a fifth of the whole.
const DEPTH: i32 = 256;
const FEW: i32 = 96;

/**
 * out[i][j] = scale · Σ_r x[r][i] · x[r][j], symmetric to the bit: i, j < c, r < rows, rows of x `x_row` bytes apart.
 * Summed in blocks of 256 rows, block after block. With c8 = 8 · ⌈c / 8⌉, scratch holds 256 · c8 floats, and c8² more where
 * c is not a multiple of 8.
 */
export function f32_gram(out: usize, x: usize, scratch: usize, rows: i32, c: i32, x_row: usize, scale: f32): void {
  assert(rows >= 0 && c > 0);
  assert(scratch % 16 == 0);
  const width = (c + 7) & ~7;
  const row = <usize>width << 2;
  const whole = c == width, packs = !whole || c > FEW;
  const sums = whole ? out : scratch + <usize>DEPTH * row;
  memory.fill(sums, 0, <usize>width * row);
  for (let r = 0; r < rows; r += DEPTH) {
    const depth = min(DEPTH, rows - r);
    if (packs) f32_gemm_pack(scratch, x, depth, c, x_row);
    const columns = packs ? scratch : x, panel: usize = packs ? <usize>depth << 5 : 32;
    const step: usize = packs ? 32 : x_row;
    for (let j = 0; j < width; j += 8) {
      const b = columns + <usize>(j >> 3) * panel;
      let to = sums + (<usize>j << 2);
      let a = columns, skip: usize = 16;
      for (let i = 0; i < j + 8; i += 4) {
        add_tile_4x8(to, a, b, depth, row, step);
        to += 4 * row;
        a += skip;
        skip = panel - skip;
      }
    }
    x += <usize>depth * x_row;
  }
  mirror(sums, width, row, scale);
  if (!whole) {
    const bytes = <usize>c << 2;
    for (let i = 0; i < c; i++) memory.copy(out + <usize>i * bytes, sums + <usize>i * row, bytes);
  }
}

/** out[i][j] += Σ_k a[k][i] · b[k][j], i < 4, j < 8. A call instead of these lines costs a quarter of the speed in V8. */
// @ts-ignore: decorator
@inline
function add_tile_4x8(out: usize, a: usize, b: usize, k: i32, out_row: usize, step: usize): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  for (; k > 0; k--) {
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
    a += step;
    b += step;
  }
  add_row(out, c00, c01);
  add_row(out + out_row, c10, c11);
  add_row(out + 2 * out_row, c20, c21);
  add_row(out + 3 * out_row, c30, c31);
}

// @ts-ignore: decorator
@inline
function add_row(out: usize, left_f32x4: v128, right_f32x4: v128): void {
  v128.store(out, f32x4.add(v128.load(out), left_f32x4));
  v128.store(out, f32x4.add(v128.load(out, 16), right_f32x4), 16);
}

/** Scales the blocks of 4 × 4 on and above the diagonal and copies those above it below, transposed. */
function mirror(x: usize, n: i32, row: usize, scale: f32): void {
  const factor = f32x4.splat(scale);
  for (let i = 0; i < n; i += 4) {
    for (let j = i; j < n; j += 4) {
      const at = x + <usize>i * row + (<usize>j << 2);
      const r0 = f32x4.mul(v128.load(at), factor), r1 = f32x4.mul(v128.load(at + row), factor);
      const r2 = f32x4.mul(v128.load(at + 2 * row), factor), r3 = f32x4.mul(v128.load(at + 3 * row), factor);
      v128.store(at, r0); v128.store(at + row, r1);
      v128.store(at + 2 * row, r2); v128.store(at + 3 * row, r3);
      if (i == j) continue;
      const a0 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5), a1 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
      const b0 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5), b1 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
      const to = x + <usize>j * row + (<usize>i << 2);
      v128.store(to, v128.shuffle<i64>(a0, b0, 0, 2));
      v128.store(to + row, v128.shuffle<i64>(a0, b0, 1, 3));
      v128.store(to + 2 * row, v128.shuffle<i64>(a1, b1, 0, 2));
      v128.store(to + 3 * row, v128.shuffle<i64>(a1, b1, 1, 3));
    }
  }
}
