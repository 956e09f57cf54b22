import { describe, expect, it } from 'vitest';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray, randomFrom } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { lengths } from '../support/sizes.ts';
import { type Map1, worstOfAll } from '../support/sweep.ts';
import { floatOfBits, ulpError } from '../support/ulp.ts';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

function map(kernel: Map1, values: ArrayLike<number>): Float32Array {
  const sandbox = new Sandbox();
  const out = sandbox.output(values.length);
  sandbox.kernels[kernel](out, sandbox.input(values), values.length);
  sandbox.check();
  return sandbox.read(out, values.length);
}

/** Bounds in ulp. The largest error of any float32: log 0.5, tanh 1.331, sin and cos 0.501. */
const functions: [kernel: Map1, exact: (x: number) => number, bound: number][] = [
  ['f32_log', Math.log, 0.501],
  ['f32_tanh', Math.tanh, 1.34],
  ['f32_sin', Math.sin, 0.502],
  ['f32_cos', Math.cos, 0.502],
];

describe.each(functions)('%s', (kernel, exact, bound) => {
  it.each([0, ...lengths])('of %i', (n) => {
    const values = randomArray(n, n).map((value) => (value + 1.1) * 20);
    expect(relativeError(map(kernel, values), Array.from(values, exact))).toBeLessThan(tolerance.elementwise);
  });

  it('is within its bound over the whole float range', () => {
    const { error, at, count } = worstOfAll(kernel, exact, 1021);
    expect(count).toBeGreaterThan(4e6);
    expect(error, `at ${at}`).toBeLessThan(bound);
  });

  it('may write over its argument', () => {
    const sandbox = new Sandbox();
    const at = sandbox.output(9);
    const values = randomArray(9, 1).map(Math.abs);
    sandbox.engine.memory.f32(at, 9).set(values);
    sandbox.kernels[kernel](at, at, 9);
    sandbox.check();
    expect(sandbox.read(at, 9)).toEqual(map(kernel, values));
  });
});

describe('special values, in every lane', () => {
  const table: [Map1, number[], number[]][] = [
    ['f32_log', [nan, inf, -inf, 0, -0, -1, 1, -1e-45, -nan], [nan, inf, nan, -inf, -inf, nan, 0, nan, nan]],
    ['f32_tanh', [nan, inf, -inf, 0, -0, 1e-45, -1e-45, 3e38, -9.1], [nan, 1, -1, 0, -0, 1e-45, -1e-45, 1, -1]],
    ['f32_sin', [nan, inf, -inf, 0, -0, 1e-45, -1e-45, -1e-20], [nan, nan, nan, 0, -0, 1e-45, -1e-45, -1e-20]],
    ['f32_cos', [nan, inf, -inf, 0, -0, 1e-45, 1e-20], [nan, nan, nan, 1, 1, 1, 1]],
  ];
  it.each(table)('%s', (kernel, values, expected) => {
    for (let turn = 0; turn < values.length; turn++) {
      const turned = (list: number[]) => [...list.slice(turn), ...list.slice(0, turn)];
      expect([...map(kernel, turned(values))]).toEqual(turned(expected).map(Math.fround));
    }
  });
});

describe('f32_sin and f32_cos', () => {
  it('agree with the digits of π where a float32 comes closest to a multiple of π/2, and at the largest', () => {
    // J.-M. Muller, Elementary Functions (2016), table 11.1: 16367173 · 2⁷² differs from one by 1.6e-9.
    const values = [16367173 * 2 ** 72, 2 ** 25, 33554428, 2 ** 28, 3.4028234663852886e38, 2 ** 127, 1e10, 1e22];
    const around = values.flatMap((value) => [value, -value, value * (1 - 2 ** -24), value * (1 + 2 ** -22)]);
    for (const [kernel, exact] of [functions[2]!, functions[3]!]) {
      const arguments_ = Float32Array.from(around).filter(Number.isFinite);
      for (const [i, y] of map(kernel, arguments_).entries())
        expect(ulpError(y, exact(arguments_[i]!)), `at ${arguments_[i]}`).toBeLessThan(0.502);
    }
  });

  it('a lane beyond 2²⁵ leaves the others as they are', () => {
    const small = randomArray(8, 3).map((value) => value * 100);
    for (let lane = 0; lane < 8; lane++) {
      const mixed = small.slice();
      mixed[lane] = 1e30;
      const rest = (list: Float32Array) => [...list].filter((_, i) => i !== lane);
      expect(rest(map('f32_sin', mixed))).toEqual(rest(map('f32_sin', small)));
    }
  });
});

describe('f32_tanh_backward', () => {
  it.each([0, ...lengths])('of %i', (n) => {
    const sandbox = new Sandbox();
    const [gradient, y] = [randomArray(n, n), randomArray(n, n + 1)];
    const out = sandbox.output(n);
    sandbox.kernels.f32_tanh_backward(out, sandbox.input(gradient), sandbox.input(y), n);
    sandbox.check();
    const expected = Array.from(gradient, (g, i) => g * (1 - y[i]! ** 2));
    expect(relativeError(sandbox.read(out, n), expected)).toBeLessThan(tolerance.elementwise);
  });
});

describe('f32_pow', () => {
  function pow(x: ArrayLike<number>, y: ArrayLike<number>): Float32Array {
    const sandbox = new Sandbox();
    const out = sandbox.output(x.length);
    sandbox.kernels.f32_pow(out, sandbox.input(x), sandbox.input(y), x.length);
    sandbox.check();
    return sandbox.read(out, x.length);
  }
  /** Where ECMAScript says NaN, IEEE 754 says 1. */
  const ieee = (x: number, y: number): number => (x === 1 || (x === -1 && Math.abs(y) === inf) ? 1 : x ** y);

  it.each([0, ...lengths])('of %i', (n) => {
    const [x, y] = [randomArray(n, n).map((value) => value + 1), randomArray(n, n + 1).map((value) => value * 9)];
    const expected = Array.from(x, (base, i) => ieee(base, y[i]!));
    expect(relativeError(pow(x, y), expected)).toBeLessThan(tolerance.elementwise);
  });

  it('knows every special case, in every lane', () => {
    const values = [0, 1, 2, 3, 0.5, 1.5, inf, nan, 1e-45, 3.4028234663852886e38, 16777215, 8388607.5, 1 + 2 ** -23];
    const all = [...values, ...values.map((value) => -value)].map(Math.fround);
    const pairs = all.flatMap((x) => all.map((y) => [x, y] as const));
    for (let turn = 0; turn < 4; turn++) {
      const turned = [...pairs.slice(turn), ...pairs.slice(0, turn)];
      const results = pow(
        turned.map(([x]) => x),
        turned.map(([, y]) => y),
      );
      for (const [i, [x, y]] of turned.entries()) {
        const expected = ieee(x, y);
        if (!Object.is(results[i], Math.fround(expected)))
          expect(ulpError(results[i]!, expected), `${x} ^ ${y} = ${results[i]}`).toBeLessThan(0.501);
      }
    }
  });

  it('is within 0.501 ulp over random bits, and where the result is neither 0 nor ∞', () => {
    const sandbox = new Sandbox();
    const chunk = 1 << 15;
    const [x, y, out] = [sandbox.output(chunk), sandbox.output(chunk), sandbox.output(chunk)];
    const view = (address: number) => sandbox.engine.memory.f32(address, chunk);
    const [bases, exponents, results] = [view(x), view(y), view(out)];
    const random = randomFrom(7);
    let worst = { error: 0, at: '' };
    for (let round = 0; round < 48; round++) {
      for (let i = 0; i < chunk; i++) {
        const base = floatOfBits(Math.floor(random() * 2 ** 32));
        const moderate = ((random() - 0.5) * 210) / (Math.log(Math.abs(base)) || 1);
        bases[i] = base;
        exponents[i] =
          i % 4 === 0 ? floatOfBits(Math.floor(random() * 2 ** 32)) : base < 0 ? Math.round(moderate) : moderate;
      }
      sandbox.kernels.f32_pow(out, x, y, chunk);
      for (let i = 0; i < chunk; i++) {
        const expected = ieee(bases[i]!, exponents[i]!);
        if (Object.is(results[i], Math.fround(expected))) continue;
        const error = ulpError(results[i]!, expected);
        if (!(error <= worst.error)) worst = { error, at: `${bases[i]} ^ ${exponents[i]} = ${results[i]}` };
      }
    }
    sandbox.check();
    expect(worst.error, worst.at).toBeLessThan(0.501);
  });
});
