import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearAxis, percent, powerAxis, roundAxis, roundStep } from '../../src/report/axis.ts';

describe('roundStep', () => {
  it.each([
    [1, 1],
    [1.1, 2],
    [3, 5],
    [7, 10],
    [42, 50],
    [0.03, 0.05],
    [0.2, 0.2],
    [123_456, 200_000],
    [0.00011, 0.0002],
  ])('of %d is %d', (step, expected) => {
    expect(roundStep(step)).toBeCloseTo(expected, 12);
  });

  it('is 1, 2 or 5 with zeros, and never more than 2.5 times what was asked', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), (step) => {
        const rounded = roundStep(step);
        expect(rounded).toBeGreaterThanOrEqual(step);
        expect(rounded).toBeLessThanOrEqual(step * 2.5 * (1 + 1e-9));
        expect(['1', '2', '5']).toContain(rounded.toExponential(6).replace(/\.?0*e.*/, ''));
      }),
    );
  });
});

describe('axes', () => {
  it('go around the values with round figures', () => {
    const { ticks, place } = roundAxis('x', 0.03, 0.97);
    expect(ticks.map(({ text }) => text)).toEqual(['0', '0.2', '0.4', '0.6', '0.8', '1']);
    expect(place(0.5)).toBeCloseTo(0.5, 12);
  });

  it.each([
    [5, 5],
    [0, 0],
    [-3, -3],
  ])('have length also for one value (%d)', (low, high) => {
    const { ticks, place } = roundAxis('x', low, high);
    expect(ticks.length).toBeGreaterThan(1);
    expect(Number.isFinite(place(low))).toBe(true);
  });

  it('of powers of ten start at the lowest', () => {
    const { ticks, place } = powerAxis('x', 0.001, 1, percent);
    expect(ticks.map(({ text }) => text)).toEqual(['0.1 %', '1 %', '10 %', '100 %']);
    expect(place(0)).toBe(0);
    expect(place(0.001)).toBe(0);
    expect(place(1)).toBeCloseTo(1, 12);
    expect(place(0.01)).toBeCloseTo(1 / 3, 12);
  });

  it('in even steps write each', () => {
    expect(linearAxis('x', 0, 1, 2, percent).ticks.map(({ text }) => text)).toEqual(['0 %', '50 %', '100 %']);
  });
});
