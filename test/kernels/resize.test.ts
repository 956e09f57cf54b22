import { describe, expect, it } from 'vitest';
import { resizeBilinearOracle } from '../oracle/resize.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { tensor } from '../support/op-oracle.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations, lengths } from '../support/sizes.ts';

describe('f32_resize_bilinear and its gradient', () => {
  const sizes = [
    [1, 1],
    [3, 13],
    [9, 2],
  ] as const;
  it.each(combinations([...sizes], lengths, ['asymmetric', 'half-pixel'] as const))(
    'to %j, %i channels, %s',
    (size, c, coordinates) => {
      const sandbox = new Sandbox();
      const x0 = tensor([2, 5, 4, c], c);
      const length = 2 * size[0] * size[1] * c;
      const gradient = randomArray(length, 9);
      const [out, dx] = [sandbox.output(length), sandbox.output(x0.values.length)];
      sandbox.engine.memory.f32(dx, x0.values.length).fill(0);
      const shift = coordinates === 'half-pixel' ? 0.5 : 0;
      const sizes = [2, 5, 4, c, size[0], size[1], 5 / size[0], 4 / size[1], shift] as const;
      sandbox.kernels.f32_resize_bilinear(out, sandbox.input(x0.values), ...sizes);
      sandbox.kernels.f32_resize_bilinear_gradient(dx, sandbox.input(gradient), ...sizes);
      sandbox.check();
      const attributes = { size, coordinates };
      const expected = resizeBilinearOracle.forward({ x0 }, attributes);
      expect(relativeError(sandbox.read(out, length), expected)).toBeLessThan(tolerance.elementwise);
      const back = resizeBilinearOracle.gradients({ x0 }, attributes, gradient).x0!;
      expect(relativeError(sandbox.read(dx, back.length), back)).toBeLessThan(tolerance.elementwise);
    },
  );
});
