import type { Shape } from '../../src/core/shape.ts';
import type { Tensor } from '../support/run-op.ts';

/** x[…,c] · scale[c] + shift[c], in float64. */
export const affineOracle = (
  x: ArrayLike<number>,
  scale: ArrayLike<number>,
  shift: ArrayLike<number>,
): Float64Array => {
  const c = scale.length;
  return Float64Array.from(x, (value, i) => value * scale[i % c]! + shift[i % c]!);
};

/** Zeros around a tensor, by looking up each output cell. */
export function padOracle(x: Tensor, before: readonly number[], after: readonly number[]): Float64Array {
  const shape: Shape = x.shape.map((size, i) => before[i]! + size + after[i]!);
  const count = shape.reduce((product, size) => product * size, 1);
  return Float64Array.from({ length: count }, (_, at) => {
    let rest = at;
    let from = 0;
    let step = 1;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const index = (rest % shape[axis]!) - before[axis]!;
      rest = Math.floor(rest / shape[axis]!);
      if (index < 0 || index >= x.shape[axis]!) return 0;
      from += index * step;
      step *= x.shape[axis]!;
    }
    return x.values[from]!;
  });
}

/** 1 / (1 + e^−x), in float64. */
export const sigmoidOracle = (x: ArrayLike<number>): Float64Array =>
  Float64Array.from(x, (value) => 1 / (1 + Math.exp(-value)));

/** Each run of `c` values divided by its length, in float64; zeros stay zeros. */
export function l2NormalizeOracle(x: ArrayLike<number>, c: number): Float64Array {
  const values = Float64Array.from(x);
  for (let row = 0; row < values.length; row += c) {
    const norm = Math.hypot(...values.subarray(row, row + c));
    for (let i = row; i < row + c; i++) values[i] = norm === 0 ? 0 : values[i]! / norm;
  }
  return values;
}
