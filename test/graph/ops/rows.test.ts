import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementsOf } from '../../../src/core/shape.ts';
import { rows } from '../../../src/graph/ops/rows.ts';
import { tensor } from '../../support/op-oracle.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

describe('rows', () => {
  it('takes them and gives their gradient back to them, for any shape', () => {
    const size = fc.integer({ min: 1, max: 6 });
    fc.assert(
      fc.property(fc.array(size, { minLength: 1, maxLength: 4 }), fc.nat(), fc.nat(), fc.nat(), (shape, a, b, seed) => {
        const n = shape[0]!;
        const from = a % n;
        const count = 1 + (b % (n - from));
        const row = elementsOf(shape.slice(1));
        const x = tensor(shape, seed);
        const { values, shape: out, gradient, gradients } = runGradient(rows, [x], { from, count });
        expect(out).toEqual([count, ...shape.slice(1)]);
        expect(values).toEqual(x.values.slice(from * row, (from + count) * row));
        const expected = new Float32Array(x.values.length);
        expected.set(gradient, from * row);
        expect(gradients.nodes.x0).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    { from: 0, count: 0 },
    { from: -1, count: 1 },
    { from: 2, count: 2 },
    { from: 0.5, count: 1 },
  ])('refuses $count from $from of three', (attributes) => {
    expect(() => runOp(rows, [tensor([3, 2], 1)], attributes)).toThrow(
      `rows: needs 1 row or more within 3, got ${attributes.count} from ${attributes.from}`,
    );
  });
});
