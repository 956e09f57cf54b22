import type { Window } from '../../src/core/window.ts';
import type { Tensor } from '../support/run-op.ts';

/** A reduction of the real cells of each window, in float64. */
function poolOracle(x: Tensor, window: Window, reduce: (cells: readonly number[]) => number): Float64Array {
  const [batch, h, w, c] = x.shape as [number, number, number, number];
  const out = new Float64Array(batch * window.y.size * window.x.size * c);
  let at = 0;
  for (let b = 0; b < batch; b++)
    for (let oy = 0; oy < window.y.size; oy++)
      for (let ox = 0; ox < window.x.size; ox++)
        for (let i = 0; i < c; i++) {
          const cells: number[] = [];
          for (let ky = 0; ky < window.y.kernel; ky++)
            for (let kx = 0; kx < window.x.kernel; kx++) {
              const iy = oy * window.y.stride + ky - window.y.before;
              const ix = ox * window.x.stride + kx - window.x.before;
              if (iy >= 0 && ix >= 0 && iy < h && ix < w) cells.push(x.values[((b * h + iy) * w + ix) * c + i]!);
            }
          out[at++] = reduce(cells);
        }
  return out;
}

const sumOf = (cells: readonly number[]): number => cells.reduce((sum, value) => sum + value, 0);

/** Max pooling; a window with a NaN is NaN. */
export const maxPool2dOracle = (x: Tensor, window: Window): Float64Array =>
  poolOracle(x, window, (cells) => Math.max(...cells));

/** Average pooling over the real cells, or over the whole window. */
export const averagePool2dOracle = (x: Tensor, window: Window, countPadding: boolean): Float64Array =>
  poolOracle(x, window, (cells) => sumOf(cells) / (countPadding ? window.y.kernel * window.x.kernel : cells.length));

/** Mean over height and width. */
export function globalAveragePoolOracle(x: Tensor): Float64Array {
  const [batch, h, w, c] = x.shape as [number, number, number, number];
  const out = new Float64Array(batch * c);
  for (let b = 0; b < batch; b++)
    for (let cell = 0; cell < h * w; cell++)
      for (let i = 0; i < c; i++) out[b * c + i]! += x.values[(b * h * w + cell) * c + i]! / (h * w);
  return out;
}
