import type { Kernels } from '../../../runtime/generated/abi.ts';
import type { Machine } from '../../../runtime/machine.ts';
import type { FilterGradient, FilterGradientAddresses } from './filter-gradient.ts';
import { roundUp } from './gemm.ts';
import { type Geometry, is3x3InDepth, macsOf } from './geometry.ts';
import { piecesFor, ranges } from './pieces.ts';
import {
  cutVolume,
  transformedBytes,
  transformedProducts,
  transformedValues,
  volumeBlocks,
  volumeSizes,
} from './volume-tiles.ts';
import { POINT_GAP, SQUARE_BYTES } from './winograd.ts';

const POINTS = 36;

const depthOf = (g: Geometry): number => g.window.z.kernel;
const pointBytes = (g: Geometry): number => transformedBytes(g, 4) / POINTS;
/** Bytes of V's points and of D's, for so many tiles of so many slices. */
const vPointBytes = (g: Geometry, tiles: number, slices: number): number =>
  (tiles * (slices + depthOf(g) - 1) * g.c + POINT_GAP) * 4;
const dPointBytes = (g: Geometry, tiles: number, slices: number): number => (tiles * slices * g.n + POINT_GAP) * 4;
/** A patch and a square. */
export const patchBytes = (g: Geometry): number => roundUp(POINTS * Math.max(g.c, g.n) * 4 + SQUARE_BYTES, 64);

function bytesOf(g: Geometry) {
  const { slices, tiles } = cutVolume(g, 4);
  return {
    u: transformedBytes(g, 4),
    v: POINTS * vPointBytes(g, tiles, slices),
    d: POINTS * dPointBytes(g, tiles, slices),
  };
}

/** As `winogradGradientCost`; U, which is written and read for each block, is larger by the window's depth and farther away. */
const cost = (g: Geometry): number =>
  transformedProducts(g, 4) +
  8 * transformedValues(g, 4) +
  2 * (1 + volumeBlocks(g, 4).length) * transformedBytes(g, 4);

/** Gradients in filters from U, the sum of `parts` that lie one behind the other. `patch` is a patch and a square a thread. */
export function finishFilters(
  machine: Machine,
  g: Geometry,
  { output, scratch }: Pick<FilterGradientAddresses, 'output' | 'scratch'>,
  patch: number,
  parts: number,
): void {
  const size = g.c * g.n;
  const calls: Parameters<Kernels['f32_winograd_gradient_finish']>[] = [];
  for (let kz = 0; kz < depthOf(g); kz++)
    for (const [from, some] of ranges(size, Math.ceil(piecesFor(cost(g)) / depthOf(g)), 4))
      calls.push([
        output + (9 * kz * size + from) * 4,
        scratch + (kz * size + from) * 4,
        patch,
        some,
        size * 4,
        pointBytes(g),
        parts,
        transformedBytes(g, 4),
      ]);
  machine.each('f32_winograd_gradient_finish', calls, { argument: 2, bytes: patchBytes(g) });
}

/**
 * The gradient of Winograd's F(4 × 4, 3 × 3) on slices in kd × 3 × 3 filters. All threads work on one block after another: on
 * its tiles in the transforms, on its points in the products. Scratch: U, V, D, patches and squares.
 */
export const winograd3dFilterGradient: FilterGradient = {
  name: 'winograd_3d_4x4',
  scratch(g, threads) {
    const { u, v, d } = bytesOf(g);
    return u + v + d + threads * patchBytes(g);
  },
  run(machine, g, { input, gradient, output, scratch }) {
    const { c, n } = g;
    const kd = depthOf(g);
    const pieces = piecesFor(cost(g));
    const bytes = bytesOf(g);
    const v = scratch + bytes.u;
    const d = v + bytes.v;
    const patch = d + bytes.d;
    const [vRow, dRow] = [c * 4, n * 4];
    for (const [i, block] of volumeBlocks(g, 4).entries()) {
      const { first, count, slice, slices } = block;
      const [vPoint, dPoint] = [vPointBytes(g, count, slices), dPointBytes(g, count, slices)];
      machine.each(
        'f32_winograd3d_gradient_tiles',
        ranges(count, pieces).map(([from, some]) => [
          v + from * (slices + kd - 1) * vRow,
          d + from * slices * dRow,
          input + block.input,
          gradient + block.output,
          patch,
          first + from,
          some,
          slices,
          ...volumeSizes(g, slice),
          vPoint,
          dPoint,
        ]),
        { argument: 4, bytes: patchBytes(g) },
      );
      machine.each(
        'f32_winograd3d_gradient_multiply',
        ranges(POINTS, pieces).map(([point, some]) => [
          scratch + point * pointBytes(g),
          v + point * vPoint,
          d + point * dPoint,
          some,
          count,
          slices,
          kd,
          c,
          n,
          i > 0,
        ]),
      );
    }
    finishFilters(machine, g, { output, scratch }, patch, 1);
  },
};

export const fitsWinograd3dGradient = (g: Geometry): boolean =>
  is3x3InDepth(g) && g.c % 4 === 0 && g.n % 4 === 0 && cost(g) < macsOf(g);
