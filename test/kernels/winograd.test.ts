import { describe, expect, it } from 'vitest';
import { elementsOf, type Shape } from '../../src/core/shape.ts';
import { type Padding, resolveWindow } from '../../src/core/window.ts';
import type { Activation } from '../../src/graph/op.ts';
import { activate, activations } from '../oracle/activation.ts';
import { convolution } from '../oracle/convolution.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations } from '../support/sizes.ts';

interface Case {
  readonly shape: Shape;
  readonly n: number;
  readonly size: number;
  readonly block: number;
  readonly padding: Padding;
  readonly activation?: Activation;
}

/** Tiles of 5 outputs a side are those of windows of 4 × 4. */
const tapsOf = (size: number): number => (size === 5 ? 4 : 3);
const pointsOf = (size: number): number => (size + tapsOf(size) - 1) ** 2;

/** The data of a case between guards, scratch exactly as large as the kernels say: V, M, one patch and one square. */
function prepare({ shape, n, size, block, padding }: Case) {
  const sandbox = new Sandbox();
  const c = shape[3]!;
  const taps = tapsOf(size);
  const window = resolveWindow('', shape, [taps, taps], { padding });
  const points = pointsOf(size);
  const values = randomArray(elementsOf(shape), c);
  const filters = randomArray(taps ** 2 * c * n, n);
  const bias = randomArray(n, n + 1);
  const u = sandbox.output(points * (c * n + 16));
  const plain = sandbox.input(filters);
  for (let column = 0; column < n; column += 8)
    sandbox.kernels.f32_winograd_filter(
      u + column * c * 4,
      plain + column * 4,
      sandbox.output(36 * 4),
      1,
      c,
      n,
      8,
      size,
    );
  const length = shape[0]! * window.y.size * window.x.size * n;
  const tiles = shape[0]! * Math.ceil(window.y.size / size) * Math.ceil(window.x.size / size);
  const at = {
    u,
    out: sandbox.output(length),
    input: sandbox.input(values),
    bias: sandbox.input(bias),
    v: sandbox.output(points * (block * (c + n) + 32 + c + 4)),
  };
  return { sandbox, window, values, filters, bias, length, tiles, points, at };
}

/** The error of the whole kernel, its tiles in two calls. */
function run(given: Case): number {
  const { sandbox, window, values, filters, bias, length, tiles, at } = prepare(given);
  const { shape, n, size, block, activation = activations[0]![1] } = given;
  const [, h, w, c] = shape as [number, number, number, number];
  const { y, x } = window;
  const { slope, lo, hi } = activation;
  const middle = Math.floor(tiles / 2);
  for (const [first, count] of [
    [0, middle],
    [middle, tiles - middle],
  ] as const)
    sandbox.kernels.f32_winograd_conv2d(
      at.out,
      at.input,
      at.u,
      at.bias,
      at.v,
      first,
      count,
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
      slope,
      lo,
      hi,
    );
  sandbox.check();
  const taps = tapsOf(size);
  const tensors = { x: { shape, values }, filters: { shape: [taps, taps, c, n], values: filters } };
  const sums = convolution({ ...tensors, window, groups: 1 }, bias);
  const expected = sums.map((sum) => activate(sum, activation));
  return relativeError(sandbox.read(at.out, length), expected, sums);
}

/** Its three steps as threads share them: transforms tile by tile, products point by point. */
function runSteps(given: Case): Float32Array {
  const { sandbox, window, length, tiles, points, at } = prepare({ ...given, block: 64 });
  const { shape, n, size } = given;
  const [, h, w, c] = shape as [number, number, number, number];
  const { y, x } = window;
  const vPoint = (tiles * c + 16) * 4;
  const mPoint = (Math.ceil(tiles / 4) * 4 * n + 16) * 4;
  const m = sandbox.output((points * mPoint) / 4);
  const scratch = sandbox.output(points * (c + 4));
  const { kernels } = sandbox;
  for (let tile = tiles - 1; tile >= 0; tile--) {
    const v = at.v + tile * c * 4;
    kernels.f32_winograd_input(
      v,
      at.input,
      scratch,
      tile,
      1,
      h,
      w,
      c,
      y.before,
      x.before,
      y.size,
      x.size,
      vPoint,
      size,
    );
  }
  for (let point = points - 1; point >= 0; point--) {
    const u = at.u + point * (c * n + 16) * 4;
    kernels.f32_winograd_multiply(m + point * mPoint, at.v + point * vPoint, u, 1, tiles, c, n);
  }
  const { slope, lo, hi } = activations[0]![1];
  for (let tile = tiles - 1; tile >= 0; tile--) {
    const from = m + tile * n * 4;
    kernels.f32_winograd_output(
      at.out,
      from,
      at.bias,
      scratch,
      tile,
      1,
      n,
      y.size,
      x.size,
      mPoint,
      size,
      slope,
      lo,
      hi,
    );
  }
  sandbox.check();
  return sandbox.read(at.out, length);
}

describe.each([6, 5, 4, 2])('f32_winograd_conv2d, %i outputs a side', (size) => {
  it.each(combinations([1, 3, 4, 5, 9], [1, 3, 4, 8, 13], ['same', 2] as const))(
    '%i × %i, padding %s',
    (h, w, padding) => {
      expect(run({ shape: [2, h, w, 4], n: 8, size, block: 4, padding })).toBeLessThan(tolerance.winograd);
    },
  );

  it.each(combinations([4, 5, 9], [4, 6, 7, 13]))('%i × %i, no padding', (h, w) => {
    expect(run({ shape: [2, h, w, 4], n: 8, size, block: 4, padding: 'valid' })).toBeLessThan(tolerance.winograd);
  });

  it.each(combinations([4, 8, 12, 20], [8, 16, 24], [4, 8, 64]))('%i to %i channels, blocks of %i', (c, n, block) => {
    expect(run({ shape: [1, 11, 14, c], n, size, block, padding: 'same' })).toBeLessThan(tolerance.winograd);
  });

  it.each(combinations([1, 2, 3, 5, 9, 11], [16, 24, 32], [8, 64]))(
    '%i tiles and as many again, to %i channels, blocks of %i: those over four',
    (tiles, n, block) => {
      const shape = [1, 2 * size, size * tiles, 8];
      expect(run({ shape, n, size, block, padding: 'same' })).toBeLessThan(tolerance.winograd);
    },
  );

  it.each(activations)('applies %s', (_, activation) => {
    expect(run({ shape: [1, 7, 9, 8], n: 8, size, block: 8, padding: 'same', activation })).toBeLessThan(
      tolerance.winograd,
    );
  });

  it.each([
    [[1, 11, 14, 8], 16],
    [[2, 5, 3, 4], 8],
  ] as const)('%j to %i channels: its steps, in any order, give the same bits', (shape, n) => {
    const given: Case = { shape, n, size, block: 8, padding: 'same' };
    const { sandbox, window, length, tiles, at } = prepare(given);
    const [, h, w, c] = shape;
    const { y, x } = window;
    const { slope, lo, hi } = activations[0]![1];
    const sizes = [h, w, c, n, y.before, x.before, y.size, x.size] as const;
    sandbox.kernels.f32_winograd_conv2d(
      at.out,
      at.input,
      at.u,
      at.bias,
      at.v,
      0,
      tiles,
      ...sizes,
      size,
      8,
      slope,
      lo,
      hi,
    );
    expect(runSteps(given)).toEqual(sandbox.read(at.out, length));
  });
});
