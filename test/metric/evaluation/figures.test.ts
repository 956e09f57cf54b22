import { describe, expect, it } from 'vitest';
import { parametersOf } from '../../../src/graph/parameters.ts';
import { batchDistances, isCollapsed } from '../../../src/metric/evaluation/figures.ts';
import { movedAverages } from '../../../src/metric/training/running-averages.ts';

describe('batchDistances', () => {
  it('takes means over pairs of one class, of two, and all', () => {
    const distances = Float32Array.of(0, 1, 4, 1, 0, 6, 4, 6, 0);
    expect(batchDistances(distances, Float32Array.of(3, 3, 5))).toEqual({ positive: 1, negative: 5, all: 11 / 3 });
    expect(batchDistances(distances, Float32Array.of(1, 2, 3)).positive).toBe(0);
    expect(batchDistances(Float32Array.of(0), Float32Array.of(1))).toEqual({ positive: 0, negative: 0, all: 0 });
  });
});

describe('isCollapsed', () => {
  it('is measured by the length of the embeddings', () => {
    const large = new Float32Array(8).fill(100);
    expect(isCollapsed(large, 2, 0.1)).toBe(true);
    expect(isCollapsed(large, 2, 1)).toBe(false);
    expect(isCollapsed(new Float32Array(8), 2, 0)).toBe(true);
    expect(isCollapsed(Float32Array.of(1, 0, 0, 1), 2, Math.SQRT2)).toBe(false);
  });
});

describe('movedAverages', () => {
  it('moves towards the batch, and its variance without bias', () => {
    const store = parametersOf({ m: { shape: [2], values: [0, 10] }, v: { shape: [2], values: [1, 1] } });
    const norm = { moments: 'x', values: 5, mean: 'm', variance: 'v' };
    const { mean, variance } = movedAverages(store, norm, Float32Array.of(2, 20, 4, 8), 0.5);
    expect([...mean]).toEqual([1, 15]);
    expect([...variance]).toEqual([1 + 0.5 * (5 - 1), 1 + 0.5 * (10 - 1)]);
  });
});
