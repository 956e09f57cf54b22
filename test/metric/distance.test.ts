import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.ts';
import { cosine, euclidean, squaredEuclidean } from '../../src/metric/distance.ts';
import * as oracle from '../oracle/distance.ts';

const value = fc.float({ min: -100, max: 100, noNaN: true });
/** `count` vectors of one length between 1 and 40. */
const vectors = (count: number) =>
  fc
    .integer({ min: 1, max: 40 })
    .chain((length) =>
      fc.array(fc.array(value, { minLength: length, maxLength: length }), { minLength: count, maxLength: count }),
    );

describe('euclidean and squaredEuclidean', () => {
  it('are 5 and 25 across a 3-4-5 triangle', () => {
    expect(euclidean([0, 0], [3, 4])).toBe(5);
    expect(squaredEuclidean([0, 0], [3, 4])).toBe(25);
  });

  it('agree with float64 to a few parts in ten million', () => {
    fc.assert(
      fc.property(vectors(2), ([a, b]) => {
        const exact = oracle.squaredEuclidean(a!, b!);
        expect(Math.abs(squaredEuclidean(a!, b!) - exact)).toBeLessThanOrEqual(1e-6 * exact + 1e-40);
        expect(euclidean(a!, b!)).toBe(Math.sqrt(squaredEuclidean(a!, b!)));
      }),
    );
  });

  it('obey the axioms of a metric', () => {
    fc.assert(
      fc.property(vectors(3), ([a, b, c]) => {
        expect(euclidean(a!, a!)).toBe(0);
        expect(euclidean(a!, b!)).toBeGreaterThanOrEqual(0);
        expect(euclidean(a!, b!)).toBe(euclidean(b!, a!));
        expect(euclidean(a!, c!)).toBeLessThanOrEqual((euclidean(a!, b!) + euclidean(b!, c!)) * (1 + 1e-6));
      }),
    );
  });

  it('of vectors beyond float32 squares is infinite, never NaN', () => {
    expect(squaredEuclidean([3e38, 1], [-3e38, 1])).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('cosine', () => {
  it('is 0 along, 1 across, 2 against', () => {
    expect(cosine([1, 2], [2, 4])).toBeCloseTo(0, 15);
    expect(cosine([1, 0], [0, 7])).toBe(1);
    expect(cosine([1, 0], [-3, 0])).toBe(2);
    expect(cosine([1, 0], [1, 1])).toBeCloseTo(1 - Math.SQRT1_2, 15);
  });

  it('stays in 0 … 2 and does not see the scale', () => {
    fc.assert(
      fc.property(vectors(2), fc.float({ min: Math.fround(0.01), max: 1000, noNaN: true }), ([a, b], scale) => {
        fc.pre([a!, b!].every((v) => v.some((x) => Math.abs(x) > 1e-3)));
        const distance = cosine(a!, b!);
        expect(distance).toBeGreaterThanOrEqual(0);
        expect(distance).toBeLessThanOrEqual(2);
        expect(cosine(a!, a!)).toBeLessThan(1e-14);
        expect(
          Math.abs(
            cosine(
              a!.map((x) => x * scale),
              b!,
            ) - distance,
          ),
        ).toBeLessThan(1e-6);
      }),
    );
  });

  it('holds at both ends of float32', () => {
    expect(cosine([3e38, 0], [3e38, 3e38])).toBeCloseTo(1 - Math.SQRT1_2, 12);
    expect(cosine([1e-40, 0], [1e-40, 1e-40])).toBeCloseTo(1 - Math.SQRT1_2, 12);
  });

  it('refuses vectors without a direction', () => {
    expect(() => cosine([0, 0], [1, 0])).toThrow(/first vector is all zeros/);
    expect(() => cosine([1, 0], [0, 0])).toThrow(/second vector is all zeros/);
  });
});

describe.each([
  ['euclidean', euclidean],
  ['squaredEuclidean', squaredEuclidean],
  ['cosine', cosine],
])('%s', (name, distance) => {
  it.each([
    ['lengths that differ', [1, 2], [1, 2, 3], 'expected two vectors of one length, got 2 and 3'],
    ['empty vectors', [], [], 'a vector of no numbers'],
    ['NaN', [1, 2], [Number.NaN, 2], 'number 0 is NaN'],
    ['infinity', [1, Number.NEGATIVE_INFINITY], [1, 2], 'number 1 is -Infinity'],
    ['numbers beyond float32', [1e39], [1], 'number 0 is 1e\\+39'],
    ['holes', new Array<number>(2), [1, 2], 'number 0 is undefined'],
  ])('refuses %s', (_, a, b, message) => {
    expect(() => distance(a, b)).toThrow(InputError);
    expect(() => distance(a, b)).toThrow(new RegExp(`^${name}: .*${message}`));
  });
});
