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

/** As store_partial_tile, each cell activation(tile + residual); the residual's rows lie as those of `out`. */
export function add_partial_tile(
  out: usize, out_row: usize, tile: usize, residual: usize, rows: i32, columns: i32, slope: f32, lo: f32, hi: f32,
): void {
  for (let r = 0; r < rows; r++) {
    for (let at: usize = 0; at < <usize>columns << 2; at += 4) {
      store<f32>(out + at, activate_scalar(load<f32>(tile + at) + load<f32>(residual + at), slope, lo, hi));
    }
    out += out_row;
    residual += out_row;
    tile += 32;
  }
}
