import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/core/errors.ts';
import { labelledPairs } from '../../../src/metric/evaluation/labelled-pairs.ts';

const keyOf = ({ a, b }: { a: number; b: number }) => `${a} ${b}`;

describe('labelledPairs', () => {
  it('are all of one class, and as many of two', () => {
    const pairs = labelledPairs(['a', 'a', 'a', 'b', 'b', 'c']);
    expect(pairs.filter(({ same }) => same).map(keyOf)).toEqual(['0 1', '0 2', '1 2', '3 4']);
    expect(pairs.filter(({ same }) => !same)).toHaveLength(4);
  });

  it('tell truly which are of one class, none twice, none with itself', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(5), { minLength: 3, maxLength: 30 }),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(9),
        (labels, different, seed) => {
          const classes = new Set(labels).size;
          fc.pre(classes > 1 && classes < labels.length);
          const pairs = labelledPairs(labels, { different, seed });
          const same = pairs.filter((pair) => pair.same).length;
          const all = labels.flatMap((x, i) => labels.slice(0, i).map((y) => x !== y)).filter(Boolean).length;
          for (const { a, b, same } of pairs) expect(labels[a] === labels[b]).toBe(same);
          expect(pairs.every(({ a, b }) => a < b)).toBe(true);
          expect(new Set(pairs.map(keyOf)).size).toBe(pairs.length);
          expect(pairs.length - same).toBe(Math.min(same * different, all));
        },
      ),
    );
  });

  it('are at most so many, drawn from all classes, the same for the same seed', () => {
    const labels = Array.from({ length: 400 }, (_, i) => i % 4);
    const pairs = labelledPairs(labels, { most: 200 });
    expect(pairs.filter(({ same }) => same)).toHaveLength(200);
    expect(new Set(pairs.filter(({ same }) => same).map(({ a }) => labels[a])).size).toBe(4);
    expect(labelledPairs(labels, { most: 200 })).toEqual(pairs);
    expect(labelledPairs(labels, { most: 200, seed: 2 })).not.toEqual(pairs);
  });

  it('refuse one class, classes of one, and numbers that are none', () => {
    expect(() => labelledPairs(['a', 'a'])).toThrow(/at least two classes, got 1/);
    expect(() => labelledPairs([])).toThrow(InputError);
    expect(() => labelledPairs(['a', 'b'])).toThrow(/every class has one/);
    for (const wrong of [{ most: 0 }, { different: 0.5 }])
      expect(() => labelledPairs([1, 1, 2], wrong)).toThrow(InputError);
  });
});
