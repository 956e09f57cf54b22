import { describe, expect, it } from 'vitest';
import { elementsOf, type Shape } from '../../src/core/shape.ts';
import { type Padding, resolveWindow } from '../../src/core/window.ts';
import { activate, activations } from '../oracle/activation.ts';
import { convolution } from '../oracle/convolution.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations } from '../support/sizes.ts';

interface Case {
  readonly shape: Shape;
  readonly kernel: number;
  readonly n: number;
  readonly padding: Padding;
  readonly block?: number;
  readonly activation?: (typeof activations)[number][1];
}

/** Filters [k][k][c][n] over cells of 2 × 2 pixels: [taps][taps][2][2][c][n]. */
function overCells(filters: Float32Array, kernel: number, taps: number, tap: number): Float32Array {
  const cells = new Float32Array(taps * taps * 4 * tap);
  for (let y = 0; y < kernel; y++)
    for (let x = 0; x < kernel; x++) {
      const cell = Math.floor(y / 2) * taps + Math.floor(x / 2);
      const from = (y * kernel + x) * tap;
      cells.set(filters.subarray(from, from + tap), (cell * 4 + (y % 2) * 2 + (x % 2)) * tap);
    }
  return cells;
}

/** The error of an image computed in two bands of rows, scratch exactly as large as the kernel says. */
function run({ shape, kernel, n, padding, block = 8, activation = activations[0]![1] }: Case): number {
  const sandbox = new Sandbox();
  const { kernels } = sandbox;
  const [, h, w, c] = shape as [number, number, number, number];
  const window = resolveWindow('', shape, [kernel, kernel], { padding, stride: 2 });
  const { y, x } = window;
  const taps = Math.ceil(kernel / 2);
  const size = 9 - taps;
  const values = randomArray(elementsOf(shape), c);
  const filters = randomArray(kernel ** 2 * c * n, n);
  const bias = randomArray(n, n + 1);
  const cells = sandbox.input(overCells(Float32Array.from(filters), kernel, taps, c * n));
  const u = sandbox.output(64 * (4 * c * n + 16));
  kernels.f32_winograd_filter(u, cells, sandbox.output(64 * 4), 1, 4 * c, n, n, size);
  const [input, biasAt] = [sandbox.input(values), sandbox.input(bias)];
  const length = y.size * x.size * n;
  const out = sandbox.output(length);
  const middle = Math.min(y.size, size);
  const { slope, lo, hi } = activation;
  for (const [row, rows] of [
    [0, middle],
    [middle, y.size - middle],
  ] as const) {
    if (rows === 0) continue;
    const gathered = (rows + taps - 1) * (x.size + taps - 1) * 4 * c;
    const scratch = sandbox.output(gathered + 64 * (block * (4 * c + n) + 32 + 4 * c + 4));
    kernels.f32_winograd_polyphase(
      out + row * x.size * n * 4,
      input,
      u,
      biasAt,
      scratch,
      rows,
      h,
      w,
      c,
      n,
      2 * row - y.before,
      -x.before,
      x.size,
      size,
      block,
      slope,
      lo,
      hi,
    );
  }
  sandbox.check();
  const tensors = { x: { shape, values }, filters: { shape: [kernel, kernel, c, n], values: filters } };
  const sums = convolution({ ...tensors, window, groups: 1 }, bias);
  const expected = sums.map((sum) => activate(sum, activation));
  return relativeError(sandbox.read(out, length), expected, sums);
}

describe('f32_winograd_polyphase', () => {
  it.each(combinations([5, 6, 7, 8], [1, 4, 9, 17, 29], [3, 8, 13, 31], ['same', 'same-before', 4] as const))(
    '%i taps a side on %i × %i, padding %s',
    (kernel, h, w, padding) => {
      expect(run({ shape: [1, h, w, 3], kernel, n: 8, padding })).toBeLessThan(tolerance.winograd);
    },
  );

  it.each(combinations([5, 7, 8], [8, 9, 30], [8, 23]))('%i taps a side on %i × %i, no padding', (kernel, h, w) => {
    expect(run({ shape: [1, h, w, 3], kernel, n: 8, padding: 'valid' })).toBeLessThan(tolerance.winograd);
  });

  it.each(combinations([1, 2, 3, 4, 5, 8], [8, 16, 24], [4, 16]))('%i to %i channels, blocks of %i', (c, n, block) => {
    expect(run({ shape: [1, 27, 35, c], kernel: 7, n, block, padding: 'same' })).toBeLessThan(tolerance.winograd);
  });

  it.each(activations)('applies %s', (_, activation) => {
    expect(run({ shape: [1, 21, 19, 3], kernel: 7, n: 8, padding: 'same', activation })).toBeLessThan(
      tolerance.winograd,
    );
  });
});
