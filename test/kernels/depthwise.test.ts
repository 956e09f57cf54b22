import { describe, expect, it } from 'vitest';
import { elementsOf, type Shape } from '../../src/core/shape.ts';
import { type Padding, resolveWindow } from '../../src/core/window.ts';
import { activate, activations } from '../oracle/activation.ts';
import { convolution } from '../oracle/convolution.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations, lengths } from '../support/sizes.ts';

describe('f32_depthwise_pack', () => {
  it.each(combinations([1, 6, 9], lengths))('%i taps, %i channels', (taps, c) => {
    const sandbox = new Sandbox();
    const filters = randomArray(taps * c, c);
    const size = Math.ceil(c / 4) * 4 * taps;
    const out = sandbox.output(size);
    sandbox.kernels.f32_depthwise_pack(out, sandbox.input(filters), taps, c);
    sandbox.check();
    const expected = Float32Array.from({ length: size }, (_, at) => {
      const channel = Math.floor(at / (taps * 4)) * 4 + (at % 4);
      return channel < c ? filters[(Math.floor(at / 4) % taps) * c + channel]! : 0;
    });
    expect(sandbox.read(out, size)).toEqual(expected);
  });
});

describe('f32_depthwise_conv2d', () => {
  function run(
    shape: Shape,
    kernel: readonly [number, number],
    stride: number,
    padding: Padding,
    activation = activations[0]![1],
  ) {
    const sandbox = new Sandbox();
    const c = shape.at(-1)!;
    const taps = kernel[0] * kernel[1];
    const window = resolveWindow('', shape, kernel, { stride, padding });
    const { y, x } = window;
    const values = randomArray(elementsOf(shape), c);
    const filters = randomArray(taps * c, c + 1);
    const bias = new Float32Array(Math.ceil(c / 4) * 4);
    bias.set(randomArray(c, c + 2));
    const packed = sandbox.output(Math.ceil(c / 4) * 4 * taps);
    sandbox.kernels.f32_depthwise_pack(packed, sandbox.input(filters), taps, c);
    const length = shape[0]! * y.size * x.size * c;
    const out = sandbox.output(length);
    sandbox.kernels.f32_depthwise_conv2d(
      out,
      sandbox.input(values),
      packed,
      sandbox.input(bias),
      shape[0]!,
      shape[1]!,
      shape[2]!,
      c,
      y.size,
      x.size,
      ...kernel,
      y.before,
      x.before,
      stride,
      stride,
      1,
      1,
      activation.slope,
      activation.lo,
      activation.hi,
    );
    sandbox.check();
    const tensors = { x: { shape, values }, filters: { shape: [...kernel, 1, c], values: filters } };
    const expected = convolution({ ...tensors, window, groups: c }, bias).map((sum) => activate(sum, activation));
    return relativeError(sandbox.read(out, length), expected);
  }

  it.each(combinations([1, 2, 3, 6, 9, 11, 17], lengths, [1, 2]))(
    '3 × 3, width %i, %i channels, stride %i',
    (w, c, stride) => {
      expect(run([2, 5, w, c], [3, 3], stride, 'same')).toBeLessThan(tolerance.sum);
    },
  );

  it.each(
    combinations(
      [
        [1, 1],
        [2, 3],
        [5, 4],
        [3, 3],
      ] as const,
      [1, 4, 9],
      [1, 3],
    ),
  )('%j, %i channels, stride %i', (kernel, c, stride) => {
    expect(run([1, 7, 8, c], kernel, stride, 2)).toBeLessThan(tolerance.sum);
  });

  it.each(activations)('applies %s', (_, activation) => {
    expect(run([1, 5, 9, 8], [3, 3], 1, 'same', activation)).toBeLessThan(tolerance.sum);
    expect(run([1, 5, 9, 7], [3, 3], 1, 'same', activation)).toBeLessThan(tolerance.sum);
  });
});
