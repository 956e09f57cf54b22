import { describe, expect, it } from 'vitest';
import { batchNormOracle, channelMomentsOracle } from '../oracle/normalize.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { tensor } from '../support/op-oracle.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations, lengths } from '../support/sizes.ts';

const EPSILON = 1e-3;

describe('f32_channel_moments and its gradient', () => {
  it.each(combinations([1, 2, 7], lengths))('%i rows of %i', (rows, c) => {
    const sandbox = new Sandbox();
    const x0 = tensor([rows, c], c);
    const gradient = randomArray(2 * c, 99);
    const [moments, scratch, dx] = [sandbox.output(2 * c), sandbox.output(4 * c), sandbox.output(rows * c)];
    const [x, g] = [sandbox.input(x0.values), sandbox.input(gradient)];
    sandbox.kernels.f32_channel_moments(moments, moments + c * 4, scratch, x, rows, c);
    sandbox.kernels.f32_channel_moments_gradient(dx, x, moments, g, g + c * 4, rows, c);
    sandbox.check();
    const expected = channelMomentsOracle.forward({ x0 }, {});
    expect(relativeError(sandbox.read(moments, 2 * c), expected)).toBeLessThan(tolerance.elementwise);
    const back = channelMomentsOracle.gradients({ x0 }, {}, gradient).x0!;
    expect(relativeError(sandbox.read(dx, rows * c), back)).toBeLessThan(tolerance.elementwise);
  });
});

describe('f32_normalize, f32_normalize_sums and f32_normalize_gradient', () => {
  it.each(combinations([3, 7], lengths))('%i rows of %i', (rows, c) => {
    const sandbox = new Sandbox();
    const tensors = { x0: tensor([rows, c], c), scale: tensor([c], 2), shift: tensor([c], 3) };
    const gradient = randomArray(rows * c, 99);
    const [mean, inverse, factor, sums, dots] = [1, 2, 3, 4, 5].map(() => sandbox.output(c));
    const [scratch, out, dx] = [sandbox.output(4 * c), sandbox.output(rows * c), sandbox.output(rows * c)];
    const [x, g] = [sandbox.input(tensors.x0.values), sandbox.input(gradient)];
    const [scale, shift] = [sandbox.input(tensors.scale.values), sandbox.input(tensors.shift.values)];
    const { kernels } = sandbox;
    kernels.f32_channel_moments(mean!, inverse!, scratch, x, rows, c);
    kernels.f32_inverse_deviation(inverse!, inverse!, c, EPSILON);
    kernels.f32_multiply(factor!, inverse!, scale, c);
    const [none, all] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    kernels.f32_normalize(out, x, mean!, factor!, shift, rows, c, 1, none, all);
    kernels.f32_normalize_sums(sums!, dots!, scratch, x, g, mean!, inverse!, rows, c);
    kernels.f32_normalize_gradient(dx, x, g, mean!, inverse!, factor!, sums!, dots!, rows, c);
    sandbox.check();
    const attributes = { mode: 'train', epsilon: EPSILON } as const;
    const expected = batchNormOracle.forward(tensors, attributes);
    expect(relativeError(sandbox.read(out, rows * c), expected)).toBeLessThan(tolerance.sum);
    const back = batchNormOracle.gradients(tensors, attributes, gradient);
    expect(relativeError(sandbox.read(sums!, c), back.shift!)).toBeLessThan(tolerance.sum);
    expect(relativeError(sandbox.read(dots!, c), back.scale!)).toBeLessThan(tolerance.sum);
    expect(relativeError(sandbox.read(dx, rows * c), back.x0!)).toBeLessThan(tolerance.sum);
  });
});
