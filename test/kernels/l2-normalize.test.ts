import { describe, expect, it } from 'vitest';
import { l2NormalizeOracle } from '../oracle/elementwise.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations, lengths } from '../support/sizes.ts';

describe('f32_l2_normalize', () => {
  it.each(combinations([0, 1, 3], [...lengths, 128]))('%i × %i', (rows, c) => {
    const sandbox = new Sandbox();
    const values = randomArray(rows * c, c);
    values.fill(0, c, 2 * c);
    const out = sandbox.output(rows * c);
    sandbox.kernels.f32_l2_normalize(out, sandbox.input(values), rows, c);
    sandbox.check();
    expect(relativeError(sandbox.read(out, rows * c), l2NormalizeOracle(values, c))).toBeLessThan(
      tolerance.elementwise,
    );
  });

  it.each(lengths)('in place, %i', (c) => {
    const sandbox = new Sandbox();
    const values = randomArray(c, c);
    const at = sandbox.output(c);
    sandbox.engine.memory.f32(at, c).set(values);
    sandbox.kernels.f32_l2_normalize(at, at, 1, c);
    sandbox.check();
    expect(relativeError(sandbox.read(at, c), l2NormalizeOracle(values, c))).toBeLessThan(tolerance.elementwise);
  });
});
