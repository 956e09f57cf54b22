import { type Activation, identity } from '../../src/graph/op.ts';

/** Every kind of activation that a kernel can fuse, by name. */
export const activations: readonly (readonly [name: string, activation: Activation])[] = [
  ['none', identity],
  ['ReLU', { slope: 1, lo: 0, hi: Number.POSITIVE_INFINITY }],
  ['clip', { slope: 1, lo: -0.25, hi: 0.5 }],
  ['leaky ReLU', { slope: 0.125, lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY }],
];

/** min(max(x, max(lo, slope·x)), hi). */
export const activate = (x: number, { slope, lo, hi }: Activation): number => Math.min(Math.max(x, lo, slope * x), hi);
