import { pairFeature } from './metric/feature.ts';

/**
 * χ² = (a − b)² / (a + b) for each coordinate of pairs of rows, 0 where a + b ≤ 0: meant for features that are not
 * negative, such as those behind a ReLU (Taigman et al. 2014, DeepFace, 4.1). Inputs and output as `absoluteDifference`.
 */
export const chiSquareDifference = pairFeature('chiSquareDifference', 1);
