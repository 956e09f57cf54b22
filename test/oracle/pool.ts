import { resolveWindow, type Window, type WindowAxis } from '../../src/core/window.ts';
import type { AveragePoolAttributes } from '../../src/graph/ops/average-pool.ts';
import type { MaxPoolAttributes } from '../../src/graph/ops/max-pool.ts';
import type { PoolAttributes } from '../../src/graph/ops/pool-window.ts';
import type { OpOracle } from '../support/op-oracle.ts';
import type { Tensor } from '../support/run-op.ts';

const windowOf = (input: readonly number[], { size, stride = size, padding = 'valid' }: PoolAttributes): Window =>
  resolveWindow(
    'pool',
    input,
    input.slice(1, -1).map((_, i) => (typeof size === 'number' ? size : size[i]!)),
    {
      stride,
      padding,
    },
  );

/** The real cells of each window, as flat indices of x, in the order of the output. */
function windows(x: Tensor, attributes: PoolAttributes): number[][] {
  const { z, y, x: u } = windowOf(x.shape, attributes);
  const [batch, c] = [x.shape[0]!, x.shape.at(-1)!];
  const inside = (axis: WindowAxis, at: number): number[] =>
    Array.from({ length: axis.kernel }, (_, tap) => at * axis.stride + tap - axis.before).filter(
      (cell) => cell >= 0 && cell < axis.input,
    );
  const all: number[][] = [];
  for (let b = 0; b < batch; b++)
    for (let oz = 0; oz < z.size; oz++)
      for (let oy = 0; oy < y.size; oy++)
        for (let ox = 0; ox < u.size; ox++) {
          const pixels: number[] = [];
          for (const iz of inside(z, oz))
            for (const iy of inside(y, oy))
              for (const ix of inside(u, ox)) pixels.push(((b * z.input + iz) * y.input + iy) * u.input + ix);
          for (let i = 0; i < c; i++) all.push(pixels.map((pixel) => pixel * c + i));
        }
  return all;
}

/** The cell that wins: the first NaN, otherwise the first of the largest. */
function winner(x: Tensor, cells: readonly number[]): number {
  const nan = cells.find((cell) => Number.isNaN(x.values[cell]!));
  return nan ?? cells.reduce((best, cell) => (x.values[cell]! > x.values[best]! ? cell : best));
}

export const maxPoolOracle: OpOracle<MaxPoolAttributes> = {
  forward: ({ x0 }, attributes) =>
    Float64Array.from(windows(x0!, attributes), (cells) => x0!.values[winner(x0!, cells)]!),
  gradients({ x0 }, attributes, gradient) {
    const dx = new Float64Array(x0!.values.length);
    for (const [i, cells] of windows(x0!, attributes).entries()) dx[winner(x0!, cells)]! += gradient[i]!;
    return { x0: dx };
  },
};

const cellsCounted = (x: Tensor, attributes: AveragePoolAttributes, real: number): number => {
  const { z, y, x: u } = windowOf(x.shape, attributes);
  return attributes.countPadding ? z.kernel * y.kernel * u.kernel : real;
};

export const averagePoolOracle: OpOracle<AveragePoolAttributes> = {
  forward: ({ x0 }, attributes) =>
    Float64Array.from(windows(x0!, attributes), (cells) => {
      const sum = cells.reduce((total, cell) => total + x0!.values[cell]!, 0);
      return sum / cellsCounted(x0!, attributes, cells.length);
    }),
  gradients({ x0 }, attributes, gradient) {
    const dx = new Float64Array(x0!.values.length);
    for (const [i, cells] of windows(x0!, attributes).entries())
      for (const cell of cells) dx[cell]! += gradient[i]! / cellsCounted(x0!, attributes, cells.length);
    return { x0: dx };
  },
};

/** Item, channel and share of the mean of flat index `i`. */
function placeInMean({ shape, values }: Tensor, i: number): { to: number; share: number } {
  const c = shape.at(-1)!;
  const cells = values.length / shape[0]! / c;
  return { to: Math.floor(i / (cells * c)) * c + (i % c), share: 1 / cells };
}

export const globalAveragePoolOracle: OpOracle = {
  forward({ x0 }) {
    const out = new Float64Array(x0!.shape[0]! * x0!.shape.at(-1)!);
    for (let i = 0; i < x0!.values.length; i++) {
      const { to, share } = placeInMean(x0!, i);
      out[to]! += x0!.values[i]! * share;
    }
    return out;
  },
  gradients: ({ x0 }, _, gradient) => ({
    x0: Float64Array.from(x0!.values, (_value, i) => gradient[placeInMean(x0!, i).to]! * placeInMean(x0!, i).share),
  }),
};
