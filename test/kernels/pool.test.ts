import { describe, expect, it } from 'vitest';
import { elementsOf } from '../../src/core/shape.ts';
import { type Padding, resolveWindow } from '../../src/core/window.ts';
import { bandOf, windowImages } from '../../src/graph/ops/window-parts.ts';
import { averagePoolOracle, globalAveragePoolOracle, maxPoolOracle } from '../oracle/pool.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { tensor } from '../support/op-oracle.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations, lengths } from '../support/sizes.ts';

const windows: readonly (readonly [size: readonly number[], stride: number, padding: Padding])[] = [
  [[1, 1, 1], 1, 'valid'],
  [[1, 2, 2], 2, 'same'],
  [[2, 2, 2], 1, 'same'],
  [[3, 3, 3], 2, 1],
  [
    [2, 3, 2],
    3,
    [
      [1, 0],
      [2, 0],
      [1, 1],
    ],
  ],
  [[3, 5, 7], 1, 'valid'],
];

/** Two items of three images of 5 × 7 pixels, and a gradient in their pooled form. */
function setUp([size, stride, padding]: (typeof windows)[number], c: number) {
  const sandbox = new Sandbox();
  const attributes = { size, stride, padding };
  const x0 = tensor([2, 3, 5, 7, c], c);
  const window = resolveWindow('', x0.shape, size, attributes);
  const images = windowImages(2, window, c);
  const length = maxPoolOracle.forward({ x0 }, attributes).length;
  const gradient = randomArray(length, 9);
  const dx = sandbox.output(elementsOf(x0.shape));
  sandbox.engine.memory.f32(dx, x0.values.length).fill(0);
  const [input, out] = [sandbox.input(x0.values), sandbox.output(length)];
  return { sandbox, x0, attributes, images, out, length, input, gradient, from: sandbox.input(gradient), dx };
}

describe('f32_max_pool', () => {
  it.each(combinations(windows, lengths))('%j, %i channels', (how, c) => {
    const { sandbox, x0, attributes, images, out, length, input } = setUp(how, c);
    for (const image of images)
      sandbox.kernels.f32_max_pool(out + image.output, input + image.input, image.planes, ...image.sizes);
    sandbox.check();
    expect(sandbox.read(out, length)).toEqual(Float32Array.from(maxPoolOracle.forward({ x0 }, attributes)));
  });
});

describe('f32_max_pool_positions and f32_max_unpool', () => {
  it.each(combinations(windows, lengths))('%j, %i channels', (how, c) => {
    const { sandbox, x0, attributes, images, out, length, input, gradient, from, dx } = setUp(how, c);
    const positions = sandbox.output(length);
    const items = [0, 1].map((item) => item * 3 * 5 * 7 * c * 4);
    for (const { output, input: at, planes, sizes } of images) {
      const first = (at % items[1]!) / c / 4;
      sandbox.kernels.f32_max_pool_positions(out + output, positions + output, input + at, first, planes, ...sizes);
    }
    for (const [item, at] of items.entries()) {
      const half = item * length * 2;
      sandbox.kernels.f32_max_unpool(dx + at, from + half, positions + half, length / 2 / c, c);
    }
    sandbox.check();
    expect(sandbox.read(out, length)).toEqual(Float32Array.from(maxPoolOracle.forward({ x0 }, attributes)));
    const expected = maxPoolOracle.gradients({ x0 }, attributes, gradient).x0!;
    expect(relativeError(sandbox.read(dx, expected.length), expected)).toBeLessThan(tolerance.elementwise);
  });
});

describe('f32_average_pool and its gradient', () => {
  it.each(combinations(windows, lengths, [false, true]))(
    '%j, %i channels, padding counted %s, row by row',
    (how, c, countPadding) => {
      const { sandbox, x0, attributes, images, out, length, input, gradient, from, dx } = setUp(how, c);
      const counted = countPadding ? elementsOf(how[0]) : 0;
      const rows = images.flatMap((image) => Array.from({ length: image.sizes[3] }, (_, row) => bandOf(image, row, 1)));
      for (const { output, input: at, planes, sizes } of rows.reverse()) {
        sandbox.kernels.f32_average_pool(out + output, input + at, planes, ...sizes, counted);
        sandbox.kernels.f32_average_pool_gradient(dx + at, from + output, planes, ...sizes, counted);
      }
      sandbox.check();
      const expected = averagePoolOracle.forward({ x0 }, { ...attributes, countPadding });
      expect(relativeError(sandbox.read(out, length), expected)).toBeLessThan(tolerance.elementwise);
      const back = averagePoolOracle.gradients({ x0 }, { ...attributes, countPadding }, gradient).x0!;
      expect(relativeError(sandbox.read(dx, back.length), back)).toBeLessThan(tolerance.elementwise);
    },
  );
});

describe('f32_global_average_pool and its gradient', () => {
  it.each(combinations([1, 7, 15], [1, 3, 8], lengths))('%i cells in runs of %i, %i channels', (cells, run, c) => {
    const sandbox = new Sandbox();
    const x0 = tensor([3, cells, c], c);
    const gradient = randomArray(3 * c, 9);
    const [out, dx] = [sandbox.output(3 * c), sandbox.output(3 * cells * c)];
    sandbox.kernels.f32_global_average_pool(out, sandbox.input(x0.values), 3, cells, run, c);
    sandbox.kernels.f32_global_average_pool_gradient(dx, sandbox.input(gradient), 3, cells, c);
    sandbox.check();
    const expected = globalAveragePoolOracle.forward({ x0 }, {});
    expect(relativeError(sandbox.read(out, 3 * c), expected)).toBeLessThan(tolerance.elementwise);
    const back = globalAveragePoolOracle.gradients({ x0 }, {}, gradient).x0!;
    expect(relativeError(sandbox.read(dx, back.length), back)).toBeLessThan(tolerance.elementwise);
  });
});
