import { identity } from '../../op.ts';
import type { Algorithm } from './algorithm.ts';
import { chooseAlgorithm } from './choose.ts';
import { roundUp, TILE_BYTES } from './gemm.ts';
import { filterElements, flippedGeometry, type Geometry, inputPixels, isPointwise, tapsOf } from './geometry.ts';

/** The gradient in the input of a convolution in steps of 1 is the convolution of the gradient with flipped filters. */
const flip: Algorithm = {
  name: 'flip',
  packedBytes: (g) => flipped(g).algorithm.packedBytes(flipped(g).geometry),
  packScratch: (g) => filterElements(g) * 4 + flipped(g).algorithm.packScratch(flipped(g).geometry),
  pack(kernels, g, packed, filters, scratch) {
    const { algorithm, geometry } = flipped(g);
    kernels.f32_filters_flip(scratch, filters, tapsOf(g), g.c, g.n);
    algorithm.pack(kernels, geometry, packed, scratch, scratch + filterElements(g) * 4);
  },
  scratch: (g, threads) => flipped(g).algorithm.scratch(flipped(g).geometry, threads),
  run: (machine, g, at, activation) => flipped(g).algorithm.run(machine, flipped(g).geometry, at, activation),
};

const flipped = (g: Geometry): { geometry: Geometry; algorithm: Algorithm } => {
  const geometry = flippedGeometry(g)!;
  return { geometry, algorithm: chooseAlgorithm(geometry) };
};

const panelBytes = (g: Geometry): number => (g.n / g.groups) * roundUp(tapsOf(g) * (g.c / g.groups), 8) * 4;
const rowTapsBytes = (g: Geometry): number => g.window.x.size * tapsOf(g) * (g.c / g.groups) * 4;
const zerosBytes = (g: Geometry): number => roundUp(tapsOf(g) * (g.c / g.groups), 8) * 4;

/**
 * Any other: a row of the gradient times the transposed filters gives what every tap contributes, which is then added to
 * where the tap lies. Bias and activation come last.
 */
const scatter: Algorithm = {
  name: 'scatter',
  packedBytes: (g) => g.groups * panelBytes(g),
  packScratch: (g) => (filterElements(g) / g.groups) * 4,
  pack(kernels, g, packed, filters, scratch) {
    const [rows, n] = [tapsOf(g) * (g.c / g.groups), g.n / g.groups];
    for (let group = 0; group < g.groups; group++) {
      kernels.f32_transpose(scratch, filters + group * n * 4, rows, n, g.n * 4);
      kernels.f32_gemm_pack(packed + group * panelBytes(g), scratch, n, rows, rows * 4);
    }
  },
  scratch: (g) => TILE_BYTES + zerosBytes(g) + rowTapsBytes(g),
  run({ kernels, memory }, g, { input, output, weights, bias, scratch }, { slope, lo, hi }) {
    const { z, y, x } = g.window;
    const [c, n] = [g.c / g.groups, g.n / g.groups];
    const taps = tapsOf(g) * c;
    const [zeros, rowTaps] = [scratch + TILE_BYTES, scratch + TILE_BYTES + zerosBytes(g)];
    memory.u8(zeros, zerosBytes(g)).fill(0);
    memory.u8(output, g.batch * inputPixels(g) * g.c * 4).fill(0);
    for (let image = 0; image < g.batch; image++)
      for (let depth = 0; depth < z.size; depth++)
        for (let row = 0; row < y.size; row++)
          for (let group = 0; group < g.groups; group++) {
            const from = input + (((image * z.size + depth) * y.size + row) * x.size * g.n + group * n) * 4;
            const panels = weights + group * panelBytes(g);
            kernels.f32_gemm_4x8(
              rowTaps,
              from,
              panels,
              zeros,
              scratch,
              x.size,
              taps,
              n,
              taps * 4,
              g.n * 4,
              identity.slope,
              identity.lo,
              identity.hi,
            );
            for (let kz = 0; kz < z.kernel; kz++) {
              const slice = depth * z.stride + kz * z.dilation - z.before;
              if (slice < 0 || slice >= z.input) continue;
              kernels.f32_conv_scatter(
                output + ((image * z.input + slice) * y.input * x.input * g.c + group * c) * 4,
                rowTaps + kz * y.kernel * x.kernel * c * 4,
                x.size,
                y.kernel,
                x.kernel,
                c,
                y.input,
                x.input,
                row * y.stride - y.before,
                -x.before,
                x.stride,
                y.dilation,
                x.dilation,
                x.input * g.c * 4,
                g.c * 4,
                taps * 4,
              );
            }
          }
    kernels.f32_bias_activate(output, output, bias, g.batch * inputPixels(g), g.c, slope, lo, hi);
  },
};

/** How the gradient in the input of a convolution is computed: from [.., Co] to [.., C]. */
export const chooseInputGradient = (g: Geometry): Algorithm =>
  flippedGeometry(g) && (isPointwise(g) || tapsOf(g) > 1) ? flip : scatter;
