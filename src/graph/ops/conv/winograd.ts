import type { Kernels } from '../../../runtime/generated/abi.ts';
import type { Machine } from '../../../runtime/machine.ts';
import type { Activation } from '../../op.ts';
import type { Algorithm, ConvAddresses } from './algorithm.ts';
import { roundUp } from './gemm.ts';
import type { Geometry } from './geometry.ts';
import { finePiecesFor, piecesFor, ranges } from './pieces.ts';

/** V and M: a block of tiles that stays in the cache. */
const BLOCK_BYTES = 800 * 1024;
/** Transformed filters above this do not stay in a core's own cache, so more tiles must share each read of them. */
const LARGE_FILTERS = 2 ** 20;
/** A square of transformed vectors, of the largest tiles. */
export const SQUARE_BYTES = 64 * 16;
/** The gap behind each point, in floats. */
export const POINT_GAP = 16;
/** From so many blocks on each is a call; fewer would leave threads idle, so they share every block. */
const MANY_BLOCKS = 4;

/** Points of a tile of 6, 4 or 2 outputs a side of a window of 3 × 3, or of 5 of one of 4 × 4, which takes those of 6. */
export const points = (size: number): number => roundUp(size + 2, 2) ** 2;

export const tilesOf = ({ batch, window: { y, x } }: Geometry, size: number): number =>
  batch * Math.ceil(y.size / size) * Math.ceil(x.size / size);

/** Tiles that the kernel takes at a time: blocks of about one size, an even number of them where there are several. */
export function blockOf(g: Geometry, size: number): number {
  const least = points(size) * g.c * g.n * 4 > LARGE_FILTERS ? 64 : 16;
  const fitting = Math.floor(BLOCK_BYTES / (points(size) * 4 * (g.c + g.n)));
  const tiles = tilesOf(g, size);
  const blocks = Math.ceil(tiles / Math.max(least, fitting));
  return roundUp(Math.ceil(tiles / (blocks > 2 ? roundUp(blocks, 2) : blocks)), 4);
}

/** Rows that the products cost: tiles go in fours, one that is over counts half more (alone it waits for its filters as four do). */
const rowsOf = (tiles: number, n: number): number =>
  tiles > 4 && tiles % 4 === 1 && n % 16 === 0 ? tiles + 0.5 : roundUp(tiles, 4);

/**
 * What the kernel costs, in multiply-accumulates of the direct one: its products, its transforms (measured at some eight
 * of them for a transformed value, twelve for the largest tiles) and reading its filters.
 */
export function winogradCost(g: Geometry, size: number): number {
  const tiles = tilesOf(g, size);
  const transform = size > 4 ? 12 : 8;
  return points(size) * (rowsOf(tiles, g.n) * g.c * g.n + transform * tiles * (g.c + g.n) + 2 * g.c * g.n);
}

const pieces = (g: Geometry, size: number): number => finePiecesFor(winogradCost(g, size));
const isShared = (g: Geometry, size: number): boolean =>
  pieces(g, size) > 1 && tilesOf(g, size) <= (MANY_BLOCKS - 1) * blockOf(g, size);

/** Bytes of V and of M for so many tiles: their points and the gaps behind them. */
export const pointsBytes = (size: number, tiles: number, channels: number): number =>
  points(size) * (tiles * channels + POINT_GAP) * 4;
const blockBytes = (g: Geometry, size: number): number =>
  pointsBytes(size, blockOf(g, size), g.c) + pointsBytes(size, blockOf(g, size), g.n);
/** Bytes of a patch and a square. */
export const patchBytes = (g: Geometry, size: number): number => roundUp(points(size) * g.c * 4 + SQUARE_BYTES, 64);

/** Each call is a block of tiles, on V and M of the thread's own. */
function runBlocks(
  machine: Machine,
  g: Geometry,
  size: number,
  { input, output, weights, bias, scratch }: ConvAddresses,
  { slope, lo, hi }: Activation,
): void {
  const { y, x } = g.window;
  const block = blockOf(g, size);
  const tiles = tilesOf(g, size);
  const calls = ranges(tiles, pieces(g, size) > 1 ? Math.ceil(tiles / block) : 1, block).map(
    ([first, count]): Parameters<Kernels['f32_winograd_conv2d']> => [
      output,
      input,
      weights,
      bias,
      scratch,
      first,
      count,
      y.input,
      x.input,
      g.c,
      g.n,
      y.before,
      x.before,
      y.size,
      x.size,
      size,
      block,
      slope,
      lo,
      hi,
    ],
  );
  machine.each('f32_winograd_conv2d', calls, { argument: 4, bytes: blockBytes(g, size) + patchBytes(g, size) });
}

/** All threads work on one block after another: on its tiles in the transforms, on its points in the products. */
function runShared(
  machine: Machine,
  g: Geometry,
  size: number,
  { input, output, weights, bias, scratch }: ConvAddresses,
  { slope, lo, hi }: Activation,
): void {
  const { c, n } = g;
  const { y, x } = g.window;
  const v = scratch;
  const m = v + pointsBytes(size, blockOf(g, size), c);
  const patch = m + pointsBytes(size, blockOf(g, size), n);
  const own = { argument: 2, bytes: patchBytes(g, size) };
  const tiles = tilesOf(g, size);
  for (const [first, count] of ranges(tiles, Math.ceil(tiles / blockOf(g, size)), blockOf(g, size))) {
    const vPoint = (count * c + POINT_GAP) * 4;
    const mPoint = (roundUp(count, 4) * n + POINT_GAP) * 4;
    const slabs = ranges(count, pieces(g, size));
    machine.each(
      'f32_winograd_input',
      slabs.map(([from, some]) => [
        v + from * c * 4,
        input,
        patch,
        first + from,
        some,
        y.input,
        x.input,
        c,
        y.before,
        x.before,
        y.size,
        x.size,
        vPoint,
        size,
      ]),
      own,
    );
    machine.each(
      'f32_winograd_multiply',
      ranges(points(size), pieces(g, size)).map(([point, some]) => [
        m + point * mPoint,
        v + point * vPoint,
        weights + point * (c * n + POINT_GAP) * 4,
        some,
        count,
        c,
        n,
      ]),
    );
    machine.each(
      'f32_winograd_output',
      slabs.map(([from, some]) => [
        output,
        m + from * n * 4,
        bias,
        patch,
        first + from,
        some,
        n,
        y.size,
        x.size,
        mPoint,
        size,
        slope,
        lo,
        hi,
      ]),
      { ...own, argument: 3 },
    );
  }
}

export const transformedFilterBytes = ({ c, n }: Geometry, size: number): number =>
  points(size) * (c * n + POINT_GAP) * 4;

/** Transforms filters, panels of columns shared among threads. Scratch: a square for each panel. */
export function packFilters(
  machine: Machine,
  { c, n, window: { z } }: Geometry,
  size: number,
  packed: number,
  filters: number,
  scratch: number,
): void {
  const depth = z.kernel * c;
  const panels = ranges(n, piecesFor(points(size) * depth * n), 8);
  const calls = panels.map(([column, columns], i) => {
    const [u, square] = [packed + column * depth * 4, scratch + i * SQUARE_BYTES];
    return [u, filters + column * 4, square, z.kernel, c, n, columns, size] as const;
  });
  machine.each('f32_winograd_filter', calls);
}

/** Winograd's F(size × size, 3 × 3) (Lavin & Gray 2016): 3 × 3 filters in steps of 1, channels in fours, outputs in eights. */
const winograd = (size: 2 | 4 | 6): Algorithm => ({
  name: `winograd_${size}x${size}`,
  packedBytes: (g) => transformedFilterBytes(g, size),
  packScratch: ({ n }) => (n / 8) * SQUARE_BYTES,
  pack: (machine, g, packed, filters, scratch) => packFilters(machine, g, size, packed, filters, scratch),
  scratch: (g, threads) =>
    isShared(g, size)
      ? blockBytes(g, size) + threads * patchBytes(g, size)
      : threads * (blockBytes(g, size) + patchBytes(g, size)),
  run: (machine, g, at, activation) => (isShared(g, size) ? runShared : runBlocks)(machine, g, size, at, activation),
});

export const winograd6 = winograd(6);
export const winograd4 = winograd(4);
export const winograd2 = winograd(2);
