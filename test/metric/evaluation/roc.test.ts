import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/core/errors.ts';
import { accuracyAt, bestThreshold } from '../../../src/metric/evaluation/accuracy.ts';
import { auc, equalErrorRate, roc, tarAtFar } from '../../../src/metric/evaluation/roc.ts';
import type { ScoredPair } from '../../../src/metric/evaluation/scored-pairs.ts';
import * as oracle from '../../oracle/verification.ts';

const same = (...distances: number[]): ScoredPair[] => distances.map((distance) => ({ distance, same: true }));
const different = (...distances: number[]): ScoredPair[] => distances.map((distance) => ({ distance, same: false }));

/** Distances in steps of an eighth, so that ties are many and half ways are exact; both kinds occur. */
const step = fc.integer({ min: 0, max: 24 }).map((eighths) => eighths / 8);
const anyPairs = fc
  .tuple(fc.array(step, { minLength: 1, maxLength: 15 }), fc.array(step, { minLength: 1, maxLength: 15 }))
  .map(([s, d]) => [...same(...s), ...different(...d)]);

//            same: 0.2  0.4  0.4       0.9
//       different:           0.4  0.7       1.2  1.3
const golden = [...same(0.4, 0.9, 0.2, 0.4), ...different(1.2, 0.4, 1.3, 0.7)];

describe('roc', () => {
  it('has a point for each distance, computed by hand', () => {
    expect(roc(golden).map(({ far, tar }) => [far, tar])).toEqual([
      [0, 0],
      [0, 0.25],
      [0.25, 0.75],
      [0.5, 0.75],
      [0.5, 1],
      [0.75, 1],
      [1, 1],
    ]);
    roc(golden).forEach(({ threshold }, i) => {
      expect(threshold).toBeCloseTo([0.1, 0.3, 0.55, 0.8, 1.05, 1.25, 1.3][i]!, 12);
    });
  });

  it('has the rates that counting finds, at thresholds strictly between distances', () => {
    fc.assert(
      fc.property(anyPairs, (pairs) => {
        const points = roc(pairs);
        expect(points).toHaveLength(oracle.allThresholds(pairs).length);
        points.forEach(({ threshold, far, tar }, i) => {
          expect(oracle.ratesAt(pairs, threshold)).toEqual({ far, tar });
          expect(threshold).toBeGreaterThan(points[i - 1]?.threshold ?? Number.NEGATIVE_INFINITY);
          if (i < points.length - 1) expect(pairs.every(({ distance }) => distance !== threshold)).toBe(true);
        });
      }),
    );
  });

  it('tells apart distances that are neighbours in float64', () => {
    const [low, high] = [1, 1 + Number.EPSILON];
    const points = roc([...same(low), ...different(high)]);
    expect(points.map(({ far, tar }) => [far, tar])).toEqual([
      [0, 0],
      [0, 1],
      [1, 1],
    ]);
    expect(points[1]!.threshold).toBe(low);
  });
});

describe('auc', () => {
  it('counts pairs that are in order, a tie half', () => {
    expect(auc(golden)).toBe(13 / 16);
    expect(auc([...same(1, 2), ...different(3)])).toBe(1);
    expect(auc([...same(4, 5), ...different(3)])).toBe(0);
    expect(auc([...same(3, 3), ...different(3, 3, 3)])).toBe(0.5);
  });

  it('is what comparing every pair with every other gives', () => {
    fc.assert(
      fc.property(anyPairs, (pairs) => {
        expect(auc(pairs)).toBeCloseTo(oracle.auc(pairs), 12);
      }),
    );
  });
});

describe('equalErrorRate', () => {
  it('lies where both rates meet, on the line between two points', () => {
    expect(equalErrorRate([...same(1, 2), ...different(3, 4)])).toBe(0);
    expect(equalErrorRate([...same(3, 4), ...different(1, 2)])).toBe(1);
    expect(equalErrorRate([...same(5, 5), ...different(5)])).toBe(0.5);
    expect(equalErrorRate(golden)).toBe(0.25);
    // Points (far, frr) (0, 2/3) and (1/2, 1/3): the line meets far = frr at 0.4.
    expect(equalErrorRate([...same(1, 2, 4), ...different(2, 5)])).toBeCloseTo(0.4, 12);
  });

  it('is between the rates of the points around it', () => {
    fc.assert(
      fc.property(anyPairs, (pairs) => {
        const eer = equalErrorRate(pairs);
        const rates = oracle.allThresholds(pairs).map((threshold) => oracle.ratesAt(pairs, threshold));
        const bounds = rates.map(({ far, tar }) => Math.max(far, 1 - tar));
        expect(eer).toBeLessThanOrEqual(Math.min(...bounds) + 1e-12);
        expect(eer).toBeGreaterThanOrEqual(Math.max(...rates.map(({ far, tar }) => Math.min(far, 1 - tar))) - 1e-12);
      }),
    );
  });
});

describe('tarAtFar', () => {
  it('is the best point that keeps to the rate', () => {
    expect(tarAtFar(golden, 0).tar).toBe(0.25);
    expect(tarAtFar(golden, 0.249).tar).toBe(0.25);
    expect(tarAtFar(golden, 0.25)).toMatchObject({ far: 0.25, tar: 0.75 });
    expect(tarAtFar(golden, 0.6)).toMatchObject({ far: 0.5, tar: 1 });
    expect(tarAtFar(golden, 1)).toMatchObject({ far: 0.5, tar: 1 });
    expect(tarAtFar([...same(2), ...different(1)], 0)).toMatchObject({ far: 0, tar: 0, threshold: 0.5 });
  });

  it('keeps to the rate with the threshold that it names, and no threshold does better', () => {
    fc.assert(
      fc.property(anyPairs, fc.double({ min: 0, max: 1, noNaN: true }), (pairs, far) => {
        const point = tarAtFar(pairs, far);
        expect(oracle.ratesAt(pairs, point.threshold)).toEqual({ far: point.far, tar: point.tar });
        expect(point.far).toBeLessThanOrEqual(far);
        for (const threshold of oracle.allThresholds(pairs)) {
          const rates = oracle.ratesAt(pairs, threshold);
          if (rates.far <= far) expect(rates.tar).toBeLessThanOrEqual(point.tar);
        }
      }),
    );
  });

  it('refuses a rate that is none', () => {
    for (const far of [-0.1, 1.1, Number.NaN]) expect(() => tarAtFar(golden, far)).toThrow(/far must be in 0 … 1/);
  });
});

describe('bestThreshold', () => {
  it('is half way between the distances that it parts, the smallest of equally good ones', () => {
    expect(bestThreshold([...same(1, 2), ...different(4, 5)])).toEqual({ threshold: 3, accuracy: 1 });
    expect(bestThreshold([...same(1, 3), ...different(2, 4)])).toEqual({ threshold: 1.5, accuracy: 0.75 });
    expect(bestThreshold([...same(2, 4), ...different(3, 1, 1, 1)])).toEqual({ threshold: 0.5, accuracy: 4 / 6 });
    expect(bestThreshold([...same(0), ...different(0, 1)]).threshold).toBe(-1);
    expect(bestThreshold([...same(7, 8, 9), ...different(1)]).threshold).toBe(9);
  });

  it('decides as many pairs rightly as any threshold can', () => {
    fc.assert(
      fc.property(anyPairs, (pairs) => {
        const { threshold, accuracy } = bestThreshold(pairs);
        expect(accuracy).toBe(oracle.mostRight(pairs) / pairs.length);
        expect(accuracyAt(pairs, threshold)).toBe(accuracy);
      }),
    );
  });

  it('takes a hundred thousand pairs in its stride', () => {
    const pairs = Array.from({ length: 100_000 }, (_, i) => ({ distance: (i * 7919) % 100_003, same: i % 2 === 0 }));
    const start = performance.now();
    bestThreshold(pairs);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe('accuracyAt', () => {
  it('counts a distance at the threshold as the same person', () => {
    expect(accuracyAt([...same(0.6), ...different(0.6)], 0.6)).toBe(0.5);
    expect(accuracyAt([...same(0.6, 0.61), ...different(0.7)], 0.6)).toBe(2 / 3);
  });

  it('refuses no pairs and NaN', () => {
    expect(() => accuracyAt([], 0.6)).toThrow(InputError);
    expect(() => accuracyAt(golden, Number.NaN)).toThrow(InputError);
    expect(() => accuracyAt(same(Number.NaN), 0.6)).toThrow(InputError);
  });
});

describe.each([
  ['roc', roc],
  ['auc', auc],
  ['equalErrorRate', equalErrorRate],
  ['bestThreshold', bestThreshold],
  ['tarAtFar', (pairs: readonly ScoredPair[]) => tarAtFar(pairs, 0.1)],
])('%s', (name, measure) => {
  it.each([
    ['no pair', [], 'got 0 of one and 0 of two'],
    ['only one kind', same(1, 2), 'got 2 of one and 0 of two'],
    ['NaN', [...same(Number.NaN), ...different(1)], 'got NaN'],
    ['infinity', [...same(1), ...different(Number.POSITIVE_INFINITY)], 'got Infinity'],
    ['a distance below 0', [...same(-0.5), ...different(1)], 'got -0.5'],
  ])('refuses %s', (_, pairs, message) => {
    expect(() => measure(pairs)).toThrow(InputError);
    expect(() => measure(pairs)).toThrow(new RegExp(`^${name}: .*${message}`));
  });
});
