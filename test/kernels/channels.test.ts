import { describe, expect, it } from 'vitest';
import { channelMaxOracle } from '../oracle/channel-max.ts';
import { dropoutOracle } from '../oracle/dropout.ts';
import { affineOp, multiplyOp } from '../oracle/elementwise.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { tensor } from '../support/op-oracle.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations, lengths } from '../support/sizes.ts';

/** Widths that end in every way for kernels of a cache line, four lanes and one. */
const widths = [...lengths, 16, 35] as const;

describe('f32_channel_scale, f32_channel_sum and f32_channel_dot', () => {
  it.each(combinations([1, 5], widths))('%i rows of %i', (rows, c) => {
    const sandbox = new Sandbox();
    const tensors = { x0: tensor([rows, c], c), scale: tensor([c], 2), shift: tensor([c], 3) };
    const gradient = randomArray(rows * c, 99);
    const [dx, dot, sum] = [sandbox.output(rows * c), sandbox.output(c), sandbox.output(c)];
    const g = sandbox.input(gradient);
    sandbox.kernels.f32_channel_scale(dx, g, sandbox.input(tensors.scale.values), rows, c);
    sandbox.kernels.f32_channel_dot(dot, g, sandbox.input(tensors.x0.values), rows, c);
    sandbox.kernels.f32_channel_sum(sum, g, rows, c);
    sandbox.check();
    const expected = affineOp.gradients(tensors, {}, gradient);
    expect(relativeError(sandbox.read(dx, rows * c), expected.x0!)).toBeLessThan(tolerance.elementwise);
    expect(relativeError(sandbox.read(dot, c), expected.scale!)).toBeLessThan(tolerance.elementwise);
    expect(relativeError(sandbox.read(sum, c), expected.shift!)).toBeLessThan(tolerance.elementwise);
  });
});

describe('f32_channel_max and its gradient', () => {
  it.each(combinations([1, 2, 7], lengths))('%i rows of %i', (rows, c) => {
    const sandbox = new Sandbox();
    const x0 = tensor([1, rows, c], c);
    const gradient = randomArray(2 * c, 99);
    const [out, dx] = [sandbox.output(2 * c), sandbox.output(rows * c)];
    sandbox.engine.memory.f32(dx, rows * c).fill(0);
    sandbox.kernels.f32_channel_max(out, sandbox.input(x0.values), rows, c);
    sandbox.kernels.f32_channel_max_gradient(dx, sandbox.input(gradient), out, c);
    sandbox.check();
    expect(relativeError(sandbox.read(out, 2 * c), channelMaxOracle.forward({ x0 }, {}))).toBe(0);
    const expected = channelMaxOracle.gradients({ x0 }, {}, gradient).x0!;
    expect(relativeError(sandbox.read(dx, rows * c), expected)).toBe(0);
  });
});

describe('f32_multiply, f32_sum and f32_copy_rows', () => {
  it.each([0, ...lengths])('%i values', (n) => {
    const sandbox = new Sandbox();
    const [x0, x1] = [tensor([n], n), tensor([n], n + 1)];
    const out = sandbox.output(n);
    const a = sandbox.input(x0.values);
    sandbox.kernels.f32_multiply(out, a, sandbox.input(x1.values), n);
    const sum = sandbox.kernels.f32_sum(a, n);
    sandbox.check();
    const expected = multiplyOp.forward({ x0, x1 }, {});
    expect(relativeError(sandbox.read(out, n), expected)).toBeLessThan(tolerance.elementwise);
    expect(sum).toBeCloseTo(
      x0.values.reduce((total, value) => total + value, 0),
      12,
    );
  });

  it.each(combinations([0, 1, 3], lengths))('%i rows of %i, between others', (rows, n) => {
    const sandbox = new Sandbox();
    const values = randomArray(rows * n, n);
    const out = sandbox.output(rows * (n + 2));
    sandbox.kernels.f32_copy_rows(out + 4, sandbox.input(values), rows, n, (n + 2) * 4, n * 4);
    sandbox.check();
    const expected = Array.from({ length: rows }, (_, row) => [
      Number.NaN,
      ...values.slice(row * n, (row + 1) * n),
      Number.NaN,
    ]).flat();
    expect([...sandbox.read(out, rows * (n + 2))]).toEqual(expected);
  });
});

describe('f32_dropout and u32_random_key', () => {
  it.each(combinations([0, ...lengths], [0, 0.25, 0.75]))('%i values, a share of %d', (n, rate) => {
    const sandbox = new Sandbox();
    const x0 = tensor([n], n);
    const out = sandbox.output(n);
    const key = sandbox.kernels.u32_random_key(7, 3, 1);
    sandbox.kernels.f32_dropout(out, sandbox.input(x0.values), n, key, rate * 2 ** 32, 1 / (1 - rate));
    sandbox.check();
    const expected = dropoutOracle.forward({ x0, x1: { shape: [2], values: [7, 3] } }, { rate, stream: 1 });
    expect(relativeError(sandbox.read(out, n), expected)).toBeLessThan(tolerance.elementwise);
  });
});
