import type { Machine } from '../../../runtime/machine.ts';
import type { FilterGradient, FilterGradientAddresses } from './filter-gradient.ts';
import { type Geometry, is3x3, macsOf } from './geometry.ts';
import { piecesFor, ranges } from './pieces.ts';
import { transformedBytes } from './volume-tiles.ts';
import { POINT_GAP, tilesOf } from './winograd.ts';
import { finishFilters, patchBytes, winograd3dFilterGradient } from './winograd3d-gradient.ts';

/** V and D: a block of tiles that stays in the cache, deep enough to pay for reading and writing U. */
const BLOCK_BYTES = 800 * 1024;
const LEAST_TILES = 48;
/** Partial sums of U: so many at most, and so many bytes together. */
const PARTS = 4;
const PARTS_BYTES = 10 * 2 ** 20;
const POINTS = 36;

const blockOf = (g: Geometry): number =>
  Math.min(tilesOf(g, 4), Math.max(LEAST_TILES, Math.floor(BLOCK_BYTES / (POINTS * 4 * (g.c + g.n)))));

const sumBytes = (g: Geometry): number => transformedBytes(g, 4);
const pointsBytes = (tiles: number, channels: number): number => POINTS * (tiles * channels + POINT_GAP) * 4;
const blockBytes = (g: Geometry): number => pointsBytes(blockOf(g), g.c) + pointsBytes(blockOf(g), g.n);
const piecesOf = (g: Geometry): number => piecesFor(winogradGradientCost(g));

/** Ranges of tiles that U is summed over apart; one where all threads work on each block. */
function partsOf(g: Geometry): [from: number, count: number][] {
  const most = Math.min(PARTS, piecesOf(g), Math.floor(PARTS_BYTES / sumBytes(g)));
  const tiles = tilesOf(g, 4);
  return ranges(tiles, tiles >= most * blockOf(g) ? Math.max(1, most) : 1);
}

const windowOf = ({ c, n, window: { y, x } }: Geometry) =>
  [y.input, x.input, c, n, y.before, x.before, y.size, x.size] as const;

/** Each call sums over tiles of its own. */
function sumApart(machine: Machine, g: Geometry, { input, gradient, scratch }: FilterGradientAddresses): void {
  const parts = partsOf(g);
  const own = scratch + parts.length * sumBytes(g);
  machine.each(
    'f32_winograd_gradient',
    parts.map(([first, count], i) => [
      scratch + i * sumBytes(g),
      input,
      gradient,
      own,
      first,
      count,
      ...windowOf(g),
      blockOf(g),
    ]),
    { argument: 3, bytes: blockBytes(g) + patchBytes(g) },
  );
}

/**
 * The gradient of Winograd's F(4 × 4, 3 × 3) in the filters. Scratch where sums are apart: U's partial sums, and for each thread
 * V, D, a patch and a square.
 */
export const winogradFilterGradient: FilterGradient = {
  name: 'winograd_4x4',
  scratch(g, threads) {
    const parts = partsOf(g).length;
    if (parts === 1) return winograd3dFilterGradient.scratch(g, threads);
    return parts * sumBytes(g) + threads * (blockBytes(g) + patchBytes(g));
  },
  run(machine, g, at) {
    const parts = partsOf(g).length;
    if (parts === 1) return winograd3dFilterGradient.run(machine, g, at);
    sumApart(machine, g, at);
    finishFilters(machine, g, at, at.scratch + parts * sumBytes(g), parts);
  },
};

/** In multiply-accumulates of the direct way: products, transforms, and U, which is written and read for each block. */
function winogradGradientCost(g: Geometry): number {
  const tiles = tilesOf(g, 4);
  return POINTS * (tiles * g.c * g.n + 8 * tiles * (g.c + g.n) + 4 * g.c * g.n * (1 + tiles / blockOf(g)));
}

export const fitsWinogradGradient = (g: Geometry): boolean =>
  is3x3(g) && g.c % 4 === 0 && g.n % 4 === 0 && winogradGradientCost(g) < macsOf(g);
