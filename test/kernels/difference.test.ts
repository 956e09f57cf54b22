import { describe, expect, it } from 'vitest';
import { relativeError } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { lengths } from '../support/sizes.ts';

describe('f32_difference', () => {
  const exact = (a: Float32Array, b: Float32Array, scale: number): Float32Array =>
    a.map((value, i) => Math.fround(Math.fround(scale) * Math.fround(value - b[i]!)));

  it.each([0, ...lengths])('of %i', (n) => {
    const sandbox = new Sandbox();
    const [a, b] = [randomArray(n, n), randomArray(n, n + 1)];
    const out = sandbox.output(n);
    sandbox.kernels.f32_difference(out, sandbox.input(a), sandbox.input(b), n, -0.3);
    sandbox.check();
    expect(relativeError(sandbox.read(out, n), exact(a, b, -0.3))).toBe(0);
  });

  it.each(['a', 'b'] as const)('may write over %s', (over) => {
    const sandbox = new Sandbox();
    const [a, b] = [randomArray(9, 1), randomArray(9, 2)];
    const out = sandbox.output(9);
    sandbox.engine.memory.f32(out, 9).set(over === 'a' ? a : b);
    const other = sandbox.input(over === 'a' ? b : a);
    if (over === 'a') sandbox.kernels.f32_difference(out, out, other, 9, 2);
    else sandbox.kernels.f32_difference(out, other, out, 9, 2);
    sandbox.check();
    expect(relativeError(sandbox.read(out, 9), exact(a, b, 2))).toBe(0);
  });
});
