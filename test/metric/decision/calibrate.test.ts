import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/core/errors.ts';
import { calibrate } from '../../../src/metric/decision/calibrate.ts';
import { comparisonFalseAccept, galleryFalseAccept } from '../../../src/metric/decision/gallery-rate.ts';
import { proportionInterval } from '../../../src/metric/evaluation/interval.ts';
import type { ScoredPair } from '../../../src/metric/evaluation/scored-pairs.ts';
import * as oracle from '../../oracle/verification.ts';

const same = (...distances: number[]): ScoredPair[] => distances.map((distance) => ({ distance, same: true }));
const different = (...distances: number[]): ScoredPair[] => distances.map((distance) => ({ distance, same: false }));
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

/** Two people at 1, 2 … 100; one person at 0.5, 1.5 … 19.5. */
const hundred = [...different(...upTo(100)), ...same(...upTo(20).map((i) => i - 0.5))];

describe('calibrate', () => {
  it('takes the largest threshold that keeps to the rate', () => {
    const { threshold, far, tar, resolved, target } = calibrate(hundred, { far: 0.05 });
    expect({ threshold, target, resolved }).toEqual({ threshold: 5.75, target: 0.05, resolved: true });
    expect(far).toMatchObject({ rate: 0.05, accepted: 5, pairs: 100, interval: proportionInterval(5, 100) });
    expect(tar).toMatchObject({ rate: 0.3, accepted: 6, pairs: 20, interval: proportionInterval(6, 20) });
  });

  it('finds in the order of the distances where the threshold lies', () => {
    // B(100, 0.05): P(B < 1) = 0.006, P(B < 2) = 0.037; P(B ≥ 10) = 0.028, P(B ≥ 11) = 0.011.
    expect(calibrate(hundred, { far: 0.05 }).thresholdInterval).toEqual({ low: 1, high: 11, confidence: 0.95 });
  });

  it('says where a rate is too small to be seen', () => {
    const { threshold, far, resolved } = calibrate(hundred, { far: 0.001 });
    expect({ threshold, accepted: far.accepted, resolved }).toEqual({ threshold: 0.75, accepted: 0, resolved: false });
  });

  it('keeps the upper end of the interval to the rate where that is asked', () => {
    const strict = calibrate(hundred, { far: 0.05, rate: 'upper-bound' });
    expect(strict.far).toMatchObject({ accepted: 0, interval: proportionInterval(0, 100) });
    expect(proportionInterval(1, 100).high).toBeGreaterThan(0.05);
    expect(calibrate(hundred, { far: 0.15, rate: 'upper-bound' }).far.accepted).toBe(7);
    expect(proportionInterval(7, 100).high).toBeLessThan(0.15);
    expect(proportionInterval(8, 100).high).toBeGreaterThan(0.15);
  });

  it('names how many pairs it takes where these cannot show the rate', () => {
    // (0.025)^(1/n) ≥ 0.99 from n = 368 on.
    expect(() => calibrate(hundred, { far: 0.01, rate: 'upper-bound' })).toThrow(
      /100 pairs of two people .* it takes 368$/,
    );
    expect(proportionInterval(0, 367).high).toBeGreaterThan(0.01);
    expect(proportionInterval(0, 368).high).toBeLessThanOrEqual(0.01);
  });

  it('tells what becomes of the rate in a gallery, and what it takes there', () => {
    const { galleries, threshold } = calibrate(hundred, { far: 0.05, people: [1, 2, 10] });
    expect(galleries.map(({ people }) => people)).toEqual([1, 2, 10]);
    expect(galleries[0]!.falseAccept).toBe(0.05);
    expect(galleries[0]!.needed).toEqual({ threshold, tar: 0.3 });
    expect(galleries[1]!.falseAccept).toBeCloseTo(1 - 0.95 ** 2, 14);
    // 1 − √0.95 = 0.0253 a comparison: two of a hundred.
    expect(galleries[1]!.needed).toEqual({ threshold: 2.75, tar: 0.15 });
    expect(galleries[2]!.falseAccept).toBeCloseTo(1 - 0.95 ** 10, 14);
    expect(galleries[2]!.interval.high).toBeCloseTo(1 - (1 - proportionInterval(5, 100).high) ** 10, 12);
    expect(galleries[2]!.needed).toBeNull();
  });

  it('keeps to the rate, and the next distance would not', () => {
    const step = fc.integer({ min: 0, max: 24 }).map((eighths) => eighths / 8);
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 15 }),
        fc.array(step, { minLength: 1, maxLength: 15 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (s, d, far) => {
          const pairs = [...same(...s), ...different(...d)];
          const { threshold, far: at, tar } = calibrate(pairs, { far });
          expect(oracle.ratesAt(pairs, threshold)).toEqual({ far: at.rate, tar: tar.rate });
          expect(at.rate).toBeLessThanOrEqual(far);
          const next = Math.min(...pairs.map(({ distance }) => distance).filter((distance) => distance > threshold));
          if (Number.isFinite(next)) expect(oracle.ratesAt(pairs, next).far).toBeGreaterThan(far);
        },
      ),
    );
  });

  it.each([
    ['no pair', [], { far: 0.1 }, /calibrate: expected pairs of one person and pairs of two/],
    ['one kind', same(1, 2), { far: 0.1 }, /got 2 of one and 0 of two/],
    ['NaN', [...hundred, ...same(Number.NaN)], { far: 0.1 }, /got NaN/],
    ['a rate of 0', hundred, { far: 0 }, /far must lie between 0 and 1/],
    ['a percentage', hundred, { far: 5 }, /far must lie between 0 and 1/],
    ['no confidence', hundred, { far: 0.1, confidence: 1 }, /confidence must lie between/],
    ['half a person', hundred, { far: 0.1, people: [1.5] }, /people must be whole numbers/],
    ['another rate', hundred, { far: 0.1, rate: 'mean' as 'measured' }, /got "mean"/],
  ])('refuses %s', (_, pairs, options, message) => {
    expect(() => calibrate(pairs, options)).toThrow(InputError);
    expect(() => calibrate(pairs, options)).toThrow(message);
  });
});

describe('galleryFalseAccept', () => {
  it('is 1 − (1 − far)^K', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 3000 }), (far, people) => {
        expect(galleryFalseAccept(far, people)).toBeCloseTo(1 - (1 - far) ** people, 11);
      }),
    );
  });

  it('keeps the digits of small rates', () => {
    expect(galleryFalseAccept(1e-18, 1000) / 1e-15).toBeCloseTo(1, 12);
    expect(galleryFalseAccept(1e-9, 10_000) / -Math.expm1(10_000 * Math.log1p(-1e-9))).toBeCloseTo(1, 13);
  });

  it('is inverted by comparisonFalseAccept', () => {
    for (const people of [1, 2, 7, 1000, 123_456])
      for (const far of [1e-6, 0.01, 0.5])
        expect(galleryFalseAccept(comparisonFalseAccept(far, people), people) / far).toBeCloseTo(1, 12);
  });
});
