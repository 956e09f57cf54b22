import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError, ShapeError } from '../../../src/core/errors.ts';
import { type IndexedTripletLossAttributes, indexedTripletLoss } from '../../../src/graph/ops/indexed-triplet-loss.ts';
import { metrics, rowsOf } from '../../oracle/distance.ts';
import { reduced, type Triplet, term, termSlope } from '../../oracle/triplet.ts';
import { centralDifference } from '../../support/central-difference.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { randomArray, randomFrom } from '../../support/random.ts';
import { runGradient } from '../../support/run-gradient.ts';

type Metric = 'squaredEuclidean' | 'euclidean';

/** Losses of given triplets in float64, and the gradient of their sum. */
function oracle(
  x: ArrayLike<number>,
  d: number,
  triplets: readonly Triplet[],
  metric: Metric,
  margin: number,
  soft: boolean,
) {
  const rows = rowsOf(x, d);
  const { distance, gradient } = metrics[metric];
  const out = new Float64Array(x.length);
  const losses = triplets.map(([a, p, n]) => {
    const gap = distance(rows[a]!, rows[n]!) - distance(rows[a]!, rows[p]!);
    const slope = termSlope(gap, margin, soft);
    for (const [row, other, sign] of [
      [a, n, 1],
      [n, a, 1],
      [a, p, -1],
      [p, a, -1],
    ] as const)
      gradient(rows[row]!, rows[other]!).forEach((value, k) => {
        out[row * d + k]! += sign * slope * value;
      });
    return term(gap, margin, soft);
  });
  return { losses, gradient: out };
}

const run = (
  x: Float32Array,
  d: number,
  triplets: readonly (readonly number[])[],
  attributes: IndexedTripletLossAttributes,
) =>
  runGradient(
    indexedTripletLoss,
    [
      { shape: [x.length / d, d], values: x },
      { shape: [triplets.length, 3], values: triplets.flat() },
    ],
    attributes,
  );

describe('indexedTripletLoss', () => {
  it('agrees with explicit loops for any triplets, of one row several times too', () => {
    const attributes = fc.record({
      margin: fc.constantFrom(0, 0.2, 2),
      distance: fc.constantFrom('squaredEuclidean' as const, 'euclidean' as const),
      softMargin: fc.boolean(),
      reduction: fc.constantFrom('sum' as const, 'mean' as const, 'mean-non-zero' as const),
    });
    const sizes = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 20 }));
    fc.assert(
      fc.property(sizes, fc.constantFrom(1, 3, 4, 5, 8, 17), attributes, fc.nat(), ([b, t], d, rest, seed) => {
        const random = randomFrom(seed);
        const row = () => Math.floor(random() * b);
        const triplets = Array.from({ length: t }, (): Triplet => [row(), row(), row()]);
        const x = randomArray(b * d, seed);
        const { values, gradient, gradients } = run(x, d, triplets, rest);
        const exact = oracle(x, d, triplets, rest.distance, rest.margin, rest.softMargin);
        const loss = reduced(exact.losses, rest.reduction, 0);
        const sum = exact.losses.reduce((total, value) => total + value, 0);
        const share = sum === 0 ? 0 : loss / sum;
        expect(Math.abs(values[0]! - loss)).toBeLessThanOrEqual(tolerance.sum * Math.max(1, loss));
        expect(values[1]).toBe(Math.fround(exact.losses.filter((value) => value > 0).length / t));
        expect(values[2]).toBe(t);
        const expected = exact.gradient.map((value) => value * share * gradient[0]!);
        const scale = Math.max(...expected.map(Math.abs), share);
        for (const [i, value] of gradients.nodes.x0!.entries())
          expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(tolerance.pairwiseGradient * scale);
        expect([...gradients.nodes.x1!].every((value) => value === 0)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('has a definition whose gradient is that of a central difference', () => {
    const triplets: Triplet[] = [
      [0, 1, 2],
      [2, 3, 0],
      [1, 0, 3],
    ];
    for (const metric of ['squaredEuclidean', 'euclidean'] as const)
      for (const soft of [false, true]) {
        const x = randomArray(12, 3);
        const total = (y: Float64Array) => oracle(y, 3, triplets, metric, 0.4, soft).losses.reduce((a, b) => a + b);
        expect(
          relativeError(oracle(x, 3, triplets, metric, 0.4, soft).gradient, centralDifference(total, x)),
        ).toBeLessThan(1e-8);
      }
  });

  it('hands NaN on, and is not NaN where rows are equal', () => {
    const x = Float32Array.of(1, 2, 1, 2, 1, 2);
    const equal = run(x, 2, [[0, 1, 2]], { margin: 0.5, distance: 'euclidean' });
    expect(equal.values[0]).toBe(0.5);
    expect([...equal.gradients.nodes.x0!].map(Math.abs)).toEqual([0, 0, 0, 0, 0, 0]);
    x[2] = Number.NaN;
    const wrong = run(x, 2, [[0, 1, 2]], { margin: 0.5 });
    expect(wrong.values[0]).toBeNaN();
    expect(wrong.gradients.nodes.x0![0]).toBeNaN();
  });

  it('refuses rows that are not there when it runs', () => {
    for (const wrong of [3, -1, 0.5, Number.NaN]) {
      const attempt = () =>
        run(
          new Float32Array(6),
          2,
          [
            [0, 1, 2],
            [0, wrong, 1],
          ],
          { margin: 1 },
        );
      expect(attempt).toThrow(InputError);
      expect(attempt).toThrow(
        `indexedTripletLoss: triplets must be whole numbers from 0 to 2, number 4 of 6 is ${wrong}`,
      );
    }
  });

  it('refuses what does not fit', () => {
    const shape = (inputs: number[][], attributes: object) => () =>
      indexedTripletLoss.shape(inputs, { margin: 1, ...attributes } as IndexedTripletLossAttributes, {});
    expect(
      shape(
        [
          [4, 2],
          [5, 3],
        ],
        {},
      )(),
    ).toEqual([5]);
    expect(
      shape(
        [
          [4, 2],
          [5, 2],
        ],
        {},
      ),
    ).toThrow(ShapeError);
    expect(
      shape(
        [
          [4, 2],
          [5, 2],
        ],
        {},
      ),
    ).toThrow('takes embeddings [B,D] and triplets [T,3], got [4,2] [5,2]');
    expect(
      shape(
        [
          [4, 2],
          [5, 3],
        ],
        { reduction: 'mean-positive-pairs' },
      ),
    ).toThrow('reduction must be');
    expect(
      shape(
        [
          [4, 2],
          [5, 3],
        ],
        { margin: -1 },
      ),
    ).toThrow('margin must be a finite number of at least 0, got -1');
  });
});
