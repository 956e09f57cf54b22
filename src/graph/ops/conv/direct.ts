import { isPadded } from '../../../core/window.ts';
import type { Kernels } from '../../../runtime/generated/abi.ts';
import type { Algorithm } from './algorithm.ts';
import { type Box, boxBytes, boxOf, rowsUnder } from './box.ts';
import { roundUp, TILE_BYTES } from './gemm.ts';
import { type Geometry, inputPixels, macsOf, tapsOf } from './geometry.ts';
import { piecesFor } from './pieces.ts';

const groupBytes = (g: Geometry): number => tapsOf(g) * (g.c / g.groups) * roundUp(g.n / g.groups, 8) * 4;

function outputBox(g: Geometry): Box {
  const pieces = Math.ceil(piecesFor(macsOf(g)) / (g.batch * g.window.z.size));
  return boxOf(g, g.window.z.kernel, rowsUnder(g), pieces);
}

/** Bytes that each thread needs: a tile, and where something is padded the input under a box. */
function threadBytes(g: Geometry): number {
  if (!isPadded(g.window)) return TILE_BYTES;
  const { rows, columns } = outputBox(g);
  return TILE_BYTES + roundUp(boxBytes(g, g.window.z.kernel, rowsUnder(g)(rows), columns), 64);
}

/** Any convolution: products straight over the taps of the padded input, without im2col. */
export const direct: Algorithm = {
  name: 'direct',
  packedBytes: (g) => g.groups * groupBytes(g),
  packScratch: () => 0,
  pack({ kernels }, g, packed, filters) {
    const [c, n] = [g.c / g.groups, g.n / g.groups];
    for (let group = 0; group < g.groups; group++)
      kernels.f32_gemm_pack(packed + group * groupBytes(g), filters + group * n * 4, tapsOf(g) * c, n, g.n * 4);
  },
  scratch: (g, threads) => threads * threadBytes(g),
  run(machine, g, { input, output, weights, bias, scratch }, { slope, lo, hi }) {
    const { z, y, x } = g.window;
    const box = outputBox(g);
    const calls: Parameters<Kernels['f32_conv_direct']>[] = [];
    for (let image = 0; image < g.batch; image++)
      for (let depth = 0; depth < z.size; depth++)
        for (let row = 0; row < y.size; row += box.rows)
          for (let column = 0; column < x.size; column += box.columns)
            calls.push([
              output + (((image * z.size + depth) * y.size + row) * x.size + column) * g.n * 4,
              input + image * inputPixels(g) * g.c * 4,
              weights,
              bias,
              scratch,
              Math.min(box.rows, y.size - row),
              Math.min(box.columns, x.size - column),
              g.n,
              z.kernel,
              y.kernel,
              x.kernel,
              g.c,
              g.groups,
              z.input,
              y.input,
              x.input,
              depth * z.stride - z.before,
              row * y.stride - y.before,
              column * x.stride - x.before,
              y.stride,
              x.stride,
              z.dilation,
              y.dilation,
              x.dilation,
              slope,
              lo,
              hi,
            ]);
    machine.each('f32_conv_direct', calls, { argument: 4, bytes: threadBytes(g) });
  },
};
