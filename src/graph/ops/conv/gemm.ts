import type { Kernels } from '../../../runtime/generated/abi.ts';
import type { Machine } from '../../../runtime/machine.ts';
import type { Activation } from '../../op.ts';
import type { Algorithm, ConvAddresses } from './algorithm.ts';
import { outputPixels } from './geometry.ts';
import { finePiecesFor, ranges } from './pieces.ts';

/** Bytes of a tile that hangs over the edge of a matrix. */
export const TILE_BYTES = 128;
/** Rows that the kernel takes at a time. */
const ROWS = 132;

export const roundUp = (n: number, to: number): number => Math.ceil(n / to) * to;

/** Bytes of filters [k][n] in panels. */
export const panelsBytes = (k: number, n: number): number => k * roundUp(n, 8) * 4;

export const productScratch = (threads: number): number => threads * TILE_BYTES;

/**
 * output[m][n] = activation(input[m][k] · panels[k][n] + bias[n] + residual[m][n]), and what is before the activation in
 * `linear`; cut into rows, and where those are few into columns.
 */
export function product(
  machine: Machine,
  [m, n, k]: readonly [m: number, n: number, k: number],
  { input, output, weights, bias, residual = 0, linear = 0, scratch }: ConvAddresses,
  { slope, lo, hi }: Activation,
): void {
  const pieces = finePiecesFor(m * n * k);
  const rows = ranges(m, pieces === 1 ? 1 : Math.ceil(m / ROWS), ROWS);
  const columns = ranges(n, Math.max(1, Math.floor(pieces / rows.length)), 8);
  const calls: Parameters<Kernels['f32_gemm_4x8']>[] = [];
  for (const [row, height] of rows)
    for (const [column, width] of columns)
      calls.push([
        output + (row * n + column) * 4,
        input + row * k * 4,
        weights + panelsBytes(k, column),
        bias + column * 4,
        residual && residual + (row * n + column) * 4,
        linear && linear + (row * n + column) * 4,
        scratch,
        height,
        width,
        k,
        n * 4,
        k * 4,
        slope,
        lo,
        hi,
      ]);
  machine.each('f32_gemm_4x8', calls, { argument: 6, bytes: TILE_BYTES });
}

/** A convolution with a window of one cell is a product of matrices. */
export const gemm: Algorithm = {
  name: 'gemm',
  adds: true,
  packedBytes: ({ c, n }) => panelsBytes(c, n),
  packScratch: () => 0,
  pack: ({ kernels }, { c, n }, packed, filters) => kernels.f32_gemm_pack(packed, filters, c, n, n * 4),
  scratch: (_, threads) => productScratch(threads),
  run: (machine, g, at, activation) => product(machine, [g.batch * outputPixels(g), g.n, g.c], at, activation),
};
