import type { Algorithm } from './algorithm.ts';
import { roundUp } from './gemm.ts';
import type { Geometry } from './geometry.ts';

/** V and M: a block of tiles that stays in the cache. */
const BLOCK_BYTES = 800 * 1024;
/** Transformed filters above this do not stay in a core's own cache, so more tiles must share each read of them. */
const LARGE_FILTERS = 2 ** 20;
const SQUARE_BYTES = 36 * 16;
/** The gap behind each point, in floats. */
export const POINT_GAP = 16;

const points = (size: number): number => (size + 2) ** 2;

export const tilesOf = ({ batch, window: { y, x } }: Geometry, size: number): number =>
  batch * Math.ceil(y.size / size) * Math.ceil(x.size / size);

/** Tiles that the kernel takes at a time. */
function blockOf(g: Geometry, size: number): number {
  const least = points(size) * g.c * g.n * 4 > LARGE_FILTERS ? 64 : 16;
  const fitting = Math.floor(BLOCK_BYTES / (points(size) * 4 * (g.c + g.n)));
  return Math.min(roundUp(Math.max(least, fitting), 4), roundUp(tilesOf(g, size), 4));
}

/**
 * What the kernel costs, in multiply-accumulates of the direct one: its products, its transforms (measured at some eight
 * of them for a transformed value) and reading its filters.
 */
export function winogradCost(g: Geometry, size: number): number {
  const tiles = tilesOf(g, size);
  return points(size) * (roundUp(tiles, 4) * g.c * g.n + 8 * tiles * (g.c + g.n) + 2 * g.c * g.n);
}

/** Winograd's F(size × size, 3 × 3) (Lavin & Gray 2016): 3 × 3 filters in steps of 1, channels in fours, outputs in eights. */
const winograd = (size: 2 | 4): Algorithm => ({
  name: `winograd_${size}x${size}`,
  packedBytes: ({ c, n }) => points(size) * (c * n + POINT_GAP) * 4,
  packScratch: () => SQUARE_BYTES,
  pack: (kernels, { c, n }, packed, filters, scratch) =>
    kernels.f32_winograd_filter(packed, filters, scratch, c, n, size),
  scratch: (g) => points(size) * (blockOf(g, size) * (g.c + g.n) + 2 * POINT_GAP + g.c) * 4 + SQUARE_BYTES,
  run({ kernels }, g, { input, output, weights, bias, scratch }, { slope, lo, hi }) {
    const { batch, c, n } = g;
    const { y, x } = g.window;
    kernels.f32_winograd_conv2d(
      output,
      input,
      weights,
      bias,
      scratch,
      batch,
      y.input,
      x.input,
      c,
      n,
      y.before,
      x.before,
      y.size,
      x.size,
      size,
      blockOf(g, size),
      slope,
      lo,
      hi,
    );
  },
});

export const winograd4 = winograd(4);
export const winograd2 = winograd(2);
