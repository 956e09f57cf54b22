import { describe, expect, it } from 'vitest';
import { chiSquareDifference } from '../../../src/graph/ops/chi-square-difference.ts';
import { metrics } from '../../oracle/distance.ts';
import { testPairFeature } from '../../support/pair-feature.ts';
import { runGradient } from '../../support/run-gradient.ts';

describe('chiSquareDifference', () => {
  testPairFeature(chiSquareDifference, metrics.chiSquare, true);

  it('is 0, with gradient 0, where the sum is not above 0', () => {
    const inputs = [
      { shape: [1, 5], values: [0, -1, -1, 3, 1e-30] },
      { shape: [1, 5], values: [0, 1, -2, -1.5, 0] },
    ];
    const { values, gradients } = runGradient(chiSquareDifference, inputs, {});
    expect([...values]).toEqual([0, 0, 0, 13.5, Math.fround(1e-30)]);
    expect([...gradients.nodes.x0!].map((value) => value === 0)).toEqual([true, true, true, false, false]);
  });
});
