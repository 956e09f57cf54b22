import { describe, expect, it } from 'vitest';
import { elementsOf, type Shape } from '../../src/core/shape.ts';
import { type Padding, resolveWindow } from '../../src/core/window.ts';
import { convolutionGradients } from '../oracle/convolution.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations } from '../support/sizes.ts';

/** The error of the gradient in 3 × 3 filters: sums over two ranges of tiles in blocks, added at the end. */
function errorOf(shape: Shape, n: number, block: number, padding: Padding = 1): number {
  const sandbox = new Sandbox();
  const { kernels } = sandbox;
  const [batch, h, w, c] = shape as [number, number, number, number];
  const window = resolveWindow('', shape, [3, 3], { padding });
  const { y, x } = window;
  const values = randomArray(elementsOf(shape), c);
  const gradient = randomArray(batch * y.size * x.size * n, n);
  const [input, from] = [sandbox.input(values), sandbox.input(gradient)];
  const tiles = batch * Math.ceil(y.size / 4) * Math.ceil(x.size / 4);
  const part = 36 * (c * n + 16);
  const u = sandbox.output(2 * part);
  const scratch = sandbox.output(36 * (block * (c + n) + 32 + Math.max(c, n)) + 36 * 4);
  const middle = Math.ceil(tiles / 3);
  const sizes = [h, w, c, n, y.before, x.before, y.size, x.size] as const;
  kernels.f32_winograd_gradient(u, input, from, scratch, 0, middle, ...sizes, block);
  kernels.f32_winograd_gradient(u + part * 4, input, from, scratch, middle, tiles - middle, ...sizes, block);
  const out = sandbox.output(9 * c * n);
  kernels.f32_winograd_gradient_finish(out, u, sandbox.output(36 * 4), c * n, c * n * 4, (c * n + 16) * 4, 2, part * 4);
  sandbox.check();
  const filters = { shape: [3, 3, c, n], values: new Float32Array(9 * c * n) };
  const expected = convolutionGradients({ x: { shape, values }, filters, window, groups: 1 }, gradient).filters;
  return relativeError(sandbox.read(out, 9 * c * n), expected);
}

describe('the kernels of the Winograd filter gradient', () => {
  it.each(combinations([1, 3, 4, 5, 9], [1, 4, 8, 13], ['same', 2] as const))(
    '%i × %i, padding %s',
    (h, w, padding) => {
      expect(errorOf([2, h, w, 4], 8, 3, padding)).toBeLessThan(tolerance.winograd);
    },
  );

  it.each(combinations([4, 8, 20], [4, 8, 12], [1, 5, 64]))('%i to %i channels, blocks of %i', (c, n, block) => {
    expect(errorOf([1, 11, 14, c], n, block, 'valid')).toBeLessThan(tolerance.winograd);
  });

  it.each(combinations([5, 9, 16], [4, 12], [1, 4, 64]))('%i × 11, %i channels, blocks of %i', (h, c, block) => {
    expect(errorOf([2, h, 11, c], 8, block)).toBeLessThan(tolerance.winograd);
  });
});
