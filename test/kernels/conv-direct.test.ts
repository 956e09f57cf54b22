import { describe, expect, it } from 'vitest';
import { elementsOf, type Shape } from '../../src/core/shape.ts';
import { resolveWindow } from '../../src/core/window.ts';
import { activate, activations } from '../oracle/activation.ts';
import { convolution } from '../oracle/convolution.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations, lengths } from '../support/sizes.ts';

/** One depth slice of output over an input that needs no padding. */
function run(
  shape: Shape,
  n: number,
  kernel: readonly [number, number, number],
  stride: readonly [number, number],
  dilation: readonly [number, number],
  activation = activations[0]![1],
): number {
  const sandbox = new Sandbox();
  const [d, h, w, c] = shape as [number, number, number, number];
  const volume = [1, d, h, w, c];
  const window = resolveWindow('', volume, kernel, { stride: [1, ...stride], dilation: [1, ...dilation] });
  const taps = elementsOf(kernel) * c;
  const values = randomArray(elementsOf(shape), c);
  const filters = randomArray(taps * n, n);
  const bias = new Float32Array(Math.ceil(n / 8) * 8);
  bias.set(randomArray(n, n + 1));
  const panels = sandbox.output(Math.ceil(n / 8) * taps * 8);
  sandbox.kernels.f32_gemm_pack(panels, sandbox.input(filters), taps, n, n * 4);
  const length = window.y.size * window.x.size * n;
  const out = sandbox.output(length);
  sandbox.kernels.f32_conv_direct(
    out,
    sandbox.input(values),
    panels,
    sandbox.input(bias),
    sandbox.output(32),
    window.y.size,
    window.x.size,
    n,
    ...kernel,
    c,
    n * 4,
    h * w * c * 4,
    w * c * 4,
    c * 4,
    ...stride,
    ...dilation,
    activation.slope,
    activation.lo,
    activation.hi,
  );
  sandbox.check();
  const tensors = { x: { shape: volume, values }, filters: { shape: [...kernel, c, n], values: filters } };
  const expected = convolution({ ...tensors, window, groups: 1 }, bias).map((sum) => activate(sum, activation));
  return relativeError(sandbox.read(out, length), expected);
}

describe('f32_conv_direct', () => {
  it.each(combinations([1, 3, 4], lengths, [3, 4, 6, 9]))('3 × 3, %i to %i channels, width %i', (c, n, w) => {
    expect(run([1, 5, w, c], n, [1, 3, 3], [1, 1], [1, 1])).toBeLessThan(tolerance.sum);
  });

  it.each(combinations([1, 2, 3], [1, 2], [1, 2], [1, 3, 4]))(
    'depth %i, stride %i, dilation %i, %i channels',
    (depth, stride, dilation, c) => {
      expect(run([depth, 9, 11, c], 9, [depth, 3, 2], [stride, 3], [dilation, 1])).toBeLessThan(tolerance.sum);
      expect(run([depth, 9, 11, c], 8, [depth, 2, 4], [1, stride], [1, dilation])).toBeLessThan(tolerance.sum);
    },
  );

  it.each(activations)('applies %s', (_, activation) => {
    expect(run([1, 5, 7, 3], 9, [1, 3, 3], [1, 1], [1, 1], activation)).toBeLessThan(tolerance.sum);
  });
});
