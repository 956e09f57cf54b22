import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/core/errors.ts';
import { binomialTail } from '../../../src/metric/evaluation/binomial.ts';
import { proportionInterval } from '../../../src/metric/evaluation/interval.ts';
import { normalWidth } from '../../../src/metric/evaluation/normal.ts';
import { quantileInterval } from '../../../src/metric/evaluation/quantile-interval.ts';

/** To 12 digits: scipy, that the values are from, promises no more. */
const close = (value: number, expected: number): void =>
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-12 * Math.abs(expected));

describe('normalWidth', () => {
  it.each([
    [0.001, 0.0012533144654324165],
    [0.5, 0.6744897501960817],
    [0.9, 1.6448536269514722],
    [0.95, 1.959963984540054],
    [0.99, 2.5758293035489004],
    [0.999, 3.2905267314919255],
  ])('of %d is the quantile of the normal distribution', (confidence, z) => close(normalWidth(confidence), z));
});

describe('binomialTail', () => {
  it.each([
    [3, 10, 0.2, 0.32220047360000015],
    [60, 100, 0.5, 0.028443966820490444],
    [1, 1_000_000, 1e-6, 0.632120742768355],
    [20, 1_000_000, 1e-6, 1.5872554442153314e-19],
    [9, 10, 0.99, 0.9957337997571686],
    [0, 10, 0.3, 1],
    [11, 10, 0.3, 0],
    [1, 10, 0, 0],
    [10, 10, 1, 1],
  ])('P(X ≥ %i) of %i trials at %d', (least, n, p, expected) =>
    expect(Math.abs(binomialTail(least, n, p) - expected)).toBeLessThanOrEqual(1e-10 * expected + 1e-30),
  );

  it('is the sum over all outcomes of few trials', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.nat(11),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (n, least, p) => {
          let expected = 0;
          for (let outcome = 0; outcome < 1 << n; outcome++) {
            const hits = outcome.toString(2).replaceAll('0', '').length;
            if (hits >= least) expected += p ** hits * (1 - p) ** (n - hits);
          }
          expect(binomialTail(least, n, p)).toBeCloseTo(expected, 12);
        },
      ),
    );
  });
});

describe('proportionInterval', () => {
  it.each([
    [0, 300, 0.95, 0, 0.01222097469429355],
    [1, 10, 0.95, 0.0025285785444617865, 0.4450161170281954],
    [5, 10, 0.9, 0.22244110100812936, 0.7775588989918706],
    [6, 600, 0.95, 0.003678416445652254, 0.021637955709401673],
    [599, 600, 0.99, 0.9876825955785498, 0.999991645798524],
    [10, 10, 0.95, 0.6915028921812392, 1],
    [37, 100_000, 0.95, 0.00026052710608173105, 0.0005099605611549961],
    [2500, 5000, 0.999, 0.47664636625874457, 0.5233536337412557],
  ])('by Clopper and Pearson of %i in %i at %d', (hits, trials, confidence, low, high) => {
    const interval = proportionInterval(hits, trials, { confidence });
    expect(interval.confidence).toBe(confidence);
    close(interval.low, low);
    close(interval.high, high);
  });

  it.each([
    [0, 300, 0.95, 0, 0.012642971224546036],
    [1, 10, 0.95, 0.01787621309507289, 0.4041500267952385],
    [5, 10, 0.9, 0.2692718211382672, 0.7307281788617328],
    [599, 600, 0.99, 0.9859616145659582, 0.9998042939740837],
  ])('by Wilson of %i in %i at %d', (hits, trials, confidence, low, high) => {
    const interval = proportionInterval(hits, trials, { method: 'wilson', confidence });
    close(interval.low, low);
    close(interval.high, high);
  });

  it('is zero failures in n: 1 − α/2 is reached at (α/2)^(1/n)', () => {
    for (const n of [1, 10, 299, 3000]) expect((1 - proportionInterval(0, n).high) ** n).toBeCloseTo(0.025, 12);
  });

  it('holds the share, mirrors it, and widens with confidence', () => {
    const share = fc.integer({ min: 1, max: 500 }).chain((n) => fc.tuple(fc.nat(n), fc.constant(n)));
    fc.assert(
      fc.property(share, fc.constantFrom('wilson' as const, 'clopper-pearson' as const), ([hits, n], method) => {
        const narrow = proportionInterval(hits, n, { method, confidence: 0.8 });
        const wide = proportionInterval(hits, n, { method, confidence: 0.99 });
        const mirrored = proportionInterval(n - hits, n, { method, confidence: 0.8 });
        expect(narrow.low).toBeLessThanOrEqual(hits / n);
        expect(narrow.high).toBeGreaterThanOrEqual(hits / n);
        expect(wide.low).toBeLessThanOrEqual(narrow.low);
        expect(wide.high).toBeGreaterThanOrEqual(narrow.high);
        expect(mirrored.low).toBeCloseTo(1 - narrow.high, 12);
        expect(mirrored.high).toBeCloseTo(1 - narrow.low, 12);
      }),
    );
  });

  it.each([
    [-1, 10],
    [11, 10],
    [0, 0],
    [0.5, 10],
    [Number.NaN, 10],
    [1, Number.POSITIVE_INFINITY],
  ])('refuses %d in %d', (hits, trials) => {
    expect(() => proportionInterval(hits, trials)).toThrow(InputError);
  });

  it('refuses a confidence or a method that is none', () => {
    for (const confidence of [0, 1, 95, Number.NaN])
      expect(() => proportionInterval(1, 2, { confidence })).toThrow(/confidence must lie between 0 and 1/);
    expect(() => proportionInterval(1, 2, { method: 'wald' as 'wilson' })).toThrow(/got "wald"/);
  });
});

describe('quantileInterval', () => {
  const sorted = Array.from({ length: 100 }, (_, i) => (i + 1) / 100);

  it('lies between the order statistics that the binomial distribution names', () => {
    // B(100, 0.5): P(B < 40) = 0.0176 and P(B < 41) = 0.0284 > 0.025; P(B ≥ 61) = 0.0176.
    expect(quantileInterval(sorted, 0.5, 0.95)).toEqual({ low: 0.4, high: 0.61, confidence: 0.95 });
  });

  it('is open where there are too few', () => {
    expect(quantileInterval(sorted, 0.01, 0.95)).toMatchObject({ low: 0, high: 0.04 }); // P(B ≥ 4) = 0.018
    expect(quantileInterval([1, 2, 3], 0.5, 0.95)).toMatchObject({ low: 0, high: Number.POSITIVE_INFINITY });
  });

  it('holds the true quantile as often as it says', () => {
    let held = 0;
    for (let seed = 0; seed < 400; seed++) {
      let state = seed * 2654435761 + 1;
      const values = Array.from({ length: 60 }, () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return state / 4294967296;
      }).sort((a, b) => a - b);
      const { low, high } = quantileInterval(values, 0.2, 0.9);
      if (low <= 0.2 && 0.2 <= high) held++;
    }
    expect(held / 400).toBeGreaterThan(0.87);
    expect(held / 400).toBeLessThan(0.98);
  });
});
