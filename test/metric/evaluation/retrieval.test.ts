import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/core/errors.ts';
import { retrieval } from '../../../src/metric/evaluation/retrieval.ts';
import * as oracle from '../../oracle/retrieval.ts';

/** Points on a line, in steps that float32 holds exactly. */
const at = (...places: number[]) => places.map((place) => [place]);

describe('retrieval', () => {
  it('is what is computed by hand', () => {
    // From 0: a(1) b(2) a(10): R = 2, precisions 1 and ½. From 1: a(0) b(2): 1, ½. From 10: b(2) a(1): nothing, then ½.
    const result = retrieval(at(0, 1, 10, 2), ['a', 'a', 'a', 'b']);
    expect(result.precisionAt1).toBeCloseTo(2 / 3, 12);
    expect(result.rPrecision).toBeCloseTo(0.5, 12);
    expect(result.mapAtR).toBeCloseTo((0.5 + 0.5 + 0.25) / 3, 12);
    expect(result).toMatchObject({ queries: 3, lone: 1 });
  });

  it('is perfect where classes lie apart, and nothing where each is nearest to another', () => {
    expect(retrieval(at(0, 1, 100, 101), [7, 7, 8, 8])).toEqual({
      precisionAt1: 1,
      rPrecision: 1,
      mapAtR: 1,
      queries: 4,
      lone: 0,
    });
    expect(retrieval(at(0, 100, 1, 101), [7, 7, 8, 8])).toMatchObject({ precisionAt1: 0, rPrecision: 0, mapAtR: 0 });
  });

  it('is what ranking everything gives, duplicates and lone ones among them', () => {
    const point = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(fc.tuple(point, fc.nat(4)), { minLength: 6, maxLength: 40 }), (items) => {
        const [embeddings, labels] = [items.map(([p]) => p), items.map(([, l]) => l)];
        fc.pre(new Set(labels).size > 1 && new Set(labels).size < labels.length);
        const { lone, ...figures } = retrieval(embeddings, labels);
        const expected = oracle.retrieval(embeddings, labels);
        for (const key of ['precisionAt1', 'rPrecision', 'mapAtR', 'queries'] as const)
          expect(figures[key]).toBeCloseTo(expected[key], 12);
        expect(lone).toBe(labels.length - expected.queries);
      }),
    );
  });

  it('is the same in whatever blocks queries are searched', () => {
    const points = Array.from({ length: 700 }, (_, i) => [(i * 37) % 101, (i * 53) % 89]);
    const labels = points.map((_, i) => i % 9);
    const expected = oracle.retrieval(points, labels);
    const result = retrieval(points, labels);
    expect(result.mapAtR).toBeCloseTo(expected.mapAtR, 12);
    expect(result.queries).toBe(700);
  });

  it('looks at directions only where the distance is the cosine', () => {
    const rays = [
      [1, 0],
      [100, 1],
      [0, 1],
      [1, 100],
    ];
    expect(retrieval(rays, [1, 1, 2, 2], { distance: 'cosine' }).precisionAt1).toBe(1);
    expect(retrieval(rays, [1, 1, 2, 2]).precisionAt1).toBe(0.5);
  });

  it.each([
    ['no embeddings', [], [], /expected embeddings, got none/],
    ['a label too few', at(0, 1), ['a'], /a label for each of 2 embeddings, got 1/],
    ['one class', at(0, 1), ['a', 'a'], /at least two classes, got 1/],
    ['classes of one', at(0, 1), ['a', 'b'], /a class of at least two embeddings/],
    ['NaN', [[0], [Number.NaN], [1]], ['a', 'a', 'b'], /embedding 1: .*number 0 is NaN/],
    ['unequal sizes', [[0, 1], [0], [1, 1]], ['a', 'a', 'b'], /embedding 1: expected a vector of 2 numbers, got 1/],
  ])('refuses %s', (_, embeddings, labels, message) => {
    expect(() => retrieval(embeddings, labels)).toThrow(InputError);
    expect(() => retrieval(embeddings, labels)).toThrow(message);
  });

  it('refuses a distance that is none, and a direction of zeros', () => {
    expect(() => retrieval(at(0, 1, 2), [1, 1, 2], { distance: 'l1' as 'cosine' })).toThrow(/got "l1"/);
    expect(() => retrieval(at(0, 1, 2), [1, 1, 2], { distance: 'cosine' })).toThrow(/no direction/);
  });
});
