import type { Kernels } from '../../../runtime/generated/abi.ts';
import type { Machine } from '../../../runtime/machine.ts';
import { type Geometry, macsOf } from './geometry.ts';
import { piecesFor, ranges } from './pieces.ts';

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
  scratch(g: Geometry, threads: number): number;
  run(machine: Machine, g: Geometry, at: FilterGradientAddresses): void;
}

/** Pixels at a time: a tile's share of them, a cache line a pixel on either side, stays next to the core. */
const BLOCK = 128;
/** Rows and columns of a call at least: each copies the input that its rows read. */
const LEAST_ROWS = 16;
const LEAST_COLUMNS = 32;

interface Cut {
  /** Products that a row of taps is, and the rows of each. */
  readonly pieces: number;
  /** Ranges of rows and of columns of a product: each pair is a call. */
  readonly high: [from: number, count: number][];
  readonly wide: [from: number, count: number][];
  /** Pixels that a call takes at a time, and the bytes between them in scratch. */
  readonly block: number;
  readonly packed: number;
}

function cutOf(g: Geometry): Cut {
  const { z, y, x } = g.window;
  const [c, n] = [g.c / g.groups, g.n / g.groups];
  // Taps of a row touch where nothing lies between them: then they are one product.
  const touching = x.dilation === 1 && g.groups === 1;
  const [pieces, m] = touching ? [1, x.kernel * c] : [x.kernel, c];
  const wanted = Math.ceil(piecesFor(macsOf(g)) / (z.kernel * y.kernel * g.groups));
  const high = ranges(m, wanted, LEAST_ROWS);
  const wide = ranges(n, Math.ceil(wanted / high.length), LEAST_COLUMNS);
  // An odd number of cache lines: pixels at a multiple of 4 KiB would fight for one set.
  const packed = (Math.ceil((pieces * high[0]![1] * 4) / 64) | 1) * 64;
  const block = Math.min(y.size * x.size, BLOCK);
  return { pieces, high, wide, block, packed };
}

const threadBytes = ({ block, packed }: Cut): number => block * packed;

/**
 * Any convolution: for each row of taps, the input under it times the gradient, summed over pixels. Calls share out the
 * filters, never the pixels, so that no sum has parts in two of them.
 */
export const directFilterGradient: FilterGradient = {
  name: 'direct',
  scratch: (g, threads) => threads * threadBytes(cutOf(g)),
  run(machine, g, { input, gradient, output, scratch }) {
    const { z, y, x } = g.window;
    const [c, n] = [g.c / g.groups, g.n / g.groups];
    const cut = cutOf(g);
    const calls: Parameters<Kernels['f32_conv_filter_gradient']>[] = [];
    for (let kz = 0; kz < z.kernel; kz++)
      for (let ky = 0; ky < y.kernel; ky++)
        for (let group = 0; group < g.groups; group++)
          for (const [i, height] of cut.high)
            for (const [j, width] of cut.wide) {
              const [tap, filter] = [(kz * y.kernel + ky) * x.kernel, group * n + j];
              calls.push([
                output + ((tap * c + i) * g.n + filter) * 4,
                input,
                gradient + filter * 4,
                scratch,
                height,
                width,
                cut.pieces,
                c * g.n * 4,
                g.n * 4,
                g.batch,
                z.input,
                y.input,
                x.input,
                g.c,
                z.size,
                y.size,
                x.size,
                g.n * 4,
                kz * z.dilation - z.before,
                ky * y.dilation - y.before,
                -x.before,
                (group * c + i) * 4,
                z.stride,
                y.stride,
                x.stride,
                x.dilation,
                cut.block,
                cut.packed,
              ]);
            }
    machine.each('f32_conv_filter_gradient', calls, { argument: 3, bytes: threadBytes(cut) });
  },
};
