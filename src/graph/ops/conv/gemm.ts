import type { Algorithm } from './algorithm.ts';
import { outputPixels } from './geometry.ts';

/** Bytes of a tile that hangs over the edge of a matrix. */
export const TILE_BYTES = 128;

export const roundUp = (n: number, to: number): number => Math.ceil(n / to) * to;

/** A convolution with a window of one cell is a product of matrices. */
export const gemm: Algorithm = {
  name: 'gemm',
  packedBytes: ({ c, n }) => c * roundUp(n, 8) * 4,
  packScratch: () => 0,
  pack: (kernels, { c, n }, packed, filters) => kernels.f32_gemm_pack(packed, filters, c, n, n * 4),
  scratch: () => TILE_BYTES,
  run({ kernels }, g, { input, output, weights, bias, scratch }, { slope, lo, hi }) {
    const { batch, c, n } = g;
    kernels.f32_gemm_4x8(
      output,
      input,
      weights,
      bias,
      scratch,
      batch * outputPixels(g),
      n,
      c,
      n * 4,
      c * 4,
      slope,
      lo,
      hi,
    );
  },
};
