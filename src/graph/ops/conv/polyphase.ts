import type { WindowAxis } from '../../../core/window.ts';
import type { Kernels } from '../../../runtime/generated/abi.ts';
import type { Algorithm } from './algorithm.ts';
import { roundUp } from './gemm.ts';
import { type Geometry, inputPixels, isFlat } from './geometry.ts';
import { piecesFor, ranges } from './pieces.ts';
import {
  blockOf,
  packFilters,
  patchBytes,
  pointsBytes,
  SQUARE_BYTES,
  transformedFilterBytes,
  winogradCost,
} from './winograd.ts';

// Every second pixel of each axis is a phase: in steps of 2, a window meets each of the four phases in steps of 1. With the
// phases as channels (cells of 2 × 2 pixels) the convolution is one that Winograd's transforms take.

/** Taps a side over cells: a window of 5 or 6 pixels meets 3, one of 7 or 8 meets 4. */
const tapsOver = ({ window: { y, x } }: Geometry): number => Math.ceil(Math.max(y.kernel, x.kernel) / 2);
/** Outputs a side of a tile: the eight points of a side are one fewer than outputs and taps. */
const sizeOf = (g: Geometry): number => 9 - tapsOver(g);

/** The convolution in steps of 1 over cells, which hold what a window covers of the padding too. */
function overCells(g: Geometry): Geometry {
  const kernel = tapsOver(g);
  const axis = ({ size }: WindowAxis): WindowAxis => ({
    input: size + kernel - 1,
    size,
    kernel,
    stride: 1,
    dilation: 1,
    before: 0,
    after: 0,
  });
  const { z, y, x } = g.window;
  return { ...g, c: 4 * g.c, window: { z, y: axis(y), x: axis(x) } };
}

/** Steps of 2, windows of 5 to 8 pixels a side, outputs in eights. */
export const fitsPolyphase = (g: Geometry): boolean =>
  isFlat(g) &&
  g.groups === 1 &&
  g.n % 8 === 0 &&
  g.window.z.stride === 1 &&
  [g.window.y, g.window.x].every(
    ({ kernel, stride, dilation }) => kernel >= 5 && kernel <= 8 && stride === 2 && dilation === 1,
  );

/** In multiply-accumulates of the direct kernel: that of the convolution over cells, and gathering those. */
export function polyphaseCost(g: Geometry): number {
  const cells = overCells(g);
  return winogradCost(cells, sizeOf(g)) + 8 * cells.batch * inputPixels(cells) * cells.c;
}

/** Rows of outputs that a call computes, and how many of their tiles it takes at a time. */
function bandOf(g: Geometry): { rows: number; block: number } {
  const { y, x } = g.window;
  const size = sizeOf(g);
  const across = Math.ceil(x.size / size);
  const most = blockOf(overCells(g), size);
  const pieces = Math.ceil(piecesFor(polyphaseCost(g)) / g.batch);
  const shared = Math.ceil(Math.ceil(y.size / size) / pieces);
  const down = Math.max(1, Math.min(shared, Math.floor(most / across)));
  return { rows: down * size, block: Math.min(most, roundUp(down * across, 4)) };
}

function threadBytes(g: Geometry): number {
  const { rows, block } = bandOf(g);
  const { c, n, window } = overCells(g);
  const more = tapsOver(g) - 1;
  const cells = (rows + more) * window.x.input * c * 4;
  const size = sizeOf(g);
  return roundUp(
    cells + pointsBytes(size, block, c) + pointsBytes(size, block, n) + patchBytes(overCells(g), size),
    64,
  );
}

/** Floats of the filters over cells. */
const cellFilters = (g: Geometry): number => tapsOver(g) ** 2 * 4 * g.c * g.n;

/** Winograd's transforms on the four phases of a convolution in steps of 2. */
export const polyphase: Algorithm = {
  name: 'polyphase',
  packedBytes: (g) => transformedFilterBytes(overCells(g), sizeOf(g)),
  packScratch: (g) => cellFilters(g) * 4 + (g.n / 8) * SQUARE_BYTES,
  pack(machine, g, packed, filters, scratch) {
    const { y, x } = g.window;
    const taps = tapsOver(g);
    const tap = g.c * g.n;
    const plain = machine.memory.f32(filters, y.kernel * x.kernel * tap);
    const cells = machine.memory.f32(scratch, cellFilters(g)).fill(0);
    for (let ky = 0; ky < y.kernel; ky++)
      for (let kx = 0; kx < x.kernel; kx++) {
        const cell = (ky >> 1) * taps + (kx >> 1);
        const phase = (ky & 1) * 2 + (kx & 1);
        const from = (ky * x.kernel + kx) * tap;
        cells.set(plain.subarray(from, from + tap), (cell * 4 + phase) * tap);
      }
    packFilters(machine, overCells(g), sizeOf(g), packed, scratch, scratch + cellFilters(g) * 4);
  },
  scratch: (g, threads) => threads * threadBytes(g),
  run(machine, g, { input, output, weights, bias, scratch }, { slope, lo, hi }) {
    const { y, x } = g.window;
    const { rows, block } = bandOf(g);
    const calls: Parameters<Kernels['f32_winograd_polyphase']>[] = [];
    for (let image = 0; image < g.batch; image++)
      for (const [row, some] of ranges(y.size, Math.ceil(y.size / rows), rows))
        calls.push([
          output + (image * y.size + row) * x.size * g.n * 4,
          input + image * inputPixels(g) * g.c * 4,
          weights,
          bias,
          scratch,
          some,
          y.input,
          x.input,
          g.c,
          g.n,
          2 * row - y.before,
          -x.before,
          x.size,
          sizeOf(g),
          block,
          slope,
          lo,
          hi,
        ]);
    machine.each('f32_winograd_polyphase', calls, { argument: 4, bytes: threadBytes(g) });
  },
};
