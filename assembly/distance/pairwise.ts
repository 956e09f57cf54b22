import { tile_4x8 } from '../gemm/micro';
import { store_partial_tile } from '../simd/tile';
import { pack_rows } from './pack-rows';
import { squared_distance, squared_norm } from './squared';

// Distances of all rows of a to all rows of b as a product of matrices, ‖a − b‖² = ‖a‖² + ‖b‖² − 2 a·b, finished while a
// tile is in the cache. The difference loses the digits that both sides share, so pairs whose squared distance is below
// near · (‖a‖² + ‖b‖²) are computed again, from their differences. With near = 1/16 each distance is right to a few parts
// in 10⁵ of itself, and that of a row to its equal is exactly 0.

/** What a tile becomes. */
const SQUARED: i32 = 0;
const EUCLIDEAN: i32 = 1;
/** 1 − a·b of rows that are normalised or zero: half of their squared distance, but 1 where one is zero; at most 2. */
const COSINE: i32 = 2;

/** Bytes of a block of a that stays in the caches while it meets one panel of b after another. */
const BLOCK_BYTES: i32 = 65536;

/**
 * out[i][j] = distance of a[i] and b[j]: m and n dense rows of d floats. `metric`: 0 squared Euclidean, 1 Euclidean,
 * 2 cosine of rows that are normalised already. Scratch, with p = 8⌈n/8⌉: a tile of 32 floats, panels of p · d, norms of p
 * and of 4⌈m/4⌉.
 */
export function f32_pairwise_product(
  out: usize, a: usize, b: usize, scratch: usize, m: i32, n: i32, d: i32, metric: i32, near: f32,
): void {
  assert(m >= 0 && n >= 0 && d > 0 && metric >= SQUARED && metric <= COSINE);
  assert(scratch % 16 == 0);
  const padded = (n + 7) & ~7;
  const tile = scratch, panels = tile + 128;
  const b_norms = panels + ((<usize>padded * <usize>d) << 2), a_norms = b_norms + (<usize>padded << 2);
  const row = <usize>d << 2, out_row = <usize>n << 2;
  pack_rows(panels, b, n, d, 1);
  store_norms(b_norms, b, n, d, metric);
  store_norms(a_norms, a, m, d, metric);
  memory.fill(b_norms + (<usize>n << 2), 0, <usize>(padded - n) << 2);
  const block = max(4, (BLOCK_BYTES / (d << 2)) & ~3);
  for (let row0 = 0; row0 < m; row0 += block) {
    const end = min(m, row0 + block);
    for (let column = 0; column < n; column += 8) {
      const panel = panels + <usize>column * row, columns = min(8, n - column);
      for (let i = row0; i < end; i += 4) {
        const rows = min(4, m - i);
        const a0 = a + <usize>i * row;
        const a1 = rows > 1 ? a0 + row : a0, a2 = rows > 2 ? a1 + row : a1, a3 = rows > 3 ? a2 + row : a2;
        tile_4x8(tile, a0, a1, a2, a3, panel, 0, d, 32, false, false, 1, 0, 0);
        const marks = finish_tile(tile, a_norms + (<usize>i << 2), b_norms + (<usize>column << 2), metric, near);
        if (marks != 0) refine(tile, marks, a0, b + <usize>column * row, rows, columns, d, metric);
        const to = out + <usize>i * out_row + (<usize>column << 2);
        if (rows == 4 && columns == 8) store_tile(to, out_row, tile);
        else store_partial_tile(to, out_row, tile, rows, columns);
      }
    }
  }
}

/** Squared norms; half of the cosine's are ½, whatever rounding left of them. */
function store_norms(norms: usize, rows: usize, n: i32, d: i32, metric: i32): void {
  for (let i = 0; i < n; i++) {
    store<f32>(norms, metric == COSINE ? 0.5 : squared_norm(rows, d));
    norms += 4; rows += <usize>d << 2;
  }
}

/**
 * Products of a tile to distances. Returns a bit for each cell that is too near, or no finite number, row by row. Its
 * constants come as arguments or from the norms: V8 makes a constant anew at each use.
 */
function finish_tile(tile: usize, a_norms: usize, b_norms: usize, metric: i32, near: f32): u32 {
  const factor = f32x4.splat(metric == COSINE ? 1 : 2), threshold = f32x4.splat(near);
  let marks: u32 = 0;
  for (let r = 0; r < 4; r++) {
    const norm = v128.load32_splat(a_norms + (<usize>r << 2));
    for (let half = 0; half < 2; half++) {
      const at = tile + (<usize>(2 * r + half) << 4);
      const norms = f32x4.add(norm, v128.load(b_norms + (<usize>half << 4))), twice = f32x4.add(norms, norms);
      const squared = f32x4.sub(norms, f32x4.mul(factor, v128.load(at)));
      // Four times the norms are above any distance unless they are infinite.
      const far = v128.and(f32x4.ge(squared, f32x4.mul(norms, threshold)), f32x4.lt(squared, f32x4.add(twice, twice)));
      marks |= <u32>(i32x4.bitmask(far) ^ 15) << (8 * r + 4 * half);
      let distance = squared;
      if (metric == EUCLIDEAN) distance = f32x4.sqrt(squared);
      else if (metric == COSINE) distance = f32x4.pmin(squared, twice);
      v128.store(at, distance);
    }
  }
  return marks;
}

/** Computes the cells of a tile that `marks` names from differences. */
function refine(tile: usize, marks: u32, a: usize, b: usize, rows: i32, columns: i32, d: i32, metric: i32): void {
  for (; marks != 0; marks &= marks - 1) {
    const cell = <i32>ctz(marks), r = cell >> 3, c = cell & 7;
    if (r >= rows || c >= columns) continue;
    const squared = squared_distance(a + ((<usize>r * <usize>d) << 2), b + ((<usize>c * <usize>d) << 2), d);
    const distance: f32 = metric == SQUARED ? squared : metric == EUCLIDEAN ? sqrt(squared) : squared * 0.5;
    store<f32>(tile + (<usize>cell << 2), distance);
  }
}

// @ts-ignore: decorator
@inline
function store_tile(out: usize, out_row: usize, tile: usize): void {
  for (let r = 0; r < 4; r++) {
    v128.store(out, v128.load(tile));
    v128.store(out, v128.load(tile, 16), 16);
    out += out_row; tile += 32;
  }
}
