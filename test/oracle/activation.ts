import { type Activation, identity } from '../../src/graph/op.ts';
import type { OpOracle } from '../support/op-oracle.ts';

/** Every kind of activation that a kernel can fuse, by name. */
export const activations: readonly (readonly [name: string, activation: Activation])[] = [
  ['none', identity],
  ['ReLU', { slope: 1, lo: 0, hi: Number.POSITIVE_INFINITY }],
  ['clip', { slope: 1, lo: -0.25, hi: 0.5 }],
  ['leaky ReLU', { slope: 0.125, lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY }],
];

/** min(max(x, max(lo, slope·x)), hi). */
export const activate = (x: number, { slope, lo, hi }: Activation): number => Math.min(Math.max(x, lo, slope * x), hi);

/** An activation as an op, from what it is for its attributes: 0 on its bounds, its slope at and below 0. */
export const activationOp = <A>(activationOf: (attributes: A) => Activation): OpOracle<A> => ({
  forward: ({ x0 }, attributes) => Float64Array.from(x0!.values, (x) => activate(x, activationOf(attributes))),
  gradients({ x0 }, attributes, gradient) {
    const { slope, lo, hi } = activationOf(attributes);
    const derivative = (x: number): number => {
      const y = activate(x, { slope, lo, hi });
      if (y <= lo || y >= hi) return 0;
      return x > 0 ? 1 : slope;
    };
    return { x0: Float64Array.from(gradient, (g, i) => g * derivative(x0!.values[i]!)) };
  },
});
