import { reachOf } from '../../../core/window.ts';
import type { Geometry } from './geometry.ts';

/** Input under a box of outputs: it stays in a core's own cache while every filter goes over it. */
const BOX_BYTES = 256 * 1024;

/** Outputs that a kernel takes at a time: whole rows, or part of one. */
export interface Box {
  readonly rows: number;
  readonly columns: number;
}

/** Cells of input that `outputs` of a window along an axis read. */
const spanOf = (axis: Geometry['window']['x'], outputs: number): number => (outputs - 1) * axis.stride + reachOf(axis);

/** Bytes of input under a box. `rowsRead` is how many rows of a slice that takes. */
export const boxBytes = (g: Geometry, slices: number, rowsRead: number, columns: number): number =>
  slices * rowsRead * spanOf(g.window.x, columns) * g.c * 4;

/**
 * The largest box that fits the cache, cut further until each slice of output has `pieces` of them.
 * @param slices slices of input under it
 * @param rowsRead how many rows of input so many rows of output read
 */
export function boxOf(g: Geometry, slices: number, rowsRead: (rows: number) => number, pieces: number): Box {
  const { y, x } = g.window;
  const fits = (rows: number, columns: number): boolean => boxBytes(g, slices, rowsRead(rows), columns) <= BOX_BYTES;
  let rows = Math.ceil(y.size / Math.min(y.size, pieces));
  while (rows > 1 && !fits(rows, x.size)) rows = Math.ceil(rows / 2);
  if (rows > 1 || (fits(1, x.size) && y.size >= pieces)) return { rows, columns: x.size };
  // Fours are what the kernels take at a time.
  const fours = Math.ceil(x.size / 4);
  let four = Math.ceil(fours / Math.min(fours, Math.ceil(pieces / y.size)));
  while (four > 1 && !fits(1, four * 4)) four = Math.ceil(four / 2);
  return { rows, columns: Math.min(x.size, four * 4) };
}

/** Rows of input that so many rows of output read. */
export const rowsUnder =
  ({ window: { y } }: Geometry) =>
  (rows: number): number =>
    spanOf(y, rows);
