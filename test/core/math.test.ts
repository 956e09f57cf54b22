import { describe, expect, it } from 'vitest';
import { exp, log, sigmoid } from '../../src/core/math.ts';
import { sha256 } from '../../src/core/sha256.ts';
import { randomFrom } from '../support/random.ts';

describe('exp', () => {
  it('is within two units in the last place of the host', () => {
    const random = randomFrom(1);
    for (let i = 0; i < 20_000; i++) {
      const x = (random() * 2 - 1) * (i % 2 === 0 ? 700 : 5);
      const expected = Math.exp(x);
      expect(Math.abs(exp(x) - expected) / expected, `exp(${x})`).toBeLessThan(5e-16);
    }
  });

  it.each([
    [0, 1],
    [-0, 1],
    [Number.NEGATIVE_INFINITY, 0],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [710, Number.POSITIVE_INFINITY],
    [-746, 0],
    [Number.NaN, Number.NaN],
  ])('of %d is %d', (x, expected) => {
    expect(exp(x)).toBe(expected);
  });

  it('reaches the smallest and the largest numbers', () => {
    expect(exp(-745)).toBe(Number.MIN_VALUE);
    expect(exp(709.78) / Math.exp(709.78)).toBeCloseTo(1, 14);
  });

  it('has the same bits on every engine', () => {
    const values = Float64Array.from({ length: 4096 }, (_, i) => exp((i - 2048) / 37));
    expect(sha256(new Uint8Array(values.buffer))).toMatchInlineSnapshot(
      `"852d3d03787bca41e949383a23e3f53d2bff2b34c4a99d6f58ab78c08dda16e3"`,
    );
  });
});

describe('log', () => {
  it('is within two units in the last place of the host', () => {
    const random = randomFrom(2);
    for (let i = 0; i < 20_000; i++) {
      const x = i % 2 === 0 ? exp((random() * 2 - 1) * 700) : 0.5 + random();
      const expected = Math.log(x);
      expect(Math.abs(log(x) - expected), `log(${x})`).toBeLessThanOrEqual(4.5e-16 * Math.abs(expected));
    }
  });

  it.each([
    [1, 0],
    [0, Number.NEGATIVE_INFINITY],
    [-0, Number.NEGATIVE_INFINITY],
    [-1, Number.NaN],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [Number.NaN, Number.NaN],
    [Number.MIN_VALUE, -744.4400719213812],
    [Number.MAX_VALUE, 709.782712893384],
    [2, Math.LN2],
    [0.5, -Math.LN2],
  ])('of %d is %d', (x, expected) => {
    expect(log(x)).toBe(expected);
  });

  it('has the same bits on every engine', () => {
    const values = Float64Array.from({ length: 4096 }, (_, i) => log((i + 1) / 37));
    expect(sha256(new Uint8Array(values.buffer))).toMatchInlineSnapshot(
      `"7169a221cbc95eb6a4e9bfe2e97d78b50ba48a6ef6b7744aa6810b4b9b432515"`,
    );
  });
});

describe('sigmoid', () => {
  it('is 1 / (1 + e⁻ˣ) to both ends', () => {
    expect(sigmoid(0)).toBe(0.5);
    expect(sigmoid(2)).toBeCloseTo(0.8807970779778823, 15);
    expect(sigmoid(-2)).toBeCloseTo(0.11920292202211755, 15);
    expect(sigmoid(-1000)).toBe(0);
    expect(sigmoid(1000)).toBe(1);
    expect(sigmoid(Number.NaN)).toBeNaN();
  });
});
