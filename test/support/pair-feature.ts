import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ShapeError } from '../../src/core/errors.ts';
import { Graph } from '../../src/graph/graph.ts';
import type { Op } from '../../src/graph/op.ts';
import { parametersOf } from '../../src/graph/parameters.ts';
import { plan } from '../../src/graph/plan.ts';
import { type Metric, rowsOf } from '../oracle/distance.ts';
import { relativeError, tolerance } from './compare.ts';
import { randomArray } from './random.ts';
import { runGradient } from './run-gradient.ts';

/**
 * Tests of an op that makes a feature of each coordinate of pairs of rows: the distance of `metric` between vectors of one
 * number. `positive`: of numbers that are not negative, as where signs differ, sums near 0 enlarge what rounds off.
 */
export function testPairFeature(op: Op, { distance, gradient }: Metric, positive: boolean): void {
  const each = (x: ArrayLike<number>, y: ArrayLike<number>, of: (x: number[], y: number[]) => number) =>
    Float64Array.from(x, (value, i) => of([value], [y[i]!]));

  it('agrees with its definition for any shape, forward and backward, in two tensors and in one', () => {
    const size = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(size, fc.constantFrom(1, 3, 4, 5, 8, 9, 17), fc.nat(), (pairs, d, seed) => {
        const [a, b] = [seed, seed + 1].map((s) =>
          randomArray(pairs * d, s).map((value) => (positive ? Math.abs(value) : value)),
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
}
