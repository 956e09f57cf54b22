import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrayDataset } from '../../../src/metric/training/dataset.ts';
import { classSampler, pairSampler } from '../../../src/metric/training/sampler.ts';

/** Classes of so many examples each. */
const dataset = (...sizes: number[]) =>
  arrayDataset(
    sizes.flatMap((size, i) =>
      Array.from({ length: size }, () => ({ class: `c${String(i).padStart(3, '0')}`, values: [i] })),
    ),
    [1],
  );

describe('classSampler', () => {
  it('gives P classes of K examples, none twice in a batch while a class has others', () => {
    const cases = fc.record({
      sizes: fc.array(fc.integer({ min: 2, max: 6 }), { minLength: 2, maxLength: 9 }),
      p: fc.integer({ min: 2, max: 9 }),
      k: fc.integer({ min: 2, max: 7 }),
      seed: fc.nat(),
      step: fc.nat(1000),
    });
    fc.assert(
      fc.property(cases, ({ sizes, p, k, seed, step }) => {
        fc.pre(p <= sizes.length);
        const data = dataset(...sizes);
        const { examples, labels } = classSampler(data, { classes: p, each: k, seed }).batch(step);
        expect(examples).toHaveLength(p * k);
        expect(new Set(labels).size).toBe(p);
        for (let row = 0; row < p * k; row++) {
          expect(labels[row]).toBe(labels[row - (row % k)]);
          expect(data.classes[labels[row]!]!.examples).toContain(examples[row]);
        }
        for (let c = 0; c < p; c++) {
          const own = [...examples.slice(c * k, (c + 1) * k)];
          expect(new Set(own).size).toBe(Math.min(k, data.classes[labels[c * k]!]!.examples.length));
        }
      }),
    );
  });

  it('shows all classes equally often', () => {
    const sampler = classSampler(dataset(...new Array<number>(10).fill(3)), { classes: 4, each: 2, seed: 5 });
    const counts = new Array<number>(10).fill(0);
    for (let step = 0; step < 50; step++) for (const label of sampler.batch(step).labels) counts[label]!++;
    // 200 places for 10 classes, two rows each; the batch that begins a round may shift a place.
    for (const count of counts) expect(Math.abs(count / 2 - 20)).toBeLessThanOrEqual(8);
    expect(counts.reduce((a, b) => a + b)).toBe(400);
  });

  it('is a function of seed and step', () => {
    const data = dataset(...new Array<number>(30).fill(4));
    const [one, two] = [1, 2].map((seed) => classSampler(data, { classes: 5, each: 3, seed }));
    const backwards = [7, 3, 0].map((step) => one!.batch(step));
    const again = classSampler(data, { classes: 5, each: 3, seed: 1 });
    expect([0, 3, 7].map((step) => again.batch(step)).reverse()).toEqual(backwards);
    expect(two!.batch(3)).not.toEqual(one!.batch(3));
    expect(one!.batch(4)).not.toEqual(one!.batch(3));
  });

  it('says what a dataset lacks', () => {
    expect(() => classSampler(dataset(3), { classes: 2, each: 2 })).toThrow('one class only ("c000")');
    expect(() => classSampler(dataset(3, 1, 1), { classes: 2, each: 2 })).toThrow(
      'class "c001" has one example, as 1 more have: a positive needs a second one',
    );
    expect(() => classSampler(dataset(3, 3), { classes: 3, each: 2 })).toThrow(
      'a batch of 3 classes needs as many, got 2',
    );
    expect(() => classSampler(dataset(3, 3), { classes: 2, each: 1 })).toThrow(
      'each must be a whole number of at least 2',
    );
    const { labels } = classSampler(dataset(3, 1, 3), { classes: 2, each: 2, lone: 'skip' }).batch(0);
    expect(new Set(labels)).toEqual(new Set([0, 2]));
  });
});

describe('pairSampler', () => {
  it('gives half pairs of one class, half of two', () => {
    const data = dataset(3, 2, 5, 4);
    const sampler = pairSampler(data, { pairs: 8, seed: 3 });
    for (let step = 0; step < 20; step++) {
      const { examples, labels, same } = sampler.batch(step);
      expect([...same]).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
      for (let i = 0; i < 8; i++) {
        expect(labels[2 * i] === labels[2 * i + 1]).toBe(same[i] === 1);
        expect(examples[2 * i]).not.toBe(examples[2 * i + 1]);
        for (const row of [2 * i, 2 * i + 1]) expect(data.classes[labels[row]!]!.examples).toContain(examples[row]);
      }
    }
    expect(pairSampler(data, { pairs: 8, seed: 3 }).batch(7)).toEqual(sampler.batch(7));
  });

  it('takes an even number of pairs', () => {
    expect(() => pairSampler(dataset(2, 2), { pairs: 3 })).toThrow(
      'pairs must be an even whole number of at least 2, got 3',
    );
  });
});
