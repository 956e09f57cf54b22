import type { Tensor } from '../support/run-op.ts';

/** x[n,c] · filters[c,o] + bias[o], in float64. */
export function denseOracle(x: Tensor, filters: Tensor, bias?: ArrayLike<number>): Float64Array {
  const [rows, c] = x.shape as [number, number];
  const n = filters.shape[1]!;
  return Float64Array.from({ length: rows * n }, (_, at) => {
    const [row, column] = [Math.floor(at / n), at % n];
    let sum = bias?.[column] ?? 0;
    for (let k = 0; k < c; k++) sum += x.values[row * c + k]! * filters.values[k * n + column]!;
    return sum;
  });
}
