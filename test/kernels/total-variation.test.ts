import { describe, expect, it } from 'vitest';
import type { TotalVariationAttributes } from '../../src/graph/ops/total-variation.ts';
import { totalVariationOracle } from '../oracle/total-variation.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations } from '../support/sizes.ts';

const forms: [string, number, TotalVariationAttributes][] = [
  ['squared', 0, { form: 'squared' }],
  ['absolute', 1, { form: 'absolute' }],
  ['exponent 1', 2, { form: 'exponent', exponent: 1 }],
  ['exponent 2.5', 2, { form: 'exponent', exponent: 2.5 }],
];

describe.each(forms)('f32_total_variation, %s', (_, form, attributes) => {
  it.each(combinations([1, 2], [1, 3], [1, 2, 4], [1, 2, 5], [1, 3, 4, 9]))('[%i,%i,%i,%i,%i]', (n, d, h, w, c) => {
    const sandbox = new Sandbox();
    const x = randomArray(n * d * h * w * c, c);
    const [from, out] = [sandbox.input(x), sandbox.output(x.length)];
    const exponent = attributes.exponent ?? 2;
    const value = sandbox.kernels.f32_total_variation(from, n, d, h, w, c, form, exponent, 0);
    sandbox.kernels.f32_total_variation_gradient(out, from, n, d, h, w, c, form, exponent, 0, 0.5);
    sandbox.check();
    const expected = totalVariationOracle({ shape: [n, d, h, w, c], values: x }, attributes);
    expect(relativeError([value], [expected.value])).toBeLessThan(tolerance.elementwise);
    // Slopes of neighbours may cancel, so errors are measured against 1, which is near each of them.
    const errors = sandbox.read(out, x.length).map((slope, i) => Math.abs(slope - 0.5 * expected.gradient[i]!));
    expect(Math.max(...errors)).toBeLessThan(5 * tolerance.elementwise);
  });
});
