import { reachOf } from '../../../core/window.ts';
import type { Kernels } from '../../../runtime/generated/abi.ts';
import type { Algorithm } from './algorithm.ts';
import { chooseAlgorithm } from './choose.ts';
import { panelsBytes, roundUp, TILE_BYTES } from './gemm.ts';
import {
  filterElements,
  flippedGeometry,
  type Geometry,
  inputPixels,
  isPointwise,
  macsOf,
  outputPixels,
  tapsOf,
} from './geometry.ts';
import { piecesFor, ranges } from './pieces.ts';

/** The gradient in the input of a convolution in steps of 1 is the convolution of the gradient with flipped filters. */
const flip: Algorithm = {
  name: 'flip',
  packedBytes: (g) => flipped(g).algorithm.packedBytes(flipped(g).geometry),
  packScratch: (g) => filterElements(g) * 4 + flipped(g).algorithm.packScratch(flipped(g).geometry),
  pack(machine, g, packed, filters, scratch) {
    const { algorithm, geometry } = flipped(g);
    const [taps, tapBytes] = [tapsOf(g), g.c * g.n * 4];
    const calls = Array.from({ length: taps }, (_, tap) => {
      const opposite = scratch + (taps - 1 - tap) * tapBytes;
      return [opposite, filters + tap * tapBytes, g.c, g.n, g.n * 4] as const;
    });
    machine.each('f32_transpose', calls);
    algorithm.pack(machine, geometry, packed, scratch, scratch + filterElements(g) * 4);
  },
  scratch: (g, threads) => flipped(g).algorithm.scratch(flipped(g).geometry, threads),
  run: (machine, g, at, activation) => flipped(g).algorithm.run(machine, flipped(g).geometry, at, activation),
};

const flipped = (g: Geometry): { geometry: Geometry; algorithm: Algorithm } => {
  const geometry = flippedGeometry(g)!;
  return { geometry, algorithm: chooseAlgorithm(geometry) };
};

/** What a pixel of the gradient contributes to one group: all taps and channels. */
const contributions = (g: Geometry): number => tapsOf(g) * (g.c / g.groups);
const panelBytes = (g: Geometry): number => panelsBytes(g.n / g.groups, contributions(g));
const threadBytes = (g: Geometry): number =>
  roundUp(TILE_BYTES + (roundUp(contributions(g), 8) + g.window.x.size * contributions(g)) * 4, 64);

/** Rows of a band are at least so many times those that it shares with the next one. */
const BAND_ROWS = 4;

/**
 * Bands of rows of the input. What two bands share is multiplied for both, so one thread takes an image whole: every sum has
 * the same order in any band.
 */
function bandsOf(g: Geometry, threads: number): [row: number, rows: number][] {
  const { y } = g.window;
  const wanted = threads === 1 ? 1 : Math.ceil(piecesFor(macsOf(g)) / g.batch);
  return ranges(y.input, Math.max(1, Math.min(wanted, Math.floor(y.input / (BAND_ROWS * reachOf(y))))));
}

/**
 * Any other: a row of the gradient times the transposed filters gives what every tap contributes, which is then added to
 * where the tap lies. Bias and activation come last.
 */
const scatter: Algorithm = {
  name: 'scatter',
  packedBytes: (g) => g.groups * panelBytes(g),
  packScratch: (g) => (filterElements(g) / g.groups) * 4,
  pack({ kernels }, g, packed, filters, scratch) {
    const [rows, n] = [contributions(g), g.n / g.groups];
    for (let group = 0; group < g.groups; group++) {
      kernels.f32_transpose(scratch, filters + group * n * 4, rows, n, g.n * 4);
      kernels.f32_gemm_pack(packed + group * panelBytes(g), scratch, n, rows, rows * 4);
    }
  },
  scratch: (g, threads) => threads * threadBytes(g),
  run(machine, g, { input, output, weights, bias, scratch }, { slope, lo, hi }) {
    const { z, y, x } = g.window;
    const calls: Parameters<Kernels['f32_conv_scatter']>[] = [];
    for (let image = 0; image < g.batch; image++)
      for (const [row, rows] of bandsOf(g, machine.threads))
        calls.push([
          output + image * inputPixels(g) * g.c * 4,
          input + image * outputPixels(g) * g.n * 4,
          weights,
          bias,
          scratch,
          row,
          rows,
          z.input,
          y.input,
          x.input,
          g.c,
          z.size,
          y.size,
          x.size,
          g.n,
          z.kernel,
          y.kernel,
          x.kernel,
          g.groups,
          z.before,
          y.before,
          x.before,
          z.stride,
          y.stride,
          x.stride,
          z.dilation,
          y.dilation,
          x.dilation,
          slope,
          lo,
          hi,
        ]);
    machine.each('f32_conv_scatter', calls, { argument: 4, bytes: threadBytes(g) });
  },
};

/** How the gradient in the input of a convolution is computed: from [.., Co] to [.., C]. */
export const chooseInputGradient = (g: Geometry): Algorithm =>
  flippedGeometry(g) && (isPointwise(g) || tapsOf(g) > 1) ? flip : scatter;
