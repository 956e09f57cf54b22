import { describe, expect, it } from 'vitest';
import { elementsOf, type Shape } from '../../src/core/shape.ts';
import { isPadded, reachOf, resolveWindow, type WindowAttributes } from '../../src/core/window.ts';
import { activate, activations } from '../oracle/activation.ts';
import { convolution } from '../oracle/convolution.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations, lengths } from '../support/sizes.ts';

interface Options extends WindowAttributes {
  readonly groups?: number;
  /** Rows and columns of output a call. Default: all. */
  readonly box?: readonly [rows: number, columns: number];
  readonly activation?: (typeof activations)[number][1];
}

/** The error of a convolution of one volume [d, h, w, c], box by box. */
function run(volume: Shape, n: number, kernel: readonly [number, number, number], options: Options = {}): number {
  const { groups = 1, activation = activations[0]![1] } = options;
  const sandbox = new Sandbox();
  const [d, h, w, c] = volume as [number, number, number, number];
  const shape = [1, ...volume];
  const window = resolveWindow('', shape, kernel, options);
  const { z, y, x } = window;
  const [rows, columns] = options.box ?? [y.size, x.size];
  const taps = elementsOf(kernel) * (c / groups);
  const values = randomArray(elementsOf(shape), c);
  const filters = randomArray(taps * n, n);
  const bias = new Float32Array(n + 8);
  bias.set(randomArray(n, n + 1));
  const groupFloats = Math.ceil(n / groups / 8) * taps * 8;
  const panels = sandbox.output(groups * groupFloats);
  const plain = sandbox.input(filters);
  for (let group = 0; group < groups; group++) {
    const from = plain + ((group * n) / groups) * 4;
    sandbox.kernels.f32_gemm_pack(panels + group * groupFloats * 4, from, taps, n / groups, n * 4);
  }
  const length = z.size * y.size * x.size * n;
  const out = sandbox.output(length);
  const input = sandbox.input(values);
  const biasAt = sandbox.input(bias);
  const under = kernel[0] * ((rows - 1) * y.stride + reachOf(y)) * ((columns - 1) * x.stride + reachOf(x)) * c;
  const scratch = sandbox.output(32 + (isPadded(window) ? under : 0));
  for (let depth = 0; depth < z.size; depth++)
    for (let row = 0; row < y.size; row += rows)
      for (let column = 0; column < x.size; column += columns)
        sandbox.kernels.f32_conv_direct(
          out + ((depth * y.size + row) * x.size + column) * n * 4,
          input,
          panels,
          biasAt,
          scratch,
          Math.min(rows, y.size - row),
          Math.min(columns, x.size - column),
          n,
          ...kernel,
          c,
          groups,
          d,
          h,
          w,
          depth * z.stride - z.before,
          row * y.stride - y.before,
          column * x.stride - x.before,
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
  const tensors = { x: { shape, values }, filters: { shape: [...kernel, c / groups, n], values: filters } };
  const expected = convolution({ ...tensors, window, groups }, bias).map((sum) => activate(sum, activation));
  return relativeError(sandbox.read(out, length), expected);
}

describe('f32_conv_direct', () => {
  it.each(combinations([1, 3, 4], lengths, [3, 4, 6, 9]))('3 × 3, %i to %i channels, width %i', (c, n, w) => {
    expect(run([1, 5, w, c], n, [1, 3, 3])).toBeLessThan(tolerance.sum);
    expect(run([1, 5, w, c], n, [1, 3, 3], { padding: 1 })).toBeLessThan(tolerance.sum);
  });

  it.each(combinations([1, 2, 3], [1, 2], [1, 2], [1, 3, 4]))(
    'depth %i, stride %i, dilation %i, %i channels',
    (depth, stride, dilation, c) => {
      for (const padding of ['valid', 'same', 3] as const) {
        const first = { stride: [1, stride, 3], dilation: [1, dilation, 1], padding };
        expect(run([depth, 9, 11, c], 9, [depth, 3, 2], first)).toBeLessThan(tolerance.sum);
        const second = { stride: [2, 1, stride], dilation: [dilation, 1, dilation], padding };
        expect(run([4, 9, 11, c], 8, [2, 2, 4], second)).toBeLessThan(tolerance.sum);
      }
    },
  );

  it.each(
    combinations(
      [
        [1, 13],
        [2, 13],
        [3, 13],
        [1, 4],
        [1, 5],
      ] as const,
      [1, 2],
      ['valid', 'same', 4] as const,
    ),
  )('boxes of %j, stride %i, padding %s', (box, stride, padding) => {
    const whole = resolveWindow('', [1, 2, 7, 13, 3], [1, 3, 3], { stride: [1, stride, stride], padding }).x.size;
    const columns = box[1] === 13 ? whole : Math.min(box[1], whole);
    const options = { stride: [1, stride, stride], padding, box: [box[0], columns] as const };
    expect(run([2, 7, 13, 3], 9, [1, 3, 3], options)).toBeLessThan(tolerance.sum);
  });

  it.each([
    [2, 4, 6],
    [3, 6, 27],
    [4, 4, 8],
    [1, 5, 9],
  ])('%i groups, %i to %i channels', (groups, c, n) => {
    for (const padding of ['valid', 'same'] as const)
      expect(run([1, 6, 7, c], n, [1, 3, 3], { groups, padding, dilation: [1, 1, 2] })).toBeLessThan(tolerance.sum);
  });

  it.each(activations)('applies %s', (_, activation) => {
    expect(run([1, 5, 7, 3], 9, [1, 3, 3], { activation })).toBeLessThan(tolerance.sum);
  });
});
