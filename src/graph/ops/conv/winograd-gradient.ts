import type { FilterGradient } from './filter-gradient.ts';
import { type Geometry, is3x3, macsOf } from './geometry.ts';
import { piecesFor, ranges } from './pieces.ts';
import { POINT_GAP, tilesOf } from './winograd.ts';

/** V and D: a block of tiles that stays in the cache, deep enough to pay for reading and writing U. */
const BLOCK_BYTES = 800 * 1024;
const LEAST_TILES = 48;
const SQUARE_BYTES = 36 * 16;
const POINTS = 36;

const blockOf = (g: Geometry): number =>
  Math.min(tilesOf(g, 4), Math.max(LEAST_TILES, Math.floor(BLOCK_BYTES / (POINTS * 4 * (g.c + g.n)))));

const pointsBytes = (tiles: number, channels: number): number => POINTS * (tiles * channels + POINT_GAP) * 4;
/** A patch and a square. */
const patchBytes = (g: Geometry): number => Math.ceil((POINTS * Math.max(g.c, g.n) * 4 + SQUARE_BYTES) / 64) * 64;

/** The gradient of Winograd's F(4 × 4, 3 × 3) in the filters, block by block of tiles. */
export const winogradFilterGradient: FilterGradient = {
  name: 'winograd_4x4',
  scratch: (g, threads) =>
    pointsBytes(blockOf(g), g.c) + pointsBytes(blockOf(g), g.n) + POINTS * g.c * g.n * 4 + threads * patchBytes(g),
  run(machine, g, { input, gradient, output, scratch }) {
    const { c, n } = g;
    const { y, x } = g.window;
    const v = scratch;
    const d = v + pointsBytes(blockOf(g), c);
    const u = d + pointsBytes(blockOf(g), n);
    const patch = u + POINTS * c * n * 4;
    const own = { argument: 4, bytes: patchBytes(g) };
    const tiles = tilesOf(g, 4);
    const pieces = piecesFor(winogradGradientCost(g));
    for (const [first, count] of ranges(tiles, Math.ceil(tiles / blockOf(g)), blockOf(g))) {
      const vPoint = (count * c + POINT_GAP) * 4;
      const dPoint = (count * n + POINT_GAP) * 4;
      machine.each(
        'f32_winograd_gradient_tiles',
        ranges(count, pieces).map(([from, some]) => [
          v + from * c * 4,
          d + from * n * 4,
          input,
          gradient,
          patch,
          first + from,
          some,
          y.input,
          x.input,
          c,
          n,
          y.before,
          x.before,
          y.size,
          x.size,
          vPoint,
          dPoint,
        ]),
        own,
      );
      machine.each(
        'f32_winograd_gradient_multiply',
        ranges(POINTS, pieces).map(([point, some]) => [
          u + point * c * n * 4,
          v + point * vPoint,
          d + point * dPoint,
          some,
          count,
          c,
          n,
          first > 0,
        ]),
      );
    }
    machine.each(
      'f32_winograd_gradient_finish',
      ranges(c * n, pieces, 4).map(([from, some]) => [output + from * 4, u + from * 4, patch, some, c * n * 4]),
      { ...own, argument: 2 },
    );
  },
};

/** In multiply-accumulates of the direct way: products, transforms, and U, which is written and read for each block. */
function winogradGradientCost(g: Geometry): number {
  const tiles = tilesOf(g, 4);
  return POINTS * (tiles * g.c * g.n + 8 * tiles * (g.c + g.n) + 4 * g.c * g.n * (1 + tiles / blockOf(g)));
}

export const fitsWinogradGradient = (g: Geometry): boolean =>
  is3x3(g) && g.c % 4 === 0 && g.n % 4 === 0 && winogradGradientCost(g) < macsOf(g);
