import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { elementsOf, type Shape } from '../../../src/core/shape.ts';
import { type TotalVariationAttributes, totalVariation } from '../../../src/graph/ops/total-variation.ts';
import { totalVariationOracle } from '../../oracle/total-variation.ts';
import { centralDifference } from '../../support/central-difference.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { randomArray } from '../../support/random.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

const tensor = (shape: Shape, seed: number) => ({ shape, values: randomArray(elementsOf(shape), seed) });

const forms: TotalVariationAttributes[] = [
  {},
  { form: 'squared' },
  { form: 'absolute' },
  { form: 'exponent', exponent: 1 },
  { form: 'exponent', exponent: 2 },
  { form: 'exponent', exponent: 2.5 },
  { form: 'johnson' },
];

/** Slopes of neighbours may cancel: errors are a share of 1, near which single slopes lie. */
const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));

function expectExact(shape: Shape, attributes: TotalVariationAttributes, seed: number): void {
  const x = tensor(shape, seed);
  const { values, gradient, gradients } = runGradient(totalVariation, [x], attributes);
  const expected = totalVariationOracle(x, attributes);
  expect(relativeError(values, [expected.value])).toBeLessThan(tolerance.elementwise);
  const slopes = expected.gradient.map((slope) => slope * gradient[0]!);
  expect(largestDifference(gradients.nodes.x0!, slopes)).toBeLessThan(10 * tolerance.elementwise);
}

describe.each(forms)('totalVariation %o', (attributes) => {
  it.each<[string, Shape]>([
    ['a picture', [1, 7, 9, 3]],
    ['several pictures', [3, 4, 5, 3]],
    ['one row', [1, 1, 6, 3]],
    ['one column', [1, 6, 1, 3]],
    ['one pixel', [2, 1, 1, 3]],
    ['sound', [2, 33, 1]],
    ['a volume', [2, 3, 4, 5, 2]],
    ['a volume of one slice', [1, 1, 4, 5, 2]],
  ])('%s', (_, shape) => expectExact(shape, attributes, 1));

  it('agrees with its definition for any shape, forward and backward', () => {
    const spatial = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 3 });
    const [images, channels] = [fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 6 })];
    fc.assert(
      fc.property(images, spatial, channels, fc.nat(), (n, s, c, seed) => expectExact([n, ...s, c], attributes, seed)),
      { numRuns: 60 },
    );
  });

  it.each<Shape>([
    [2, 4, 5, 2],
    [1, 3, 3, 3, 1],
  ])('has an oracle whose gradient agrees with central differences: %o', (...shape) => {
    const x = tensor(shape, 3);
    const { gradient } = totalVariationOracle(x, attributes);
    const numeric = centralDifference((values) => totalVariationOracle({ ...x, values }, attributes).value, x.values);
    expect(largestDifference(gradient, numeric)).toBeLessThan(1e-7);
  });

  it('is 0 with no gradient in a flat picture', () => {
    const { values, gradients } = runGradient(
      totalVariation,
      [{ shape: [1, 5, 6, 3], values: new Array(90).fill(0.3) }],
      attributes,
    );
    expect(values[0]).toBe(0);
    expect([...gradients.nodes.x0!].every((slope) => slope === 0)).toBe(true);
  });

  it('does not hide NaN, in the value or at the place', () => {
    const x = tensor([1, 4, 4, 1], 1);
    x.values[5] = Number.NaN;
    const { values, gradients } = runGradient(totalVariation, [x], attributes);
    expect(values[0]).toBeNaN();
    expect(gradients.nodes.x0![5]).toBeNaN();
  });
});

describe('totalVariation', () => {
  it('counts what its definition says, on a picture small enough to count by hand', () => {
    // 0 1
    // 3 7
    const x = { shape: [1, 2, 2, 1], values: [0, 1, 3, 7] };
    const value = (attributes: TotalVariationAttributes) => runOp(totalVariation, [x], attributes).values[0];
    expect(value({ form: 'squared' })).toBe(1 + 16 + 9 + 36);
    expect(value({ form: 'absolute' })).toBe(1 + 4 + 3 + 6);
    expect(value({ form: 'exponent', exponent: 4 })).toBe((1 + 9) ** 2 + 36 ** 2 + 16 ** 2);
    expect(value({ form: 'johnson' })).toBe((1 + 9) / 2);
  });

  it('of form johnson has the gradient of TVLoss in jcjohnson/neural-style', () => {
    const [h, w, c] = [5, 6, 3];
    const x = tensor([1, h, w, c], 2);
    const { gradient, gradients } = runGradient(totalVariation, [x], { form: 'johnson' });
    const expected = new Float64Array(h * w * c);
    const at = (i: number, j: number, k: number) => (i * w + j) * c + k;
    for (let i = 0; i < h - 1; i++)
      for (let j = 0; j < w - 1; j++)
        for (let k = 0; k < c; k++) {
          const [here, right, below] = [at(i, j, k), at(i, j + 1, k), at(i + 1, j, k)];
          const [dx, dy] = [x.values[here]! - x.values[right]!, x.values[here]! - x.values[below]!];
          expected[here] = expected[here]! + dx + dy;
          expected[right] = expected[right]! - dx;
          expected[below] = expected[below]! - dy;
        }
    const slopes = expected.map((slope) => slope * gradient[0]!);
    expect(largestDifference(gradients.nodes.x0!, slopes)).toBeLessThan(10 * tolerance.elementwise);
  });

  it('is right to 1e-7 over a large picture', () => {
    const x = tensor([1, 512, 512, 3], 4);
    for (const form of ['squared', 'absolute'] as const) {
      const exact = totalVariationOracle(x, { form }).value;
      expect(Math.abs(runOp(totalVariation, [x], { form }).values[0]! / exact - 1)).toBeLessThan(1e-7);
    }
  });

  it.each<[string, Shape[], TotalVariationAttributes, string]>([
    ['rank', [[4, 5]], {}, 'totalVariation: input must be one [N,W,C], [N,H,W,C] or [N,D,H,W,C], got [4,5]'],
    [
      'number of inputs',
      [
        [1, 2, 3],
        [1, 2, 3],
      ],
      {},
      'totalVariation: input must be one [N,W,C], [N,H,W,C] or [N,D,H,W,C], got [1,2,3] [1,2,3]',
    ],
    [
      'form',
      [[1, 2, 3]],
      { form: 'l1' as 'squared' },
      'totalVariation: form must be one of squared, absolute, exponent, johnson, got l1',
    ],
    ['exponent', [[1, 2, 3]], { form: 'exponent', exponent: 0.5 }, 'exponent must be a number of at least 1, got 0.5'],
    ['exponent', [[1, 2, 3]], { form: 'exponent' }, 'exponent must be a number of at least 1, got undefined'],
    [
      'exponent',
      [[1, 2, 3]],
      { form: 'squared', exponent: 2 },
      'totalVariation: exponent must be absent with form squared, got 2',
    ],
  ])('refuses a wrong %s', (_, shapes, attributes, message) => {
    const inputs = shapes.map((shape) => tensor(shape, 1));
    const run = () => runOp(totalVariation, inputs, attributes);
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(message);
  });
});
