import { describe, expect, it } from 'vitest';
import { elementsOf, type Shape } from '../../src/core/shape.ts';
import { resolveWindow, type WindowAttributes } from '../../src/core/window.ts';
import { convolutionGradients } from '../oracle/convolution.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations } from '../support/sizes.ts';

interface Options extends WindowAttributes {
  /** Rows of taps as one product of kw · C rows: dilation 1 only. */
  readonly touching: boolean;
  /** Rows and columns of a call at most, and pixels at a time. */
  readonly slab: readonly [m: number, n: number];
  readonly block: number;
}

/** The error of the gradient in the filters of a convolution of volumes [batch, d, h, w, c], slab by slab. */
function run(shape: Shape, n: number, kernel: readonly [number, number, number], options: Options): number {
  const sandbox = new Sandbox();
  const [batch, d, h, w, c] = shape as [number, number, number, number, number];
  const { z, y, x } = resolveWindow('', shape, kernel, options);
  const values = randomArray(elementsOf(shape), c);
  const length = batch * z.size * y.size * x.size * n;
  const gradient = randomArray(length, n);
  const [input, from] = [sandbox.input(values), sandbox.input(gradient)];
  const filters = elementsOf(kernel) * c * n;
  const out = sandbox.output(filters);
  const [pieces, rows] = options.touching ? [1, kernel[2] * c] : [kernel[2], c];
  const packed = pieces * Math.min(options.slab[0], rows) + 3;
  const scratch = sandbox.output(options.block * packed);
  for (let kz = 0; kz < kernel[0]; kz++)
    for (let ky = 0; ky < kernel[1]; ky++)
      for (let i = 0; i < rows; i += options.slab[0])
        for (let j = 0; j < n; j += options.slab[1])
          sandbox.kernels.f32_conv_filter_gradient(
            out + (((kz * kernel[1] + ky) * kernel[2] * c + i) * n + j) * 4,
            input,
            from + j * 4,
            scratch,
            Math.min(options.slab[0], rows - i),
            Math.min(options.slab[1], n - j),
            pieces,
            c * n * 4,
            n * 4,
            batch,
            d,
            h,
            w,
            c,
            z.size,
            y.size,
            x.size,
            n * 4,
            kz * z.dilation - z.before,
            ky * y.dilation - y.before,
            -x.before,
            i * 4,
            z.stride,
            y.stride,
            x.stride,
            x.dilation,
            options.block,
            packed * 4,
          );
  sandbox.check();
  const tensors = {
    x: { shape, values },
    filters: { shape: [...kernel, c, n], values: new Float32Array(filters) },
  };
  const window = { z, y, x };
  const expected = convolutionGradients({ ...tensors, window, groups: 1 }, gradient).filters;
  return relativeError(sandbox.read(out, filters), expected);
}

describe('f32_conv_filter_gradient', () => {
  it.each(combinations([1, 3, 4, 5], [1, 8, 9, 17], ['valid', 'same', 3] as const))(
    '3 × 3, %i to %i channels, padding %s',
    (c, n, padding) => {
      const shape = [2, 1, 5, 7, c];
      for (const touching of [true, false]) {
        const options = { padding, touching, slab: [64, 64], block: 9 } as const;
        expect(run(shape, n, [1, 3, 3], options)).toBeLessThan(tolerance.sum);
      }
    },
  );

  it.each(combinations([1, 2, 3], [1, 2, 3], [1, 2], ['valid', 'same', 4] as const))(
    'kernel depth %i, stride %i, dilation %i, padding %s',
    (depth, stride, dilation, padding) => {
      const attributes = { stride: [stride, 2, stride], dilation: [dilation, 1, dilation], padding };
      const options = { ...attributes, touching: false, slab: [3, 8], block: 4 } as const;
      expect(run([1, 6, 5, 9, 5], 9, [depth, 2, 3], options)).toBeLessThan(tolerance.sum);
    },
  );

  it.each(
    combinations(
      [
        [4, 8],
        [8, 64],
        [5, 3],
        [64, 8],
      ] as const,
      [1, 5, 200],
    ),
  )('slabs of %j, %i pixels at a time', (slab, block) => {
    const options = { padding: 'same', touching: true, slab, block } as const;
    expect(run([2, 1, 6, 5, 7], 19, [1, 3, 3], options)).toBeLessThan(tolerance.sum);
  });
});
