import { f32_gemm_pack } from '../gemm/pack';

// Rows that are summed at a time: two panels of 8 × 256 floats stay in the cache next to the core, and all panels of 512
// columns in the one behind it. A block's sum starts at 0 and is then added, which also keeps rounding errors small.
const DEPTH: i32 = 256;

/**
 * out[i][j] = scale · Σ_r x[r][i] · x[r][j], symmetric to the bit: i, j < c, r < rows, rows of x `x_row` bytes apart.
 * Summed in blocks of 256 rows, block after block. With c8 = 8 · ⌈c / 8⌉, scratch holds 256 · c8 floats, and c8² more
 * where c is not a multiple of 8.
 */
export function f32_gram(out: usize, x: usize, scratch: usize, rows: i32, c: i32, x_row: usize, scale: f32): void {
  assert(rows >= 0 && c > 0);
  assert(scratch % 16 == 0);
  const width = (c + 7) & ~7;
  const row = <usize>width << 2;
  const sums = c == width ? out : scratch + <usize>DEPTH * row;
  memory.fill(sums, 0, <usize>width * row);
  for (let r = 0; r < rows; r += DEPTH) {
    const depth = min(DEPTH, rows - r);
    const panel = <usize>depth << 5;
    f32_gemm_pack(scratch, x, depth, c, x_row);
    for (let j = 0; j < width; j += 8) {
      const b = scratch + <usize>(j >> 3) * panel;
      let to = sums + (<usize>j << 2);
      for (let i = 0; i <= j; i += 8) {
        const a = scratch + <usize>(i >> 3) * panel;
        add_tile_4x8(to, a, b, depth, row);
        add_tile_4x8(to + 4 * row, a + 16, b, depth, row);
        to += 8 * row;
      }
    }
    x += <usize>depth * x_row;
  }
  mirror(sums, width, row, scale);
  if (sums != out) {
    const bytes = <usize>c << 2;
    for (let i = 0; i < c; i++) memory.copy(out + <usize>i * bytes, sums + <usize>i * row, bytes);
  }
}

/** out[i][j] += Σ_k a[k][i] · b[k][j], i < 4, j < 8; rows of a and b are 32 bytes apart. */
function add_tile_4x8(out: usize, a: usize, b: usize, k: i32, out_row: usize): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  for (; k > 0; k--) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 12);
    c30 = f32x4.add(c30, f32x4.mul(x, b0));
    c31 = f32x4.add(c31, f32x4.mul(x, b1));
    a += 32;
    b += 32;
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
