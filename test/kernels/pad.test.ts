import { describe, expect, it } from 'vitest';
import { padOracle } from '../oracle/pad.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { tensor } from '../support/op-oracle.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations, lengths } from '../support/sizes.ts';

describe('f32_pad and f32_pad_gradient', () => {
  const around = [
    [0, 0],
    [2, 0],
    [0, 3],
    [3, 1],
  ] as const;
  it.each(combinations([1, 3], [4, 7], lengths, [...around], ['zero', 'reflect'] as const))(
    '%i rows of %i cells of %i, %j around: %s',
    (outer, size, inner, [before, after], mode) => {
      const sandbox = new Sandbox();
      const x0 = tensor([outer, size, inner], inner);
      const attributes = { before: [0, before, 0], after: [0, after, 0], mode };
      const length = outer * (before + size + after) * inner;
      const gradient = randomArray(length, 9);
      const sizes = [outer, size, inner, before, after, mode === 'reflect'] as const;
      const [out, dx] = [sandbox.output(length), sandbox.output(x0.values.length)];
      sandbox.kernels.f32_pad(out, sandbox.input(x0.values), ...sizes);
      sandbox.kernels.f32_pad_gradient(dx, sandbox.input(gradient), ...sizes);
      sandbox.check();
      expect(sandbox.read(out, length)).toEqual(Float32Array.from(padOracle.forward({ x0 }, attributes)));
      const expected = padOracle.gradients({ x0 }, attributes, gradient).x0!;
      expect(relativeError(sandbox.read(dx, x0.values.length), expected)).toBeLessThan(tolerance.elementwise);
    },
  );
});
