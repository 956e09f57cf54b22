import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { Graph } from '../../../src/graph/graph.ts';
import { absoluteDifference } from '../../../src/graph/ops/absolute-difference.ts';
import { chiSquareDifference } from '../../../src/graph/ops/chi-square-difference.ts';
import { dense } from '../../../src/graph/ops/dense.ts';
import { sigmoid } from '../../../src/graph/ops/sigmoid.ts';
import { parametersOf } from '../../../src/graph/parameters.ts';
import { plan } from '../../../src/graph/plan.ts';
import { metrics, rowsOf } from '../../oracle/distance.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { randomArray } from '../../support/random.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

const ops = [
  ['absoluteDifference', absoluteDifference, metrics.manhattan],
  ['chiSquareDifference', chiSquareDifference, metrics.chiSquare],
] as const;

describe.each(ops)('%s', (_, op, { distance, gradient }) => {
  /** Each coordinate is a distance of vectors of one number. */
  const each = (x: ArrayLike<number>, y: ArrayLike<number>, of: (x: number[], y: number[]) => number) =>
    Float64Array.from(x, (value, i) => of([value], [y[i]!]));

  it('agrees with its definition for any shape, forward and backward, in two tensors and in one', () => {
    const size = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(size, fc.constantFrom(1, 3, 4, 5, 8, 9, 17), fc.nat(), (pairs, d, seed) => {
        // χ² is made for features that are not negative: where signs differ, sums near 0 enlarge what rounds off.
        const [a, b] = [seed, seed + 1].map((s) =>
          randomArray(pairs * d, s).map((value) => (op === chiSquareDifference ? Math.abs(value) : value)),
        ) as [Float32Array, Float32Array];
        a[0] = b[0]!;
        const shape = [pairs, d];
        const result = runGradient(
          op,
          [
            { shape, values: a },
            { shape, values: b },
          ],
          {},
        );
        expect(result.shape).toEqual(shape);
        expect(relativeError(result.values, each(a, b, distance))).toBeLessThan(tolerance.elementwise);
        const weigh = (slopes: Float64Array) => slopes.map((slope, i) => slope * result.gradient[i]!);
        const { x0, x1 } = result.gradients.nodes;
        const toA = weigh(each(a, b, (x, y) => gradient(x, y)[0]!));
        const toB = weigh(each(b, a, (y, x) => gradient(y, x)[0]!));
        expect(relativeError(x0!, toA)).toBeLessThan(tolerance.elementwise);
        expect(relativeError(x1!, toB)).toBeLessThan(tolerance.elementwise);

        const turns = (x: ArrayLike<number>, y: ArrayLike<number>) =>
          rowsOf(x, d).flatMap((row, i) => [...row, ...rowsOf(y, d)[i]!]);
        for (const one of [
          [pairs, 2, d],
          [2 * pairs, d],
        ]) {
          const together = runGradient(op, [{ shape: one, values: turns(a, b) }], {});
          expect([...together.values]).toEqual([...result.values]);
          expect([...together.gradients.nodes.x0!]).toEqual(turns(x0!, x1!));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('gives gradient to one side alone', () => {
    const graph = new Graph();
    graph.apply(op, [graph.input('a'), graph.input('b')], { name: 'y' });
    const [a, b] = [randomArray(10, 1).map(Math.abs), randomArray(10, 2).map(Math.abs)];
    for (const side of ['a', 'b']) {
      const planned = plan(graph, {
        parameters: parametersOf({}),
        inputs: { a: [2, 5], b: [2, 5] },
        gradients: { nodes: [side] },
      });
      planned.run({ a, b });
      const { nodes } = planned.backward({ y: new Float32Array(10).fill(1) });
      const [x, y] = side === 'a' ? [a, b] : [b, a];
      expect(
        relativeError(
          nodes[side]!,
          each(x, y, (u, v) => gradient(u, v)[0]!),
        ),
      ).toBeLessThan(tolerance.elementwise);
      planned.close();
    }
  });

  it('keeps NaN in its own cell, in its gradients too', () => {
    const shape = [1, 7];
    const a = { shape, values: [1, 2, Number.NaN, 4, 5, 6, Number.NaN] };
    const b = { shape, values: [2, 2, 3, Number.NaN, 1, 1, 1] };
    const { values, gradients } = runGradient(op, [a, b], {});
    const expected = [false, false, true, true, false, false, true];
    expect([...values].map(Number.isNaN)).toEqual(expected);
    expect([...gradients.nodes.x0!].map(Number.isNaN)).toEqual(expected);
  });

  it('refuses rows that are no pairs', () => {
    expect(() => op.shape([[3, 4]], {}, {})).toThrow(ShapeError);
    expect(() =>
      op.shape(
        [
          [2, 4],
          [3, 4],
        ],
        {},
        {},
      ),
    ).toThrow(`${op.name}: takes pairs of rows as two [P,D] or as one [P,2,D] or [2P,D], got [2,4] [3,4]`);
  });
});

describe('absoluteDifference', () => {
  it('makes a binary head with dense and sigmoid: ŷ = σ(Σ wₖ |aₖ − bₖ| + b)', () => {
    const graph = new Graph();
    const features = graph.apply(absoluteDifference, [graph.input('pairs')]);
    const logits = graph.apply(dense, [features], { parameters: { filters: 'w', bias: 'b' } });
    graph.apply(sigmoid, [logits], { name: 'probability' });
    const [w, x] = [randomArray(6, 1), randomArray(36, 2)];
    const planned = plan(graph, {
      parameters: parametersOf({ w: { shape: [6, 1], values: w }, b: { shape: [1], values: [0.25] } }),
      inputs: { pairs: [6, 6] },
    });
    const rows = rowsOf(x, 6);
    const expected = [0, 1, 2].map((pair) => {
      const sum = w.reduce(
        (total, weight, k) => total + weight * Math.abs(rows[2 * pair]![k]! - rows[2 * pair + 1]![k]!),
        0.25,
      );
      return 1 / (1 + Math.exp(-sum));
    });
    expect(relativeError(planned.run({ pairs: x }).probability!, expected)).toBeLessThan(tolerance.sum);
  });
});

describe('chiSquareDifference', () => {
  it('is 0, with gradient 0, where the sum is not above 0', () => {
    const inputs = [
      { shape: [1, 5], values: [0, -1, -1, 3, 1e-30] },
      { shape: [1, 5], values: [0, 1, -2, -1.5, 0] },
    ];
    const { gradients } = runGradient(chiSquareDifference, inputs, {});
    expect([...runOp(chiSquareDifference, inputs, {}).values]).toEqual([0, 0, 0, 13.5, Math.fround(1e-30)]);
    expect([...gradients.nodes.x0!].map((value) => value === 0)).toEqual([true, true, true, false, false]);
  });
});
