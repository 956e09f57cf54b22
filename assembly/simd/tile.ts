import { activate_scalar } from './epilogue';

// A tile is 4 rows × 8 columns of a result. Whole tiles are stored where they belong; a tile that hangs over the last
// row or column is computed into 128 bytes of scratch and its valid part copied from there.

/** Bytes of scratch that a kernel with tiles asks for. */
export const TILE_BYTES: usize = 128;

/** Copies the first `rows` × `columns` of a scratch tile (32 bytes a row) to `out`. */
export function store_partial_tile(out: usize, out_row: usize, tile: usize, rows: i32, columns: i32): void {
  for (let r = 0; r < rows; r++) {
    memory.copy(out, tile, <usize>columns << 2);
    out += out_row;
    tile += 32;
  }
}

/**
 * As store_partial_tile, each cell activation(tile + residual), the residual `ahead` bytes from out (0: none); what it was before the
 * activation goes `beside` bytes from out (0: nowhere).
 */
export function finish_partial_tile(
  out: usize, out_row: usize, tile: usize, ahead: usize, beside: usize, rows: i32, columns: i32, slope: f32, lo: f32, hi: f32,
): void {
  for (let r = 0; r < rows; r++) {
    for (let column = 0; column < columns; column++) {
      const to = out + (<usize>column << 2);
      let sum = load<f32>(tile + (<usize>column << 2));
      if (ahead != 0) sum += load<f32>(to + ahead);
      if (beside != 0) store<f32>(to + beside, sum);
      store<f32>(to, activate_scalar(sum, slope, lo, hi));
    }
    out += out_row;
    tile += 32;
  }
}
