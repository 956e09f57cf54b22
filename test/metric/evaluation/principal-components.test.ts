import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/core/errors.ts';
import { sha256 } from '../../../src/core/sha256.ts';
import { symmetricEigen } from '../../../src/metric/evaluation/jacobi.ts';
import { principalComponents } from '../../../src/metric/evaluation/principal-components.ts';
import { randomArray } from '../../support/random.ts';

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, x, i) => sum + x * b[i]!, 0);

describe('symmetricEigen', () => {
  it('of a matrix of two by two is the formula', () => {
    const { values, vectors } = symmetricEigen([new Float64Array([2, 1]), new Float64Array([1, 2])]);
    expect(values).toEqual([expect.closeTo(3, 14), expect.closeTo(1, 14)]);
    expect(Math.abs(vectors[0]![0]!)).toBeCloseTo(Math.SQRT1_2, 14);
  });

  it('makes matrix · vector = value · vector, at right angles', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(1000), (n, seed) => {
        const random = randomArray(n * n, seed);
        const matrix = Array.from({ length: n }, (_, i) =>
          Float64Array.from({ length: n }, (_, j) => random[Math.min(i, j) * n + Math.max(i, j)]!),
        );
        const { values, vectors } = symmetricEigen(matrix);
        vectors.forEach((vector, k) => {
          matrix.forEach((row, i) => {
            expect(dot(row, vector)).toBeCloseTo(values[k]! * vector[i]!, 12);
          });
          vectors.forEach((other, l) => {
            expect(dot(vector, other)).toBeCloseTo(k === l ? 1 : 0, 12);
          });
          if (k > 0) expect(values[k]!).toBeLessThanOrEqual(values[k - 1]!);
        });
      }),
    );
  });
});

describe('principalComponents', () => {
  it('finds the axes of a cloud', () => {
    // x varies by 3, y by 2, z by 1: variances 9 : 4 : 1.
    const corners = [-1, 1].flatMap((x) => [-1, 1].flatMap((y) => [-1, 1].map((z) => [3 * x + 5, 2 * y, z])));
    const { mean, components, shares, coordinates } = principalComponents(corners, 3);
    expect([...mean]).toEqual([5, 0, 0]);
    components.forEach((component, i) => {
      component.forEach((value, j) => {
        expect(value).toBeCloseTo(i === j ? 1 : 0, 7);
      });
    });
    shares.forEach((share, i) => {
      expect(share).toBeCloseTo([9, 4, 1][i]! / 14, 12);
    });
    expect(coordinates[0]![0]).toBeCloseTo(-3, 7);
  });

  it('has the variances of the whole spectrum, also where there are fewer vectors than dimensions', () => {
    for (const [count, dimension] of [
      [200, 30],
      [12, 40],
      [5, 3],
    ] as const) {
      const vectors = Array.from({ length: count }, (_, i) =>
        randomArray(dimension, i).map((value, j) => value / (1 + j)),
      );
      const wanted = Math.min(4, dimension);
      const { components, coordinates, shares, mean } = principalComponents(vectors, wanted);
      const covariance = Array.from({ length: dimension }, (_, i) =>
        Float64Array.from({ length: dimension }, (_, j) =>
          vectors.reduce((sum, v) => sum + ((v[i]! - mean[i]!) * (v[j]! - mean[j]!)) / count, 0),
        ),
      );
      const { values } = symmetricEigen(covariance);
      const total = values.reduce((sum, value) => sum + value, 0);
      components.forEach((component, k) => {
        expect(shares[k]).toBeCloseTo(values[k]! / total, 10);
        const variance = coordinates.reduce((sum, place) => sum + place[k]! * place[k]!, 0) / count;
        expect(variance / values[k]!).toBeCloseTo(1, 8);
        components.forEach((other, l) => {
          expect(dot(component, other)).toBeCloseTo(k === l ? 1 : 0, 12);
        });
      });
    }
  });

  it('takes vectors that do not vary', () => {
    const { shares, coordinates } = principalComponents([
      [1, 2],
      [1, 2],
    ]);
    expect(shares).toEqual([0, 0]);
    expect(coordinates.flat()).toEqual([0, 0, 0, 0]);
  });

  it('has the same bits on every engine', () => {
    const { coordinates } = principalComponents(Array.from({ length: 50 }, (_, i) => randomArray(16, i)));
    const bytes = new Uint8Array(Float64Array.from(coordinates.flat()).buffer);
    expect(sha256(bytes)).toMatchInlineSnapshot(`"b62610dd89888acb83687d8adec7243ef569634d12cc07d36328fc5b7cb555d8"`);
  });

  it('refuses what is no cloud', () => {
    expect(() => principalComponents([])).toThrow(InputError);
    expect(() => principalComponents([[1, 2], [1]])).toThrow(/2 numbers, got 1/);
    expect(() => principalComponents([[1, Number.NaN]])).toThrow(/number 1 is NaN/);
    for (const count of [0, 3, 1.5]) expect(() => principalComponents([[1, 2]], count)).toThrow(/in 1 … 2/);
  });
});
