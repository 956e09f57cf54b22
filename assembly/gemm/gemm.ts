import { activate } from '../simd/epilogue';
import { finish_partial_tile, store_partial_tile } from '../simd/tile';
import { tile_4x8 } from './micro';
import { tile_1x16 } from './micro1';
import { tile_6x8 } from './micro6';

// Rows of A that are walked for one set of panels, and the depth of a block: A's block (132 × 256 floats) and the
// panel's (8 × 256) stay in the caches next to the core. Fours and sixes both fill 132.
const ROWS: i32 = 132;
const DEPTH: i32 = 256;

/**
 * out[m][n] = activation(a[m][k] · B[k][n] + bias[n] + residual[m][n]), B in panels (f32_gemm_pack), bias padded to 8
 * floats; what it was before the activation goes to `linear`. The rows of `residual` and `linear` lie as those of `out`, of
 * which they are no part; they may be one, and where one is 0 there is none.
 * `tile` is 128 bytes of scratch. Each sum runs over k from first to last, whatever the blocking.
 */
export function f32_gemm_4x8(
  out: usize, a: usize, panels: usize, bias: usize, residual: usize, linear: usize, tile: usize,
  m: i32, n: i32, k: i32, out_row: usize, a_row: usize, slope: f32, lo: f32, hi: f32,
): void {
  gemm(false, out, a, panels, bias, residual, linear, tile, m, n, k, out_row, a_row, slope, lo, hi);
}

/** f32_gemm_4x8, in tiles of six rows where `six`, which is known when this is compiled. */
// @ts-ignore: decorator
@inline
export function gemm(
  six: bool, out: usize, a: usize, panels: usize, bias: usize, residual: usize, linear: usize, tile: usize,
  m: i32, n: i32, k: i32, out_row: usize, a_row: usize, slope: f32, lo: f32, hi: f32,
): void {
  assert(m >= 0 && n >= 0 && k > 0);
  assert(panels % 16 == 0 && tile % 16 == 0);
  const panel_bytes = <usize>k << 5, ahead: usize = residual == 0 ? 0 : residual - out;
  const beside: usize = linear == 0 ? 0 : linear - out;
  for (let row0 = 0; row0 < m; row0 += ROWS) {
    const rows = min(ROWS, m - row0);
    const over = (six ? (rows % 6) % 4 : rows % 4) == 1 ? n & ~15 : 0;
    for (let k0 = 0; k0 < k; k0 += DEPTH) {
      const depth = min(DEPTH, k - k0);
      const resume = k0 > 0, last = k0 + depth == k;
      for (let column = 0; column < n; column += 8) {
        const panel = panels + <usize>(column >> 3) * panel_bytes;
        const b = bias + (<usize>column << 2);
        const columns = min(8, n - column);
        let c = out + <usize>row0 * out_row + (<usize>column << 2);
        let p = a + <usize>row0 * a_row;
        if (columns == 8) {
          const block = panel + (<usize>k0 << 5);
          let i = 0;
          if (six) {
            for (; i + 6 <= rows; i += 6) {
              tile_6x8(c, p + (<usize>k0 << 2), a_row, block, b, depth, out_row, resume, last, slope, lo, hi, ahead, beside);
              c += 6 * out_row;
              p += 6 * a_row;
            }
          }
          for (; i + 4 <= rows; i += 4) {
            const q = p + (<usize>k0 << 2);
            tile_4x8(c, q, q + a_row, q + 2 * a_row, q + 3 * a_row, block, b, depth, out_row, resume, last, slope, lo, hi, ahead, beside);
            c += 4 * out_row;
            p += 4 * a_row;
          }
          if (last && i < rows && column >= over) partial(c, p, panel, b, tile, rows - i, 8, k, out_row, a_row, slope, lo, hi, ahead, beside);
        } else if (last) {
          for (let i = 0; i < rows; i += 4) {
            partial(c, p, panel, b, tile, min(4, rows - i), columns, k, out_row, a_row, slope, lo, hi, ahead, beside);
            c += 4 * out_row;
            p += 4 * a_row;
          }
        }
      }
    }
    if (over > 0) {
      const i = <usize>(row0 + rows - 1);
      last_row(out + i * out_row, a + i * a_row, panels, bias, tile, over, k, panel_bytes, slope, lo, hi, ahead, beside);
    }
  }
}

/** The row that is over where their number is one more than fours: its first `n` columns, in sixteens. */
function last_row(
  out: usize, a: usize, panel: usize, bias: usize, tile: usize, n: i32, k: i32, panel_bytes: usize,
  slope: f32, lo: f32, hi: f32, ahead: usize, beside: usize,
): void {
  const s = f32x4.splat(slope), l = f32x4.splat(lo), u = f32x4.splat(hi);
  for (; n > 0; n -= 16) {
    tile_1x16(tile, a, panel, panel_bytes, k);
    for (let at: usize = 0; at < 64; at += 16) {
      let sum = f32x4.add(v128.load(tile + at), v128.load(bias + at));
      if (ahead != 0) sum = f32x4.add(sum, v128.load(out + ahead + at));
      if (beside != 0) v128.store(out + beside + at, sum);
      v128.store(out + at, activate(sum, s, l, u));
    }
    out += 64; bias += 64;
    panel += 2 * panel_bytes;
  }
}

/** A tile that hangs over: its missing rows read the last valid one again, and only valid cells are stored. */
function partial(
  out: usize, a: usize, panel: usize, bias: usize, tile: usize, rows: i32, columns: i32, k: i32,
  out_row: usize, a_row: usize, slope: f32, lo: f32, hi: f32, ahead: usize, beside: usize,
): void {
  const a1 = rows > 1 ? a + a_row : a, a2 = rows > 2 ? a1 + a_row : a1, a3 = rows > 3 ? a2 + a_row : a2;
  const whole = ahead == 0 && beside == 0;
  tile_4x8(
    tile, a, a1, a2, a3, panel, bias, k, 32, false, true,
    whole ? slope : 1, whole ? lo : -Infinity, whole ? hi : Infinity,
  );
  if (whole) store_partial_tile(out, out_row, tile, rows, columns);
  else finish_partial_tile(out, out_row, tile, ahead, beside, rows, columns, slope, lo, hi);
}
