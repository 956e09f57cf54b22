import { describe, expect, it } from 'vitest';
import { resizeBilinearOracle } from '../oracle/resize.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations, lengths } from '../support/sizes.ts';

describe('f32_resize_bilinear', () => {
  const sizes = [
    [1, 1],
    [3, 13],
    [9, 2],
  ] as const;
  it.each(combinations([...sizes], lengths, ['asymmetric', 'half-pixel'] as const))(
    'to %j, %i channels, %s',
    (size, c, coordinates) => {
      const sandbox = new Sandbox();
      const x = { shape: [2, 5, 4, c], values: randomArray(2 * 5 * 4 * c, c) };
      const length = 2 * size[0] * size[1] * c;
      const out = sandbox.output(length);
      const shift = coordinates === 'half-pixel' ? 0.5 : 0;
      sandbox.kernels.f32_resize_bilinear(
        out,
        sandbox.input(x.values),
        2,
        5,
        4,
        c,
        size[0],
        size[1],
        5 / size[0],
        4 / size[1],
        shift,
      );
      sandbox.check();
      const expected = resizeBilinearOracle(x, size, coordinates);
      expect(relativeError(sandbox.read(out, length), expected)).toBeLessThan(tolerance.elementwise);
    },
  );
});
