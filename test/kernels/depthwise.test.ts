import { describe, expect, it } from 'vitest';
import { elementsOf } from '../../src/core/shape.ts';
import { resolveWindow, type WindowAttributes } from '../../src/core/window.ts';
import { bandOf, windowImages } from '../../src/graph/ops/window-parts.ts';
import { activate, activations } from '../oracle/activation.ts';
import { depthwiseConvOracle } from '../oracle/convolution.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { tensor } from '../support/op-oracle.ts';
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

/** Two items of three images of 5 × w pixels and a depthwise convolution of them. */
function setUp(w: number, kernel: readonly number[], c: number, attributes: WindowAttributes) {
  const sandbox = new Sandbox();
  const tensors = {
    x0: tensor([2, 3, 5, w, c], c),
    filters: tensor([...kernel, c, 1], c + 1),
    bias: tensor([c], c + 2),
  };
  const window = resolveWindow('', tensors.x0.shape, kernel, attributes);
  const length = depthwiseConvOracle.forward(tensors, attributes).length;
  return {
    sandbox,
    tensors,
    length,
    images: windowImages(2, window, c),
    dilations: [window.z.dilation, window.y.dilation, window.x.dilation] as const,
    taps: elementsOf(kernel),
    plane: kernel[1]! * kernel[2]!,
    packedLength: Math.ceil(c / 4) * 4 * elementsOf(kernel),
  };
}

const anyKernels = combinations(
  [
    [1, 1, 1],
    [2, 2, 3],
    [3, 5, 4],
    [2, 3, 3],
  ] as const,
  lengths,
  [
    { stride: 1, padding: 2 },
    { stride: [1, 2, 3], padding: 1 },
    { dilation: [2, 1, 2], padding: 'same' },
  ] as const,
);

describe('f32_depthwise_conv', () => {
  function errorOf(
    w: number,
    kernel: readonly number[],
    c: number,
    attributes: WindowAttributes,
    activation = activations[0]![1],
  ): number {
    const { sandbox, tensors, length, images, dilations, taps, plane, packedLength } = setUp(w, kernel, c, attributes);
    const { slope, lo, hi } = activation;
    const bias = new Float32Array(Math.ceil(c / 4) * 4);
    bias.set(tensors.bias.values);
    const [packed, out] = [sandbox.output(packedLength), sandbox.output(length)];
    const [input, shift] = [sandbox.input(tensors.x0.values), sandbox.input(bias)];
    sandbox.kernels.f32_depthwise_pack(packed, sandbox.input(tensors.filters.values), taps, c);
    for (const { output, input: at, planes, tap, sizes } of images) {
      const addresses = [out + output, input + at, packed + tap * plane * 16, shift] as const;
      sandbox.kernels.f32_depthwise_conv(...addresses, planes, ...sizes, ...dilations, taps, slope, lo, hi);
    }
    sandbox.check();
    const expected = depthwiseConvOracle.forward(tensors, attributes).map((sum) => activate(sum, activation));
    return relativeError(sandbox.read(out, length), expected);
  }

  it.each(combinations([1, 2, 3, 6, 9, 11, 17], lengths, [1, 2], [1, 3]))(
    '3 × 3, width %i, %i channels, stride %i, %i deep',
    (w, c, stride, depth) => {
      expect(errorOf(w, [depth, 3, 3], c, { stride, padding: 'same' })).toBeLessThan(tolerance.sum);
    },
  );

  it.each(
    combinations([1, 2, 3, 4, 9], [4, 12], [1, 2], ['valid', 1, 2, 3] as const).filter(
      ([w, , , padding]) => padding !== 'valid' || w >= 3,
    ),
  )('3 × 3 along a row, width %i, %i channels, stride %i, padding %j', (w, c, stride, padding) => {
    expect(errorOf(w, [1, 3, 3], c, { stride, padding })).toBeLessThan(tolerance.sum);
    expect(errorOf(w, [1, 3, 3], c, { stride: [1, 1, stride], padding })).toBeLessThan(tolerance.sum);
  });

  it.each(combinations([23, 24], [1, 2]))('a row of several strips, width %i, stride %i', (w, stride) => {
    expect(errorOf(w, [1, 3, 3], 512, { stride, padding: 'same' })).toBeLessThan(tolerance.sum);
  });

  it.each(anyKernels)('%j, %i channels, %j', (kernel, c, attributes) => {
    expect(errorOf(8, kernel, c, attributes)).toBeLessThan(tolerance.sum);
  });

  it.each(activations)('applies %s', (_, activation) => {
    expect(errorOf(9, [1, 3, 3], 8, { padding: 'same' }, activation)).toBeLessThan(tolerance.sum);
    expect(errorOf(9, [1, 3, 3], 7, { padding: 'same' }, activation)).toBeLessThan(tolerance.sum);
  });
});

describe('f32_depthwise_scatter and f32_depthwise_filter_gradient', () => {
  it.each(anyKernels)('%j, %i channels, %j, row by row', (kernel, c, attributes) => {
    const { sandbox, tensors, length, images, dilations, taps, plane, packedLength } = setUp(8, kernel, c, attributes);
    const gradient = randomArray(length, 9);
    const flipped = sandbox.output(taps * c);
    const [packed, dx, filters] = [
      sandbox.output(packedLength),
      sandbox.output(tensors.x0.values.length),
      sandbox.output(taps * c),
    ];
    sandbox.engine.memory.f32(dx, tensors.x0.values.length).fill(0);
    sandbox.engine.memory.f32(filters, taps * c).fill(0);
    const [x, from] = [sandbox.input(tensors.x0.values), sandbox.input(gradient)];
    sandbox.kernels.f32_filters_flip(flipped, sandbox.input(tensors.filters.values), taps, c, 1);
    sandbox.kernels.f32_depthwise_pack(packed, flipped, taps, c);
    const rows = images.flatMap((image) => Array.from({ length: image.sizes[3] }, (_, row) => bandOf(image, row, 1)));
    for (const { output, input, planes, tap, sizes } of [...rows].reverse()) {
      const last = packed + (taps - 1 - tap * plane) * 16;
      sandbox.kernels.f32_depthwise_scatter(dx + input, from + output, last, planes, ...sizes, ...dilations, taps);
      const to = filters + tap * plane * c * 4;
      sandbox.kernels.f32_depthwise_filter_gradient(to, x + input, from + output, planes, ...sizes, ...dilations);
    }
    sandbox.check();
    const expected = depthwiseConvOracle.gradients(tensors, attributes, gradient);
    expect(relativeError(sandbox.read(dx, expected.x0!.length), expected.x0!)).toBeLessThan(tolerance.sum);
    expect(relativeError(sandbox.read(filters, taps * c), expected.filters!)).toBeLessThan(tolerance.sum);
  });
});
