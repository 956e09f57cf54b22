import type { Algorithm } from './algorithm.ts';
import { bandScratch, bandsOf } from './band.ts';
import { roundUp, TILE_BYTES } from './gemm.ts';
import { type Geometry, tapsOf } from './geometry.ts';

const groupBytes = (g: Geometry): number => tapsOf(g) * (g.c / g.groups) * roundUp(g.n / g.groups, 8) * 4;

/** Any convolution: products straight over the taps of the padded input, without im2col. */
export const direct: Algorithm = {
  name: 'direct',
  packedBytes: (g) => g.groups * groupBytes(g),
  packScratch: () => 0,
  pack(kernels, g, packed, filters) {
    const [c, n] = [g.c / g.groups, g.n / g.groups];
    for (let group = 0; group < g.groups; group++)
      kernels.f32_gemm_pack(packed + group * groupBytes(g), filters + group * n * 4, tapsOf(g) * c, n, g.n * 4);
  },
  scratch: (g) => TILE_BYTES + bandScratch(g),
  run({ kernels }, g, { input, output, weights, bias, scratch }, { slope, lo, hi }) {
    const { z, y, x } = g.window;
    const [c, n] = [g.c / g.groups, g.n / g.groups];
    for (const band of bandsOf(kernels, g, input, scratch + TILE_BYTES)) {
      const { image, depth, row, rows, sliceBytes, rowBytes, pixelBytes } = band;
      const out = output + ((image * z.size + depth) * y.size + row) * x.size * g.n * 4;
      for (let group = 0; group < g.groups; group++)
        kernels.f32_conv_direct(
          out + group * n * 4,
          band.input + group * c * 4,
          weights + group * groupBytes(g),
          bias + group * n * 4,
          scratch,
          rows,
          x.size,
          n,
          z.kernel,
          y.kernel,
          x.kernel,
          c,
          g.n * 4,
          sliceBytes,
          rowBytes,
          pixelBytes,
          y.stride,
          x.stride,
          y.dilation,
          x.dilation,
          slope,
          lo,
          hi,
        );
    }
  },
};
