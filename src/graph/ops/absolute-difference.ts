import { pairFeature } from './metric/feature.ts';

/**
 * |a − b| for each coordinate of pairs of rows: what a binary head ŷ = σ(Σₖ wₖ |aₖ − bₖ| + b) reads (Taigman et al. 2014,
 * Koch et al. 2015), with `dense` and `sigmoid` behind it. Two inputs [P,D], or one [P,2,D] or [2P,D] with the rows of a
 * pair behind one another; output [P,D]. The gradient is 0 where both are equal.
 */
export const absoluteDifference = pairFeature('absoluteDifference', 0);
