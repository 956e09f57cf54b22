import type { OpOracle } from '../support/op-oracle.ts';

/** x[…,c] · scale[c] + shift[c], in float64. */
export const affineOracle = (
  x: ArrayLike<number>,
  scale: ArrayLike<number>,
  shift: ArrayLike<number>,
): Float64Array => {
  const c = scale.length;
  return Float64Array.from(x, (value, i) => value * scale[i % c]! + shift[i % c]!);
};

/** 1 / (1 + e^−x), in float64. */
export const sigmoidOracle = (x: ArrayLike<number>): Float64Array =>
  Float64Array.from(x, (value) => 1 / (1 + Math.exp(-value)));

export const sigmoidOp: OpOracle = {
  forward: ({ x0 }) => sigmoidOracle(x0!.values),
  gradients: ({ x0 }, _, gradient) => ({
    x0: sigmoidOracle(x0!.values).map((y, i) => gradient[i]! * y * (1 - y)),
  }),
};
