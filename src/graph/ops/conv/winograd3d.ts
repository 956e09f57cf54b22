import type { Kernels } from '../../../runtime/generated/abi.ts';
import type { Algorithm } from './algorithm.ts';
import { roundUp } from './gemm.ts';
import type { Geometry } from './geometry.ts';
import {
  cutVolume,
  transformedBytes,
  transformedProducts,
  transformedValues,
  volumeBlocks,
  volumeSizes,
} from './volume-tiles.ts';
import { POINT_GAP, packFilters, patchBytes, points, SQUARE_BYTES } from './winograd.ts';

/** V, M, a patch and a square. */
function threadBytes(g: Geometry, size: number): number {
  const { slices, tiles } = cutVolume(g, size);
  const v = tiles * (slices + g.window.z.kernel - 1) * g.c + POINT_GAP;
  const m = roundUp(tiles * slices, 4) * g.n + POINT_GAP;
  return points(size) * (v + m) * 4 + patchBytes(g, size);
}

/** As `winogradCost`. */
export const winograd3dCost = (g: Geometry, size: number): number =>
  transformedProducts(g, size) + 8 * transformedValues(g, size) + transformedBytes(g, size) / 2;

/**
 * Winograd's F(size × size, 3 × 3) on the slices of a volume, the sum over the window's depth among the products: kd × 3 × 3
 * filters in steps of 1, channels in fours, outputs in eights. Each call is a block of tiles.
 */
const winograd3d = (size: 2 | 4): Algorithm => ({
  name: `winograd_3d_${size}x${size}`,
  packedBytes: (g) => transformedBytes(g, size),
  packScratch: ({ n }) => (n / 8) * SQUARE_BYTES,
  pack: (machine, g, packed, filters, scratch) => packFilters(machine, g, size, packed, filters, scratch),
  scratch: (g, threads) => threads * threadBytes(g, size),
  run(machine, g, { input, output, weights, bias, scratch }, { slope, lo, hi }) {
    const calls = volumeBlocks(g, size).map(
      (block): Parameters<Kernels['f32_winograd_conv3d']> => [
        output + block.output,
        input + block.input,
        weights,
        bias,
        scratch,
        block.first,
        block.count,
        block.slices,
        ...volumeSizes(g, block.slice),
        size,
        slope,
        lo,
        hi,
      ],
    );
    machine.each('f32_winograd_conv3d', calls, { argument: 4, bytes: threadBytes(g, size) });
  },
});

export const winograd3d4 = winograd3d(4);
export const winograd3d2 = winograd3d(2);
