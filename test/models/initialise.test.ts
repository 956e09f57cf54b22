import { describe, expect, it } from 'vitest';
import { initialParameters, initialValues } from '../../src/models/initialise.ts';

const momentsOf = (values: Float32Array) => {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return { mean, variance: values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length };
};

describe('initialValues', () => {
  it('he: normal, variance 2 / fan-in', () => {
    const { mean, variance } = momentsOf(initialValues('w', { shape: [3, 3, 32, 64], initialiser: 'he' }, 1));
    expect(Math.abs(mean)).toBeLessThan(0.002);
    expect(variance / (2 / 288)).toBeCloseTo(1, 1);
  });

  it('glorot: uniform, variance 2 / (fan-in + fan-out), within its limit', () => {
    const values = initialValues('w', { shape: [100, 200], initialiser: 'glorot' }, 1);
    const { mean, variance } = momentsOf(values);
    expect(Math.abs(mean)).toBeLessThan(0.002);
    expect(variance / (2 / 300)).toBeCloseTo(1, 1);
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(Math.fround(Math.sqrt(6 / 300)));
  });

  it('is decided by seed and name', () => {
    const tensor = { shape: [4, 4], initialiser: 'he' } as const;
    expect(initialValues('a', tensor, 1)).toEqual(initialValues('a', tensor, 1));
    expect(initialValues('a', tensor, 1)).not.toEqual(initialValues('b', tensor, 1));
    expect(initialValues('a', tensor, 1)).not.toEqual(initialValues('a', tensor, 2));
  });

  it('zeros, ones; and a vector has no fan', () => {
    expect([...initialValues('a', { shape: [2], initialiser: 'zeros' }, 1)]).toEqual([0, 0]);
    expect([...initialValues('a', { shape: [2], initialiser: 'ones' }, 1)]).toEqual([1, 1]);
    expect(() => initialValues('a', { shape: [2], initialiser: 'he' }, 1)).toThrow('"a" needs two axes or more');
  });

  it('makes a store that gives copies', () => {
    const store = initialParameters(new Map([['a', { shape: [2], initialiser: 'ones' }]]), 1);
    store.read('a').fill(5);
    expect([...store.read('a')]).toEqual([1, 1]);
  });
});
