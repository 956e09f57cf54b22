import { describe, expect, it } from 'vitest';
import { l2NormalizeOracle } from '../oracle/normalize.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations, lengths } from '../support/sizes.ts';

describe('f32_l2_normalize and its gradient', () => {
  it.each(combinations([0, 1, 3], [...lengths, 128]))('%i × %i', (rows, c) => {
    const sandbox = new Sandbox();
    const values = randomArray(rows * c, c);
    values.fill(0, c, 2 * c);
    const gradient = randomArray(rows * c, 99);
    const [out, dx, x] = [sandbox.output(rows * c), sandbox.output(rows * c), sandbox.input(values)];
    sandbox.kernels.f32_l2_normalize(out, x, rows, c);
    sandbox.kernels.f32_l2_normalize_gradient(dx, x, sandbox.input(gradient), rows, c);
    sandbox.check();
    const x0 = { shape: [rows, c], values };
    const expected = l2NormalizeOracle.forward({ x0 }, {});
    expect(relativeError(sandbox.read(out, rows * c), expected)).toBeLessThan(tolerance.elementwise);
    const back = l2NormalizeOracle.gradients({ x0 }, {}, gradient).x0!;
    expect(relativeError(sandbox.read(dx, rows * c), back)).toBeLessThan(tolerance.elementwise);
  });

  it.each(lengths)('in place, %i', (c) => {
    const sandbox = new Sandbox();
    const values = randomArray(c, c);
    const at = sandbox.output(c);
    sandbox.engine.memory.f32(at, c).set(values);
    sandbox.kernels.f32_l2_normalize(at, at, 1, c);
    sandbox.check();
    const expected = l2NormalizeOracle.forward({ x0: { shape: [c], values } }, {});
    expect(relativeError(sandbox.read(at, c), expected)).toBeLessThan(tolerance.elementwise);
  });
});
