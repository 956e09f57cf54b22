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

/** x[…,c] · scale[c] + shift[c]. */
export const affineOp: OpOracle = {
  forward: ({ x0, scale, shift }) => affineOracle(x0!.values, scale!.values, shift!.values),
  gradients({ x0, scale }, _, gradient) {
    const c = scale!.values.length;
    const [dScale, dShift] = [new Float64Array(c), new Float64Array(c)];
    for (let i = 0; i < gradient.length; i++) {
      dScale[i % c]! += gradient[i]! * x0!.values[i]!;
      dShift[i % c]! += gradient[i]!;
    }
    return {
      x0: Float64Array.from(gradient, (g, i) => g * scale!.values[i % c]!),
      scale: dScale,
      shift: dShift,
    };
  },
};

/** An op of two tensors of one shape, from a function of two numbers and its derivatives. */
const pairwiseOp = (
  f: (a: number, b: number) => number,
  derivatives: (a: number, b: number) => readonly [number, number],
): OpOracle => ({
  forward: ({ x0, x1 }) => Float64Array.from(x0!.values, (a, i) => f(a, x1!.values[i]!)),
  gradients({ x0, x1 }, _, gradient) {
    const along = (side: 0 | 1) =>
      Float64Array.from(gradient, (g, i) => g * derivatives(x0!.values[i]!, x1!.values[i]!)[side]);
    return { x0: along(0), x1: along(1) };
  },
});

export const addOp = pairwiseOp(
  (a, b) => a + b,
  () => [1, 1],
);
export const multiplyOp = pairwiseOp(
  (a, b) => a * b,
  (a, b) => [b, a],
);
export const squaredDifferenceOp = pairwiseOp(
  (a, b) => (a - b) ** 2,
  (a, b) => [2 * (a - b), -2 * (a - b)],
);

/** x above 0, slope[c] · x elsewhere. */
export const preluOp: OpOracle = {
  forward({ x0, slope }) {
    const c = slope!.values.length;
    return Float64Array.from(x0!.values, (x, i) => (x > 0 ? x : x * slope!.values[i % c]!));
  },
  gradients({ x0, slope }, _, gradient) {
    const c = slope!.values.length;
    const dSlope = new Float64Array(c);
    for (let i = 0; i < gradient.length; i++)
      if (!(x0!.values[i]! > 0)) dSlope[i % c]! += gradient[i]! * x0!.values[i]!;
    const dx = Float64Array.from(gradient, (g, i) => (x0!.values[i]! > 0 ? g : g * slope!.values[i % c]!));
    return { x0: dx, slope: dSlope };
  },
};

/** The mean of all elements. */
export const meanOp: OpOracle = {
  forward: ({ x0 }) => Float64Array.of(Array.from(x0!.values).reduce((sum, x) => sum + x, 0) / x0!.values.length),
  gradients: ({ x0 }, _, gradient) => ({
    x0: new Float64Array(x0!.values.length).fill(gradient[0]! / x0!.values.length),
  }),
};

/** x[…,c] · m[…], in float64. */
export const maskOp: OpOracle = {
  forward({ x0, x1 }) {
    const c = x0!.shape.at(-1)!;
    return Float64Array.from(x0!.values, (x, i) => x * x1!.values[Math.floor(i / c)]!);
  },
  gradients({ x0, x1 }, _, gradient) {
    const c = x0!.shape.at(-1)!;
    const factors = new Float64Array(x1!.values.length);
    for (let i = 0; i < gradient.length; i++) factors[Math.floor(i / c)]! += gradient[i]! * x0!.values[i]!;
    return { x0: Float64Array.from(gradient, (g, i) => g * x1!.values[Math.floor(i / c)]!), x1: factors };
  },
};
