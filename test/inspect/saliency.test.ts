import { describe, expect, it } from 'vitest';
import { effectiveField, saliency } from '../../src/inspect/saliency.ts';

describe('saliency', () => {
  it('is the largest magnitude of each cell', () => {
    expect(saliency(Float32Array.of(1, -3, 2, 0, 0, 0.5, -1, -1), [1, 2, 2, 2])).toEqual(Float32Array.of(3, 2, 0.5, 1));
  });
});

describe('effectiveField', () => {
  it('leaves out the ends that hold little', () => {
    // Rows 0 … 9 hold 1, 1, 8, 30, 30, 20, 8, 1, 1, 0; columns are alike.
    const rows = [1, 1, 8, 30, 30, 20, 8, 1, 1, 0];
    const values = Float32Array.from({ length: 20 }, (_, i) => (i % 2 ? -1 : 1) * rows[Math.floor(i / 2)]!);
    expect(effectiveField(values, [1, 10, 2, 1])).toEqual([
      { first: 2, size: 5 },
      { first: 0, size: 2 },
    ]);
    expect(effectiveField(values, [1, 10, 2, 1], 0.5)[0]).toEqual({ first: 3, size: 3 });
    expect(effectiveField(values, [1, 10, 2], 1)[0]).toEqual({ first: 0, size: 9 });
  });

  it('is everything where nothing is', () => {
    expect(effectiveField(new Float32Array(12), [1, 3, 2, 2])).toEqual([
      { first: 0, size: 3 },
      { first: 0, size: 2 },
    ]);
  });
});
