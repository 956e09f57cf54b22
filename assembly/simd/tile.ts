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
