import type { NetworkInput } from '../architecture.ts';

/** What TF-slim's networks of this family see: RGB of 0 … 255 less the means of ImageNet. */
export const slimInput = (size: number): NetworkInput => ({
  name: 'image',
  size,
  place: 'centre',
  mean: [123.68, 116.779, 103.939],
  divisor: 1,
});
