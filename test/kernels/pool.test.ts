import { describe, expect, it } from 'vitest';
import { elementsOf, type Shape } from '../../src/core/shape.ts';
import { type Padding, resolveWindow } from '../../src/core/window.ts';
import { averagePool2dOracle, globalAveragePoolOracle, maxPool2dOracle } from '../oracle/pool.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations, lengths } from '../support/sizes.ts';

const windows: readonly (readonly [kernel: readonly [number, number], stride: number, padding: Padding])[] = [
  [[1, 1], 1, 'valid'],
  [[2, 2], 2, 'same'],
  [[2, 2], 1, 'same'],
  [[3, 3], 2, 1],
  [
    [3, 2],
    3,
    [
      [2, 0],
      [1, 1],
    ],
  ],
  [[5, 7], 1, 'valid'],
];

function setUp(shape: Shape, [kernel, stride, padding]: (typeof windows)[number]) {
  const sandbox = new Sandbox();
  const x = { shape, values: randomArray(elementsOf(shape), shape.at(-1)!) };
  const window = resolveWindow('', shape, kernel, { stride, padding });
  const [batch, h, w, c] = shape as [number, number, number, number];
  const length = batch * window.y.size * window.x.size * c;
  const out = sandbox.output(length);
  const sizes = [
    batch,
    h,
    w,
    c,
    window.y.size,
    window.x.size,
    ...kernel,
    window.y.before,
    window.x.before,
    stride,
    stride,
  ] as const;
  return { sandbox, x, window, out, length, sizes, input: sandbox.input(x.values) };
}

describe('f32_max_pool2d', () => {
  it.each(combinations(windows, lengths))('%j, %i channels', (how, c) => {
    const { sandbox, x, window, out, length, sizes, input } = setUp([2, 5, 7, c], how);
    sandbox.kernels.f32_max_pool2d(out, input, ...sizes);
    sandbox.check();
    expect(sandbox.read(out, length)).toEqual(Float32Array.from(maxPool2dOracle(x, window)));
  });
});

describe('f32_average_pool2d', () => {
  it.each(combinations(windows, lengths, [0, 1]))('%j, %i channels, padding counted %i', (how, c, counted) => {
    const { sandbox, x, window, out, length, sizes, input } = setUp([2, 5, 7, c], how);
    sandbox.kernels.f32_average_pool2d(out, input, ...sizes, counted);
    sandbox.check();
    const expected = averagePool2dOracle(x, window, counted === 1);
    expect(relativeError(sandbox.read(out, length), expected)).toBeLessThan(tolerance.elementwise);
  });
});

describe('f32_global_average_pool', () => {
  it.each(
    combinations(
      [
        [1, 1],
        [1, 7],
        [5, 3],
      ] as const,
      lengths,
    ),
  )('%j, %i channels', ([h, w], c) => {
    const sandbox = new Sandbox();
    const x = { shape: [3, h, w, c], values: randomArray(3 * h * w * c, c) };
    const out = sandbox.output(3 * c);
    sandbox.kernels.f32_global_average_pool(out, sandbox.input(x.values), 3, h, w, c);
    sandbox.check();
    expect(relativeError(sandbox.read(out, 3 * c), globalAveragePoolOracle(x))).toBeLessThan(tolerance.elementwise);
  });
});
