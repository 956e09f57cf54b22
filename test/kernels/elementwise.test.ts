import { describe, expect, it } from 'vitest';
import { activate, activations } from '../oracle/activation.ts';
import { affineOracle, sigmoidOracle } from '../oracle/elementwise.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations, lengths } from '../support/sizes.ts';

/** Random values with the special ones among them, in every lane as `length` grows. */
function awkwardArray(length: number, seed: number): Float32Array {
  const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-45, -0];
  return randomArray(length, seed).map((value, i) => (i % 3 === 2 ? special[(i + seed) % special.length]! : value));
}

describe.each(activations)('with %s', (_, activation) => {
  const { slope, lo, hi } = activation;

  it.each([0, ...lengths])('f32_activate of %i', (n) => {
    const sandbox = new Sandbox();
    const x = awkwardArray(n, n);
    const out = sandbox.output(n);
    sandbox.kernels.f32_activate(out, sandbox.input(x), n, slope, lo, hi);
    sandbox.check();
    expect(
      relativeError(
        sandbox.read(out, n),
        x.map((value) => activate(value, activation)),
      ),
    ).toBe(0);
  });

  it.each([0, ...lengths])('f32_add of %i', (n) => {
    const sandbox = new Sandbox();
    const [a, b] = [awkwardArray(n, n), randomArray(n, n + 1)];
    const out = sandbox.output(n);
    sandbox.kernels.f32_add(out, sandbox.input(a), sandbox.input(b), n, slope, lo, hi);
    sandbox.check();
    const expected = a.map((value, i) => activate(Math.fround(value + b[i]!), activation));
    expect(relativeError(sandbox.read(out, n), expected)).toBe(0);
  });

  it.each(combinations([0, 1, 3], lengths))('f32_affine of %i × %i', (rows, c) => {
    const sandbox = new Sandbox();
    const [x, scale, shift] = [awkwardArray(rows * c, c), randomArray(c, c + 1), randomArray(c, c + 2)];
    const out = sandbox.output(rows * c);
    sandbox.kernels.f32_affine(
      out,
      sandbox.input(x),
      sandbox.input(scale),
      sandbox.input(shift),
      rows,
      c,
      slope,
      lo,
      hi,
    );
    sandbox.check();
    const expected = affineOracle(x, scale, shift).map((value) => activate(value, activation));
    expect(relativeError(sandbox.read(out, rows * c), expected)).toBeLessThan(tolerance.elementwise);
  });
});

describe('in place', () => {
  it.each(lengths)('f32_activate, f32_add and f32_sigmoid of %i', (n) => {
    const sandbox = new Sandbox();
    const x = randomArray(n, n);
    const at = sandbox.output(n);
    sandbox.engine.memory.f32(at, n).set(x);
    sandbox.kernels.f32_activate(at, at, n, 0.5, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    sandbox.kernels.f32_add(at, at, sandbox.input(x), n, 1, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    sandbox.kernels.f32_sigmoid(at, at, n);
    sandbox.check();
    const expected = sigmoidOracle(x.map((value) => Math.max(value, 0.5 * value) + value));
    expect(relativeError(sandbox.read(at, n), expected)).toBeLessThan(tolerance.elementwise);
  });
});
