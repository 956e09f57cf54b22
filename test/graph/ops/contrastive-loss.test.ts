import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError, ShapeError } from '../../../src/core/errors.ts';
import { type ContrastiveLossAttributes, contrastiveLoss } from '../../../src/graph/ops/contrastive-loss.ts';
import { contrastiveOracle, contrastiveShares } from '../../oracle/contrastive.ts';
import { rowsOf } from '../../oracle/distance.ts';
import { centralDifference } from '../../support/central-difference.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { randomArray, randomFrom } from '../../support/random.ts';
import { runGradient } from '../../support/run-gradient.ts';

const run = (a: Float32Array, b: Float32Array, labels: readonly number[], attributes: ContrastiveLossAttributes) => {
  const shape = [labels.length, a.length / labels.length];
  const inputs = [
    { shape, values: a },
    { shape, values: b },
    { shape: [labels.length], values: labels },
  ];
  return runGradient(contrastiveLoss, inputs, attributes);
};

/** Rows of a and b in turn, as one batch through a network gives them. */
const interleave = (a: ArrayLike<number>, b: ArrayLike<number>, d: number): Float32Array =>
  Float32Array.from(rowsOf(a, d).flatMap((row, i) => [...row, ...rowsOf(b, d)[i]!]));

const anyAttributes = fc
  .record({
    margin: fc.constantFrom(0, 0.5, 1, 4),
    convention: fc.constantFrom('squared' as const, 'hadsell' as const, 'pml' as const),
    positiveMargin: fc.constantFrom(0, 0.25),
    reduction: fc.constantFrom(
      'sum' as const,
      'mean' as const,
      'mean-non-zero' as const,
      'mean-non-zero-each' as const,
    ),
  })
  .map((attributes) => ({
    ...attributes,
    positiveMargin: attributes.convention === 'pml' ? attributes.positiveMargin : 0,
  }));

describe('contrastiveLoss', () => {
  it('agrees with its definition for any pairs, in two tensors and in one', () => {
    const size = fc.integer({ min: 1, max: 13 });
    fc.assert(
      fc.property(size, fc.constantFrom(1, 3, 4, 5, 8, 17), anyAttributes, fc.nat(), (pairs, d, attributes, seed) => {
        const random = randomFrom(seed);
        const labels = Array.from({ length: pairs }, () => (random() < 0.5 ? 0 : 1));
        const [a, b] = [randomArray(pairs * d, seed), randomArray(pairs * d, seed + 1)];
        if (seed % 3 === 0) b.set(a.subarray(0, d));
        const same = labels.map((label) => label === (attributes.convention === 'hadsell' ? 0 : 1));
        const { margin, positiveMargin, convention, reduction } = attributes;
        const exact = contrastiveOracle(rowsOf(a, d), rowsOf(b, d), same, convention, margin, positiveMargin);
        const share = contrastiveShares(exact, reduction);

        const { values, gradient, gradients } = run(a, b, labels, attributes);
        const loss = exact.reduce((sum, pair) => sum + pair.loss * share(pair.same), 0);
        expect(Math.abs(values[0]! - loss)).toBeLessThanOrEqual(tolerance.sum * Math.max(1, loss));
        expect(values[1]).toBe(Math.fround(exact.filter((pair) => pair.loss > 0).length / pairs));
        for (const [place, kind] of [true, false].entries()) {
          const of = exact.filter((pair) => pair.same === kind);
          expect(values[2 + place]).toBe(of.length);
          const mean = of.length === 0 ? 0 : of.reduce((sum, { distance }) => sum + distance, 0) / of.length;
          expect(values[4 + place]!).toBeCloseTo(mean, 5);
        }
        const toA = Float64Array.from(
          exact.flatMap(({ inA, same: kind }) => [...inA.map((value) => value * share(kind) * gradient[0]!)]),
        );
        expect(relativeError(gradients.nodes.x0!, toA)).toBeLessThan(tolerance.pairwiseGradient);
        expect([...gradients.nodes.x1!].map((value) => 0 - value)).toEqual(
          [...gradients.nodes.x0!].map((value) => value + 0),
        );
        expect([...gradients.nodes.x2!].every((value) => value === 0)).toBe(true);

        for (const shape of [
          [pairs, 2, d],
          [2 * pairs, d],
        ]) {
          const x = { shape, values: interleave(a, b, d) };
          const one = runGradient(contrastiveLoss, [x, { shape: [pairs], values: labels }], attributes);
          expect([...one.values]).toEqual([...values]);
          expect([...one.gradients.nodes.x0!]).toEqual([...interleave(gradients.nodes.x0!, gradients.nodes.x1!, d)]);
        }
      }),
      { numRuns: 150 },
    );
  });

  it.each(['squared', 'hadsell', 'pml'])(
    'has a definition whose gradient is that of a central difference: %s',
    (name) => {
      const [d, same] = [3, [true, false, false, true]];
      const b = rowsOf(randomArray(12, 2), d);
      const of = (x: ArrayLike<number>) => contrastiveOracle(rowsOf(x, d), b, same, name, 2.5, 0.1);
      const x = Float64Array.from(randomArray(12, 1));
      const exact = of(x).flatMap(({ inA }) => [...inA]);
      const total = (y: Float64Array) => of(y).reduce((sum, { loss }) => sum + loss, 0);
      expect(relativeError(exact, centralDifference(total, x))).toBeLessThan(1e-8);
    },
  );

  it('is 0.25 and 1 by hand, and half of it by Hadsell', () => {
    const [a, b] = [Float32Array.of(0, 0), Float32Array.of(0.5, 1)];
    expect([...run(a, b, [1, 0], { margin: 2 }).values]).toEqual([1.25, 1, 1, 1, 0.5, 1]);
    expect(run(a, b, [0, 1], { margin: 2, convention: 'hadsell' }).values[0]).toBe(0.625);
    expect(run(a, b, [1, 0], { margin: 2, convention: 'pml', positiveMargin: 0.25 }).values[0]).toBe(1.25);
    expect(run(a, b, [1, 0], { margin: 1, convention: 'pml', reduction: 'mean-non-zero-each' }).values[0]).toBe(0.5);
  });

  it('has gradient 0 for a pair at distance 0, and hands NaN on', () => {
    const same = Float32Array.of(1, 2, 3, 4);
    for (const convention of ['squared', 'hadsell', 'pml'] as const) {
      const { gradients } = run(same, same.slice(), [0, 1], { margin: 1, convention });
      expect([...gradients.nodes.x0!, ...gradients.nodes.x1!].map(Math.abs)).toEqual(new Array(8).fill(0));
      for (const reduction of ['sum', 'mean-non-zero', 'mean-non-zero-each'] as const) {
        const wrong = Float32Array.of(Number.NaN, 0, 0, 0);
        const nan = run(wrong, same, [0, 1], { margin: 1, convention, reduction });
        expect(nan.values[0]).toBeNaN();
        expect(nan.gradients.nodes.x1![0]).toBeNaN();
      }
    }
  });

  it('refuses labels that are neither 0 nor 1 when it runs', () => {
    const attempt = () => run(new Float32Array(2), new Float32Array(2), [1, 2], { margin: 1 });
    expect(attempt).toThrow(InputError);
    expect(attempt).toThrow('contrastiveLoss: labels must be whole numbers from 0 to 1, number 1 of 2 is 2');
  });

  it.each([
    [
      'pairs',
      [[2, 3], [2, 4], [2]],
      {},
      'takes pairs of rows as two [P,D] or as one [P,2,D] or [2P,D], got [2,3] [2,4]',
    ],
    ['an odd number of rows', [[3, 4], [1]], {}, 'takes pairs of rows'],
    ['labels', [[4, 3], [4]], {}, 'contrastiveLoss: 2 pairs need labels [2], got [4]'],
    [
      'convention',
      [[4, 3], [2]],
      { convention: 'keras' },
      "convention must be 'squared', 'hadsell', 'pml', got \"keras\"",
    ],
    ['positive margin', [[4, 3], [2]], { positiveMargin: 1 }, "positiveMargin belongs to convention 'pml'"],
    ['margin', [[4, 3], [2]], { margin: Number.POSITIVE_INFINITY }, 'margin must be a finite number of at least 0'],
    ['reduction', [[4, 3], [2]], { reduction: 'mean-positive-pairs' }, 'reduction must be'],
  ])('refuses wrong %s', (_, inputs, attributes, message) => {
    const attempt = () =>
      contrastiveLoss.shape(inputs as number[][], { margin: 1, ...attributes } as ContrastiveLossAttributes, {});
    expect(attempt).toThrow(ShapeError);
    expect(attempt).toThrow(message as string);
  });
});
