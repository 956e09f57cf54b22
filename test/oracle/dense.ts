import type { OpOracle } from '../support/op-oracle.ts';

/** x[n,c] · filters[c,o] + bias[o]. */
export const denseOracle: OpOracle = {
  forward({ x0, filters, bias }) {
    const [rows, c] = x0!.shape as [number, number];
    const n = filters!.shape[1]!;
    return Float64Array.from({ length: rows * n }, (_, at) => {
      const [row, column] = [Math.floor(at / n), at % n];
      let sum = bias?.values[column] ?? 0;
      for (let k = 0; k < c; k++) sum += x0!.values[row * c + k]! * filters!.values[k * n + column]!;
      return sum;
    });
  },
  gradients({ x0, filters, bias }, _, gradient) {
    const [c, n] = filters!.shape as [number, number];
    const dx = new Float64Array(x0!.values.length);
    const dw = new Float64Array(c * n);
    const db = new Float64Array(n);
    for (let at = 0; at < gradient.length; at++) {
      const [row, column] = [Math.floor(at / n), at % n];
      db[column]! += gradient[at]!;
      for (let k = 0; k < c; k++) {
        dx[row * c + k]! += gradient[at]! * filters!.values[k * n + column]!;
        dw[k * n + column]! += gradient[at]! * x0!.values[row * c + k]!;
      }
    }
    return { x0: dx, filters: dw, ...(bias && { bias: db }) };
  },
};
