import type { OpOracle } from '../support/op-oracle.ts';

/** Each run of `c` values divided by its length; zeros stay zeros, and their gradient is 0. */
export const l2NormalizeOracle: OpOracle = {
  forward({ x0 }) {
    const c = x0!.shape.at(-1)!;
    const values = Float64Array.from(x0!.values);
    for (let row = 0; row < values.length; row += c) {
      const norm = Math.hypot(...values.subarray(row, row + c));
      for (let i = row; i < row + c; i++) values[i] = norm === 0 ? 0 : values[i]! / norm;
    }
    return values;
  },
  gradients({ x0 }, attributes, gradient) {
    const c = x0!.shape.at(-1)!;
    const y = l2NormalizeOracle.forward({ x0: x0! }, attributes);
    const dx = new Float64Array(y.length);
    for (let row = 0; row < y.length; row += c) {
      const norm = Math.hypot(...Array.from(x0!.values).slice(row, row + c));
      let along = 0;
      for (let i = row; i < row + c; i++) along += y[i]! * gradient[i]!;
      for (let i = row; i < row + c; i++) dx[i] = norm === 0 ? 0 : (gradient[i]! - y[i]! * along) / norm;
    }
    return { x0: dx };
  },
};
