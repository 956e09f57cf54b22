import { tile_4x8 } from '../gemm/micro';
import { heap_limit, heap_offer } from './heap';
import { pack_rows } from './pack-rows';
import { squared_distance, squared_norm } from './squared';

// Several queries at once: ‖a − b‖² = ‖a‖² + ‖b‖² − 2 a·b as a product of matrices, which rounds otherwise than
// `squared_distance` does. So the product only rules rows out, by a lower bound; a row that it cannot rule out is measured
// by `squared_distance`. The result is that of f32_nearest, to the bit.
//
// With u = 2⁻²⁴, what either way of computing rounds off is below (2d + 64) · u · (‖a‖² + ‖b‖²), so the bound takes the
// norms that much smaller. Products too small for float32 lose less than 1e−35 on either side; norms too large for sums
// in float32 are NaN, which rules nothing out.

// Rows that are walked for one panel of queries: 64 of 128 floats are 32 KB, and stay next to the core.
const ROWS: i32 = 64;
const UNIT: f32 = 5.9604645e-8;
const LEAST: f32 = 1e-35;
const MOST: f32 = 1e37;

/** Bytes of `prepared`: panels, their bounds, norms of a block of rows, a tile. */
// @ts-ignore: decorator
@inline
function panel_bytes(q: i32, d: i32): usize {
  return (<usize>((q + 7) >> 3) * <usize>d) << 5;
}

// @ts-ignore: decorator
@inline
function lower_norm(row: usize, d: i32): f32 {
  const norm = squared_norm(row, d);
  const slack = 2 * d + 64;
  return norm < MOST ? norm * (1 - <f32>slack * UNIT) - LEAST : NaN;
}

/**
 * Makes of q queries (dense rows of d floats, d a multiple of 8) what f32_nearest_batch reads, at `prepared`, with
 * p = 8⌈q/8⌉: panels of p · d floats, then p norms, then room for p limits, 64 norms and a tile of 32 floats.
 */
export function f32_nearest_prepare(prepared: usize, queries: usize, q: i32, d: i32): void {
  assert(prepared % 16 == 0 && q >= 0 && d > 0 && d % 8 == 0);
  pack_rows(prepared, queries, q, d, -2);
  let norms = prepared + panel_bytes(q, d);
  for (let i = 0; i < q; i++) {
    store<f32>(norms, lower_norm(queries, d));
    norms += 4; queries += <usize>d << 2;
  }
  for (; q & 7; q++) {
    store<f32>(norms, Infinity);
    norms += 4;
  }
}

/**
 * f32_nearest for q queries at once: heap i is 2k words at heaps + 8ki and holds entries[i] neighbours. Returns 0, or −1
 * where a distance was NaN.
 */
export function f32_nearest_batch(
  heaps: usize, entries: usize, queries: usize, prepared: usize, gallery: usize,
  q: i32, n: i32, d: i32, k: i32, row: usize, first: i32,
): i32 {
  assert(q >= 0 && n >= 0 && d > 0 && d % 8 == 0 && k > 0 && first >= 0);
  assert(row >= <usize>d << 2);
  const padded = (q + 7) & ~7;
  const query_norms = prepared + panel_bytes(q, d);
  const limits = query_norms + (<usize>padded << 2);
  const row_norms = limits + (<usize>padded << 2);
  const tile = row_norms + (<usize>ROWS << 2);
  for (let i = 0; i < padded; i++) {
    const at = <usize>i << 2;
    store<f32>(limits + at, i < q ? heap_limit(heaps + ((<usize>i * <usize>k) << 3), k, load<i32>(entries + at)) : -Infinity);
  }
  let status = 0;
  for (let row0 = 0; row0 < n; row0 += ROWS) {
    const rows = min(ROWS, n - row0);
    const block = gallery + <usize>row0 * row;
    for (let i = 0; i < rows; i++) store<f32>(row_norms + (<usize>i << 2), lower_norm(block + <usize>i * row, d));
    for (let i = rows; i & 3; i++) store<f32>(row_norms + (<usize>i << 2), Infinity);
    for (let column = 0; column < q; column += 8) {
      const panel = prepared + ((<usize>column * <usize>d) << 2);
      const at = <usize>column << 2;
      for (let i = 0; i < rows; i += 4) {
        const a0 = block + <usize>i * row;
        const a1 = i + 1 < rows ? a0 + row : a0, a2 = i + 2 < rows ? a1 + row : a1, a3 = i + 3 < rows ? a2 + row : a2;
        tile_4x8(tile, a0, a1, a2, a3, panel, 0, d, 32, false, false, 1, 0, 0);
        if (ruled_out(tile, row_norms + (<usize>i << 2), query_norms + at, limits + at)) continue;
        status |= offer_tile(
          heaps + ((<usize>column * <usize>k) << 3), entries + at, limits + at, tile, row_norms + (<usize>i << 2),
          query_norms + at, queries + ((<usize>column * <usize>d) << 2), a0,
          min(8, q - column), min(4, rows - i), d, k, row, first + row0 + i,
        );
      }
    }
  }
  return status;
}

/** Turns the products of a tile into lower bounds; whether all of them exceed the limits of their queries. */
// @ts-ignore: decorator
@inline
function ruled_out(tile: usize, row_norms: usize, query_norms: usize, limits: usize): bool {
  const q0 = v128.load(query_norms), q1 = v128.load(query_norms, 16);
  const limit0 = v128.load(limits), limit1 = v128.load(limits, 16);
  let out = i32x4.splat(-1);
  for (let r = 0; r < 4; r++) {
    const norm = v128.load32_splat(row_norms);
    const bound0 = f32x4.add(f32x4.add(q0, norm), v128.load(tile));
    const bound1 = f32x4.add(f32x4.add(q1, norm), v128.load(tile, 16));
    out = v128.and(out, v128.and(f32x4.gt(bound0, limit0), f32x4.gt(bound1, limit1)));
    v128.store(tile, bound0); v128.store(tile, bound1, 16);
    row_norms += 4; tile += 32;
  }
  return i32x4.all_true(out);
}

/** Measures what a tile could not rule out. Returns −1 where a distance was NaN, else 0. */
function offer_tile(
  heaps: usize, entries: usize, limits: usize, bounds: usize, row_norms: usize, query_norms: usize, queries: usize, rows: usize,
  columns: i32, count: i32, d: i32, k: i32, row: usize, index: i32,
): i32 {
  let status = 0;
  for (let c = 0; c < columns; c++) {
    const at = <usize>c << 2;
    const heap = heaps + ((<usize>c * <usize>k) << 3);
    for (let r = 0; r < count; r++) {
      if (load<f32>(bounds + (<usize>r << 5) + at) > load<f32>(limits + at)) continue;
      const distance = squared_distance(queries + ((<usize>c * <usize>d) << 2), rows + <usize>r * row, d);
      if (distance != distance) {
        status = -1;
        continue;
      }
      const filled = heap_offer(heap, k, load<i32>(entries + at), distance, index + r);
      store<i32>(entries + at, filled);
      store<f32>(limits + at, heap_limit(heap, k, filled));
    }
  }
  return status;
}
