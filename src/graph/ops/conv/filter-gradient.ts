import type { Machine } from '../../../runtime/machine.ts';
import { bandScratch, bandsOf } from './band.ts';
import { type Geometry, is3x3, macsOf } from './geometry.ts';
import { POINT_GAP, tilesOf } from './winograd.ts';

export interface FilterGradientAddresses {
  readonly input: number;
  /** Gradient in the output. */
  readonly gradient: number;
  /** Gradient in the filters, [...kernel, C / groups, Co]. */
  readonly output: number;
  readonly scratch: number;
}

/** One way to compute the gradient in the filters of a convolution. */
export interface FilterGradient {
  readonly name: string;
  scratch(g: Geometry): number;
  run(machine: Machine, g: Geometry, at: FilterGradientAddresses): void;
}

/** Any convolution: for each tap, the input under it times the gradient, summed over pixels. */
const direct: FilterGradient = {
  name: 'direct',
  scratch: bandScratch,
  run({ kernels }, g, { input, gradient, output, scratch }) {
    const { z, y, x } = g.window;
    const [c, n] = [g.c / g.groups, g.n / g.groups];
    // Taps of a row touch where nothing lies between them: then they are one product.
    const touching = x.dilation === 1 && g.groups === 1;
    const [pieces, m] = touching ? [1, x.kernel * c] : [x.kernel, c];
    const [outRow, gradientPixel] = [g.n * 4, g.n * 4];
    let resume = false;
    for (const band of bandsOf(kernels, g, input, scratch)) {
      const from = gradient + ((band.image * z.size + band.depth) * y.size + band.row) * x.size * gradientPixel;
      for (let kz = 0; kz < z.kernel; kz++)
        for (let ky = 0; ky < y.kernel; ky++)
          for (let piece = 0; piece < pieces; piece++)
            for (let group = 0; group < g.groups; group++) {
              const tap = (kz * y.kernel + ky) * x.kernel + piece;
              const under =
                band.input +
                kz * band.sliceBytes +
                ky * y.dilation * band.rowBytes +
                piece * x.dilation * band.pixelBytes;
              kernels.f32_gemm_at(
                output + tap * c * outRow + group * n * 4,
                under + group * c * 4,
                from + group * n * 4,
                m,
                n,
                band.rows,
                x.size,
                outRow,
                y.stride * band.rowBytes,
                x.stride * band.pixelBytes,
                x.size * gradientPixel,
                gradientPixel,
                resume,
              );
            }
      resume = true;
    }
  },
};

/** V and D: a block of tiles that stays in the cache, deep enough to pay for reading and writing U. */
const BLOCK_BYTES = 800 * 1024;
const LEAST_TILES = 48;

const blockOf = (g: Geometry): number =>
  Math.min(tilesOf(g, 4), Math.max(LEAST_TILES, Math.floor(BLOCK_BYTES / (36 * 4 * (g.c + g.n)))));

const winograd: FilterGradient = {
  name: 'winograd_4x4',
  scratch: (g) => 36 * (blockOf(g) * (g.c + g.n) + 2 * POINT_GAP + g.c * g.n + Math.max(g.c, g.n)) * 4 + 36 * 16,
  run({ kernels }, g, { input, gradient, output, scratch }) {
    const { y, x } = g.window;
    kernels.f32_winograd_filter_gradient(
      output,
      input,
      gradient,
      scratch,
      g.batch,
      y.input,
      x.input,
      g.c,
      g.n,
      y.before,
      x.before,
      y.size,
      x.size,
      blockOf(g),
    );
  },
};

/** In multiply-accumulates of the direct way: products, transforms, and U, which is written and read for each block. */
const winogradCost = (g: Geometry): number => {
  const tiles = tilesOf(g, 4);
  return 36 * (tiles * g.c * g.n + 8 * tiles * (g.c + g.n) + 4 * g.c * g.n * (1 + tiles / blockOf(g)));
};

export const chooseFilterGradient = (g: Geometry): FilterGradient =>
  is3x3(g) && g.c % 4 === 0 && g.n % 4 === 0 && winogradCost(g) < macsOf(g) ? winograd : direct;
