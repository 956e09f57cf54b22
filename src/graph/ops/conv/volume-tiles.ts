import { type Geometry, inputPixels, isFlat, outputPixels } from './geometry.ts';
import { ranges } from './pieces.ts';
import { POINT_GAP, points, tilesOf } from './winograd.ts';

// How Winograd's transforms of images take volumes: an output's slices of input lie one behind the other, so a block is some
// tiles of a band of slices.

/** V and M: a block that stays in the cache. */
const BLOCK_BYTES = 800 * 1024;
/** Transformed filters above this do not stay in a core's own cache, so more outputs must share each read of them. */
const LARGE_FILTERS = 2 ** 20;
const LEAST_OUTPUTS = 64;
/** Slices of output at a time: the slices between two bands are transformed for both. */
const BAND = 16;

type Range = [from: number, count: number];

export interface VolumeCut {
  /** Ranges of slices of output. */
  readonly bands: readonly Range[];
  /** Ranges of tiles of a slice. */
  readonly blocks: readonly Range[];
  /** Slices of the largest band and tiles of the largest block. */
  readonly slices: number;
  readonly tiles: number;
}

export const transformedBytes = ({ c, n, window: { z } }: Geometry, size: number): number =>
  points(size) * (z.kernel * c * n + POINT_GAP) * 4;

/** Items that blocks keep apart: the tiles of images are numbered through the batch. */
const itemsOf = (g: Geometry): number => (isFlat(g) ? 1 : g.batch);
/** Tiles of one slice of an item. */
const sliceTiles = (g: Geometry, size: number): number => tilesOf(g, size) / itemsOf(g);

export function cutVolume(g: Geometry, size: number): VolumeCut {
  const { z } = g.window;
  const bands = ranges(z.size, Math.ceil(z.size / BAND));
  const slices = bands[0]![1];
  const tileBytes = points(size) * 4 * ((slices + z.kernel - 1) * g.c + slices * g.n);
  const least = transformedBytes(g, size) > LARGE_FILTERS ? Math.ceil(LEAST_OUTPUTS / slices) : 1;
  const blocks = ranges(
    sliceTiles(g, size),
    Math.ceil(sliceTiles(g, size) / Math.max(least, Math.floor(BLOCK_BYTES / tileBytes))),
  );
  return { bands, blocks, slices, tiles: blocks[0]![1] };
}

/** Values that go through the transforms, of the input and of the output. */
export function transformedValues(g: Geometry, size: number): number {
  const { z } = g.window;
  const tiles = tilesOf(g, size);
  const between = cutVolume(g, size).bands.length * (z.kernel - 1);
  return points(size) * tiles * ((z.size + between) * g.c + z.size * g.n);
}

/** Multiply-accumulates of the products. */
export const transformedProducts = (g: Geometry, size: number): number =>
  points(size) * tilesOf(g, size) * g.window.z.size * g.window.z.kernel * g.c * g.n;

/** Every block of a batch: where its input and its output begin, in bytes, and what of them it takes. */
export function volumeBlocks(g: Geometry, size: number) {
  const { y, x } = g.window;
  const { bands, blocks } = cutVolume(g, size);
  return Array.from({ length: itemsOf(g) }, (_, item) => item).flatMap((item) =>
    bands.flatMap(([slice, slices]) =>
      blocks.map(([first, count]) => ({
        input: item * inputPixels(g) * g.c * 4,
        output: (item * outputPixels(g) + slice * y.size * x.size) * g.n * 4,
        slice,
        slices,
        first,
        count,
      })),
    ),
  );
}

/** What kernels are told of a block: sizes of the volume, channels, the window's depth and place, and a slice's outputs. */
export const volumeSizes = ({ c, n, window: { z, y, x } }: Geometry, slice: number) =>
  [z.input, y.input, x.input, c, n, z.kernel, z.before - slice, y.before, x.before, y.size, x.size] as const;
