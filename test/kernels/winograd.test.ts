import { describe, expect, it } from 'vitest';
import { elementsOf, type Shape } from '../../src/core/shape.ts';
import { type Padding, resolveWindow } from '../../src/core/window.ts';
import { activate, activations } from '../oracle/activation.ts';
import { convolution } from '../oracle/convolution.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations } from '../support/sizes.ts';

/** Filters transform, V, M, one patch and one square of 36 vectors, each exactly as large as the kernels say. */
function run(
  shape: Shape,
  n: number,
  size: number,
  block: number,
  padding: Padding,
  activation = activations[0]![1],
): number {
  const sandbox = new Sandbox();
  const [batch, h, w, c] = shape as [number, number, number, number];
  const window = resolveWindow('', shape, [3, 3], { padding });
  const { y, x } = window;
  const points = (size + 2) ** 2;
  const values = randomArray(elementsOf(shape), c);
  const filters = randomArray(9 * c * n, n);
  const bias = randomArray(n, n + 1);
  const u = sandbox.output(points * (c * n + 16));
  sandbox.kernels.f32_winograd_filter(u, sandbox.input(filters), sandbox.output(36 * 4), c, n, size);
  const length = batch * y.size * x.size * n;
  const out = sandbox.output(length);
  const scratch = sandbox.output(points * (block * (c + n) + 32 + c) + 36 * 4);
  sandbox.kernels.f32_winograd_conv2d(
    out,
    sandbox.input(values),
    u,
    sandbox.input(bias),
    scratch,
    batch,
    h,
    w,
    c,
    n,
    y.before,
    x.before,
    y.size,
    x.size,
    size,
    block,
    activation.slope,
    activation.lo,
    activation.hi,
  );
  sandbox.check();
  const tensors = { x: { shape, values }, filters: { shape: [3, 3, c, n], values: filters } };
  const expected = convolution({ ...tensors, window, groups: 1 }, bias).map((sum) => activate(sum, activation));
  return relativeError(sandbox.read(out, length), expected);
}

describe.each([4, 2])('f32_winograd_conv2d, %i outputs a side', (size) => {
  it.each(combinations([1, 3, 4, 5, 9], [1, 3, 4, 8, 13], ['same', 2] as const))(
    '%i × %i, padding %s',
    (h, w, padding) => {
      expect(run([2, h, w, 4], 8, size, 4, padding)).toBeLessThan(tolerance.winograd);
    },
  );

  it.each(combinations([3, 4, 5, 9], [3, 6, 7, 13]))('%i × %i, no padding', (h, w) => {
    expect(run([2, h, w, 4], 8, size, 4, 'valid')).toBeLessThan(tolerance.winograd);
  });

  it.each(combinations([4, 8, 12, 20], [8, 16, 24], [4, 8, 64]))('%i to %i channels, blocks of %i', (c, n, block) => {
    expect(run([1, 11, 14, c], n, size, block, 'same')).toBeLessThan(tolerance.winograd);
  });

  it.each(activations)('applies %s', (_, activation) => {
    expect(run([1, 7, 9, 8], 8, size, 8, 'same', activation)).toBeLessThan(tolerance.winograd);
  });
});
