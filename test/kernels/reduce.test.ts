import { describe, expect, it } from 'vitest';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { lengths } from '../support/sizes.ts';

const sizes = [0, ...lengths, 101];
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

describe('sums in float64', () => {
  it.each(sizes)('f32_dot and f32_squared_difference of %i', (n) => {
    const sandbox = new Sandbox();
    const [x, y] = [randomArray(n, n), randomArray(n, n + 1)];
    const [a, b] = [sandbox.input(x), sandbox.input(y)];
    const [dot, squares] = [sandbox.kernels.f32_dot(a, b, n), sandbox.kernels.f32_squared_difference(a, b, n)];
    sandbox.check();
    expect(dot).toBeCloseTo(
      x.reduce((sum, value, i) => sum + value * y[i]!, 0),
      12,
    );
    expect(squares).toBeCloseTo(
      x.reduce((sum, value, i) => sum + (value - y[i]!) ** 2, 0),
      12,
    );
  });

  it('lose nothing over two million terms, where float32 would lose all but the first', () => {
    const n = 2_000_003;
    const sandbox = new Sandbox();
    const [a, b] = [sandbox.output(n), sandbox.output(n)];
    sandbox.engine.memory.f32(a, n).fill(1);
    sandbox.engine.memory
      .f32(b, n)
      .fill(2 ** -10)
      .fill(2 ** 24, 0, 1);
    expect(sandbox.kernels.f32_dot(a, b, n)).toBe(2 ** 24 + 2 ** -10 * (n - 1));
    sandbox.engine.memory.f32(b, n).fill(0);
    expect(sandbox.kernels.f32_squared_difference(a, b, n)).toBe(n);
  });

  it('neither overflow nor underflow where float32 would', () => {
    const sandbox = new Sandbox();
    const [large, small, zero] = [1e30, 1e-30, 0].map((value) => sandbox.input(new Array(9).fill(value)));
    const { kernels } = sandbox;
    expect(kernels.f32_dot(large!, large!, 9) / 9e60).toBeCloseTo(1, 6);
    expect(kernels.f32_dot(small!, small!, 9) / 9e-60).toBeCloseTo(1, 6);
    expect(kernels.f32_squared_difference(large!, zero!, 9) / 9e60).toBeCloseTo(1, 6);
  });

  it.each(sizes.slice(1))('NaN at any place of %i is NaN', (n) => {
    for (let place = 0; place < n; place++) {
      const sandbox = new Sandbox();
      const values = randomArray(n, n);
      const clean = sandbox.input(values);
      values[place] = nan;
      const dirty = sandbox.input(values);
      expect(sandbox.kernels.f32_dot(clean, dirty, n)).toBeNaN();
      expect(sandbox.kernels.f32_squared_difference(clean, dirty, n)).toBeNaN();
    }
  });
});

describe('f32_max_abs', () => {
  const maxAbs = (values: ArrayLike<number>): number => {
    const sandbox = new Sandbox();
    const result = sandbox.kernels.f32_max_abs(sandbox.input(values), values.length);
    sandbox.check();
    return result;
  };

  it.each(sizes)('of %i', (n) => {
    const values = randomArray(n, n);
    expect(maxAbs(values)).toBe(values.reduce((most, value) => Math.max(most, Math.abs(value)), 0));
  });

  it.each([1, 4, 5, 9])('finds the largest, an infinity or a NaN of either sign at any place of %i', (n) => {
    for (let place = 0; place < n; place++) {
      const values = [...randomArray(n, n)];
      for (const [value, expected] of [
        [-3, 3],
        [inf, inf],
        [-inf, inf],
        [nan, nan],
        [-nan, nan],
      ] as const) {
        values[place] = value;
        expect(maxAbs(values)).toBe(expected);
      }
      if (n > 1) expect(maxAbs(values.map((value, i) => (i === (place + 1) % n ? inf : value)))).toBeNaN();
    }
  });

  it('tells subnormal numbers from 0', () => {
    expect(maxAbs([0, -0, -1e-45, 0, 0])).toBe(Math.fround(1e-45));
    expect(maxAbs([-0, -0, -0, -0, -0])).toBe(0);
  });
});
