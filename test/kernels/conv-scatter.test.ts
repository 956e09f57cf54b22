import { describe, expect, it } from 'vitest';
import { elementsOf, type Shape } from '../../src/core/shape.ts';
import { resolveWindow, type WindowAttributes } from '../../src/core/window.ts';
import { activate, activations } from '../oracle/activation.ts';
import { convolutionGradients } from '../oracle/convolution.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations } from '../support/sizes.ts';

interface Options extends WindowAttributes {
  readonly groups?: number;
  /** Rows of a band. */
  readonly band: number;
  readonly activation?: (typeof activations)[number][1];
}

/** The error of the gradient in the input [d, h, w, c] of a convolution to n channels, with a bias, band by band. */
function run(volume: Shape, n: number, kernel: readonly [number, number, number], options: Options): number {
  const { groups = 1, band, activation = activations[0]![1] } = options;
  const sandbox = new Sandbox();
  const { kernels } = sandbox;
  const [d, h, w, c] = volume as [number, number, number, number];
  const shape = [1, ...volume];
  const window = resolveWindow('', shape, kernel, options);
  const { z, y, x } = window;
  const [cg, ng] = [c / groups, n / groups];
  const taps = elementsOf(kernel) * cg;
  const filters = randomArray(taps * n, n);
  const gradient = randomArray(z.size * y.size * x.size * n, c);
  const bias = new Float32Array(c + 8);
  bias.set(randomArray(c, n + 1));
  const plain = sandbox.input(filters);
  const turned = sandbox.output(ng * taps);
  const groupFloats = Math.ceil(taps / 8) * 8 * ng;
  const panels = sandbox.output(groups * groupFloats);
  for (let group = 0; group < groups; group++) {
    kernels.f32_transpose(turned, plain + group * ng * 4, taps, ng, n * 4);
    kernels.f32_gemm_pack(panels + group * groupFloats * 4, turned, ng, taps, taps * 4);
  }
  const [from, biasAt, dx] = [sandbox.input(gradient), sandbox.input(bias), sandbox.output(elementsOf(volume))];
  const scratch = sandbox.output(32 + Math.ceil(taps / 8) * 8 + x.size * taps);
  for (let row = 0; row < h; row += band)
    kernels.f32_conv_scatter(
      dx,
      from,
      panels,
      biasAt,
      scratch,
      row,
      Math.min(band, h - row),
      d,
      h,
      w,
      c,
      z.size,
      y.size,
      x.size,
      n,
      ...kernel,
      groups,
      z.before,
      y.before,
      x.before,
      z.stride,
      y.stride,
      x.stride,
      z.dilation,
      y.dilation,
      x.dilation,
      activation.slope,
      activation.lo,
      activation.hi,
    );
  sandbox.check();
  const tensors = {
    x: { shape, values: new Float32Array(elementsOf(shape)) },
    filters: { shape: [...kernel, cg, n], values: filters },
  };
  const expected = convolutionGradients({ ...tensors, window, groups }, gradient).x.map((sum, i) =>
    activate(sum + bias[i % c]!, activation),
  );
  return relativeError(sandbox.read(dx, expected.length), expected);
}

describe('f32_conv_scatter', () => {
  it.each(combinations([1, 3, 4, 9], [1, 4, 8, 17], [1, 2, 3], ['valid', 'same', 3] as const))(
    '%i to %i channels, stride %i, padding %s',
    (c, n, stride, padding) => {
      expect(run([1, 7, 9, c], n, [1, 3, 3], { stride: [1, stride, stride], padding, band: 3 })).toBeLessThan(
        tolerance.sum,
      );
    },
  );

  it.each(combinations([1, 2, 5, 11], [1, 2, 5], [1, 2]))(
    'bands of %i rows, kernel height %i, dilation %i',
    (band, kh, dilation) => {
      const options = { stride: [2, 3, 1], dilation: [1, dilation, 2], padding: 'same', band } as const;
      expect(run([3, 11, 8, 5], 6, [2, kh, 3], options)).toBeLessThan(tolerance.sum);
    },
  );

  it.each([2, 3])('%i groups', (groups) => {
    const options = { groups, stride: [1, 2, 2], padding: 1, band: 4 } as const;
    expect(run([2, 9, 7, 6], 12, [1, 3, 3], options)).toBeLessThan(tolerance.sum);
  });

  it.each(activations)('applies %s', (_, activation) => {
    expect(run([1, 6, 7, 4], 8, [1, 4, 4], { stride: [1, 2, 2], padding: 1, band: 2, activation })).toBeLessThan(
      tolerance.sum,
    );
  });
});
