import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/core/errors.ts';
import { fitProbability, PairProbability } from '../../../src/metric/decision/probability.ts';
import { reliability } from '../../../src/metric/evaluation/reliability.ts';
import type { ScoredPair } from '../../../src/metric/evaluation/scored-pairs.ts';
import { randomFrom } from '../../support/random.ts';

const same = (...distances: number[]): ScoredPair[] => distances.map((distance) => ({ distance, same: true }));
const different = (...distances: number[]): ScoredPair[] => distances.map((distance) => ({ distance, same: false }));

/** Pairs that are of one person with probability σ(intercept + slope · distance). */
function drawn(intercept: number, slope: number, count: number): ScoredPair[] {
  const random = randomFrom(11);
  return Array.from({ length: count }, () => {
    const distance = random() * 2;
    return { distance, same: random() < 1 / (1 + Math.exp(-(intercept + slope * distance))) };
  });
}
const overlapping = [...same(0.2, 0.4, 0.9), ...different(0.5, 0.8, 1.2)];

describe('fitProbability, logistic', () => {
  it('finds the curve that made the pairs', () => {
    const record = fitProbability(drawn(4, -6, 40_000)).toJSON();
    if (record.method !== 'logistic') throw new Error('expected a logistic curve');
    expect(Math.abs(record.intercept - 4)).toBeLessThan(0.15);
    expect(Math.abs(record.slope + 6)).toBeLessThan(0.2);
  });

  it('is where the gradient of the likelihood vanishes: the mean of what it says is that of the targets', () => {
    const probability = fitProbability(overlapping);
    const target = (isSame: boolean) => (isSame ? 4 / 5 : 1 / 5); // Platt: (3 + 1)/(3 + 2) and 1/(3 + 2)
    let [off, along] = [0, 0];
    for (const { distance, same: isSame } of overlapping) {
      off += probability.at(distance) - target(isSame);
      along += (probability.at(distance) - target(isSame)) * distance;
    }
    expect(Math.abs(off)).toBeLessThan(1e-7);
    expect(Math.abs(along)).toBeLessThan(1e-7);
  });

  it('stays finite where a threshold parts both kinds, and is sure there', () => {
    const probability = fitProbability([...same(0.1, 0.2, 0.3), ...different(0.9, 1, 1.1)]);
    expect(probability.at(0.2)).toBeGreaterThan(0.75);
    expect(probability.at(0.2)).toBeLessThan(1);
    expect(probability.at(1)).toBeLessThan(0.25);
  });

  it('is the same curve for distances of another scale', () => {
    const large = fitProbability(overlapping.map((pair) => ({ ...pair, distance: pair.distance * 1e6 })));
    for (const distance of [0, 0.3, 0.7, 2])
      expect(large.at(distance * 1e6)).toBeCloseTo(fitProbability(overlapping).at(distance), 6);
  });

  it('refuses distances that tell nothing, and the wrong way round', () => {
    for (const pairs of [
      [...same(1, 1), ...different(1, 1)],
      [...same(2, 3), ...different(0.5, 1)],
    ])
      expect(() => fitProbability(pairs)).toThrow(/one person is not nearer than two/);
  });
});

describe('fitProbability, isotonic', () => {
  const options = { method: 'isotonic' } as const;

  it('pools what would ascend', () => {
    // By distance: 1 1 | 0 1 | 0 0, so the shares are 1, ½ and 0.
    const pairs = [...same(0.1, 0.2, 0.4), ...different(0.3, 0.5, 0.6)];
    expect(fitProbability(pairs, options).toJSON()).toEqual({
      method: 'isotonic',
      distances: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
      shares: [1, 1, 0.5, 0.5, 0, 0],
      pairs: { same: 3, different: 3 },
    });
    const probability = fitProbability(pairs, options);
    expect(probability.at(0)).toBe(1);
    expect(probability.at(0.25)).toBeCloseTo(0.75, 12);
    expect(probability.at(0.35)).toBe(0.5);
    expect(probability.at(9)).toBe(0);
  });

  it('takes pairs at one distance together, whatever their order', () => {
    const ties = [...same(0.5), ...different(0.5), ...same(0.1), ...different(0.9)];
    expect(fitProbability(ties, options).toJSON()).toMatchObject({ distances: [0.1, 0.5, 0.9], shares: [1, 0.5, 0] });
    expect(fitProbability(ties.toReversed(), options).toJSON()).toEqual(fitProbability(ties, options).toJSON());
  });

  it('descends, and no descending curve is nearer to the pairs (min–max formula)', () => {
    const step = fc.integer({ min: 0, max: 12 });
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 8 }),
        fc.array(step, { minLength: 1, maxLength: 8 }),
        (s, d) => {
          const pairs = [...same(...s), ...different(...d)];
          const probability = fitProbability(pairs, options);
          const places = [...new Set(pairs.map(({ distance }) => distance))].sort((a, b) => a - b);
          const share = (from: number, to: number) => {
            const inside = pairs.filter(({ distance }) => distance >= from && distance <= to);
            return inside.filter((pair) => pair.same).length / inside.length;
          };
          places.forEach((place, i) => {
            // The regression at a place is the least over starts of the largest mean over ends (for descending curves).
            const value = Math.min(
              ...places.slice(0, i + 1).map((from) => Math.max(...places.slice(i).map((to) => share(from, to)))),
            );
            expect(probability.at(place)).toBeCloseTo(value, 12);
          });
        },
      ),
    );
  });
});

describe('PairProbability', () => {
  it('multiplies the odds where the prior is another', () => {
    const probability = fitProbability(overlapping); // 3 of each: a prior of ½
    const p = probability.at(0.5);
    expect(probability.at(0.5, { prior: 0.5 })).toBeCloseTo(p, 12);
    const rare = probability.at(0.5, { prior: 0.01 });
    expect(rare / (1 - rare)).toBeCloseTo((p / (1 - p)) * (0.01 / 0.99), 12);
  });

  it('comes back from JSON with the same bits', () => {
    for (const method of ['logistic', 'isotonic'] as const) {
      const probability = fitProbability(drawn(3, -4, 500), { method });
      const again = new PairProbability(JSON.parse(JSON.stringify(probability)));
      for (let distance = 0; distance < 2.5; distance += 0.01)
        expect(again.at(distance)).toBe(probability.at(distance));
    }
  });

  it('descends with distance', () => {
    for (const method of ['logistic', 'isotonic'] as const) {
      const probability = fitProbability(drawn(3, -4, 500), { method });
      let before = 1;
      for (let distance = 0; distance < 2.5; distance += 0.01) {
        expect(probability.at(distance)).toBeLessThanOrEqual(before);
        before = probability.at(distance);
      }
    }
  });

  it('refuses NaN, and priors and methods that are none', () => {
    const probability = fitProbability(overlapping);
    for (const distance of [Number.NaN, -1]) expect(() => probability.at(distance)).toThrow(InputError);
    for (const prior of [0, 1, 50, Number.NaN]) expect(() => probability.at(0.5, { prior })).toThrow(/prior must lie/);
    expect(() => fitProbability(overlapping, { method: 'beta' as 'logistic' })).toThrow(/got "beta"/);
    expect(() => fitProbability(same(1, 2))).toThrow(/fitProbability: expected pairs of one person/);
  });

  const pairs = { same: 1, different: 1 };
  it.each([
    ['nothing', null],
    ['text', 'logistic'],
    ['no counts', { method: 'logistic', intercept: 1, slope: -1 }],
    ['an ascending curve', { method: 'logistic', intercept: 1, slope: 1, pairs }],
    ['NaN', { method: 'logistic', intercept: null, slope: -1, pairs }],
    ['another method', { method: 'spline', pairs }],
    ['no points', { method: 'isotonic', distances: [], shares: [], pairs }],
    ['ascending shares', { method: 'isotonic', distances: [0, 1], shares: [0, 1], pairs }],
    ['descending distances', { method: 'isotonic', distances: [1, 0], shares: [1, 0], pairs }],
    ['a share above 1', { method: 'isotonic', distances: [1], shares: [2], pairs }],
    ['too few shares', { method: 'isotonic', distances: [1, 2], shares: [1], pairs }],
  ])('refuses a record with %s', (_, record) => {
    expect(() => new PairProbability(record as never)).toThrow(InputError);
  });
});

describe('reliability', () => {
  it('compares what was said with what came true', () => {
    const result = reliability([0.1, 0.1, 0.9, 0.9, 1], [false, true, true, true, true], { bins: 2 });
    expect(result.bins).toEqual([
      { low: 0, high: 0.5, count: 2, predicted: 0.1, observed: 0.5 },
      { low: 0.5, high: 1, count: 3, predicted: expect.closeTo(2.8 / 3, 12), observed: 1 },
    ]);
    expect(result.brier).toBeCloseTo((0.01 + 0.81 + 0.01 + 0.01) / 5, 12);
    expect(result.logLoss).toBeCloseTo((-Math.log(0.9) - Math.log(0.1) - 2 * Math.log(0.9)) / 5, 12);
    expect(result.calibrationError).toBeCloseTo((2 * 0.4 + 3 * (1 - 2.8 / 3)) / 5, 12);
  });

  it('of a fitted curve on new pairs is small', () => {
    const pairs = drawn(4, -6, 20_000);
    const probability = fitProbability(pairs.slice(0, 10_000));
    const rest = pairs.slice(10_000);
    const { calibrationError, brier } = reliability(
      rest.map(({ distance }) => probability.at(distance)),
      rest.map((pair) => pair.same),
    );
    expect(calibrationError).toBeLessThan(0.02);
    expect(brier).toBeLessThan(0.12);
  });

  it('is infinite where 0 was said and came true', () => {
    expect(reliability([0], [true]).logLoss).toBe(Number.POSITIVE_INFINITY);
  });

  it('refuses what does not fit', () => {
    expect(() => reliability([], [])).toThrow(InputError);
    expect(() => reliability([0.5], [])).toThrow(/got 1 for 0/);
    expect(() => reliability([Number.NaN], [true])).toThrow(/probability 0 must be/);
    expect(() => reliability([0.5], [true], { bins: 0 })).toThrow(/bins/);
  });
});
