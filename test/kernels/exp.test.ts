import { describe, expect, it } from 'vitest';
import { sigmoidOracle } from '../oracle/elementwise.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { lengths } from '../support/sizes.ts';
import { floatOfBits, ulpError } from '../support/ulp.ts';

/** What a kernel makes of `values`, in any order of lanes. */
function map(kernel: 'f32_exp' | 'f32_sigmoid', values: ArrayLike<number>): Float32Array {
  const sandbox = new Sandbox();
  const out = sandbox.output(values.length);
  sandbox.kernels[kernel](out, sandbox.input(values), values.length);
  sandbox.check();
  return sandbox.read(out, values.length);
}

/** Float32 values over the whole range of bits, both signs: a prime step, so that no digit stays the same. */
function sweep(step: number): Float32Array {
  return Float32Array.from({ length: Math.floor(0xffffffff / step) }, (_, i) => floatOfBits(i * step));
}

function worst(kernel: 'f32_exp' | 'f32_sigmoid', values: Float32Array, exact: (x: number) => number) {
  const results = map(kernel, values);
  let largest = 0;
  let at = 0;
  for (const [i, result] of results.entries()) {
    const error = ulpError(result, exact(values[i]!));
    if (!(error <= largest)) [largest, at] = [error, values[i]!];
  }
  return { largest, at };
}

describe('f32_exp', () => {
  it.each([0, ...lengths])('of %i', (n) => {
    const values = randomArray(n, n).map((value) => value * 20);
    expect(relativeError(map('f32_exp', values), Array.from(values, Math.exp))).toBeLessThan(tolerance.elementwise);
  });

  it('is within 1 ulp over the whole float range', () => {
    const { largest, at } = worst('f32_exp', sweep(8191), Math.exp);
    expect(largest, `at ${at}`).toBeLessThan(1);
  });

  it('is within 1 ulp at its worst argument and around both ends of its range', () => {
    const around = (x: number): number[] => Array.from({ length: 2001 }, (_, i) => x * (1 + (i - 1000) * 2 ** -23));
    const values = Float32Array.from([
      70.4030991,
      ...around(88.7228394),
      ...around(-87.3365479),
      ...around(-103.9720764),
    ]);
    const { largest, at } = worst('f32_exp', values, Math.exp);
    expect(largest, `at ${at}`).toBeLessThan(1);
  });

  it('knows the special values in every lane', () => {
    const values = [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      0,
      -0,
      1e-45,
      -1e-45,
      3.4e38,
      -3.4e38,
    ];
    const expected = [Number.NaN, Number.POSITIVE_INFINITY, 0, 1, 1, 1, 1, Number.POSITIVE_INFINITY, 0];
    for (let turn = 0; turn < values.length; turn++) {
      const turned = (list: number[]) => [...list.slice(turn), ...list.slice(0, turn)];
      expect([...map('f32_exp', turned(values))]).toEqual(turned(expected));
    }
  });

  it('never falls where its argument grows', () => {
    const results = map(
      'f32_exp',
      Float32Array.from({ length: 40_000 }, (_, i) => i * 0.005 - 105),
    );
    for (let i = 1; i < results.length; i++) expect(results[i]).toBeGreaterThanOrEqual(results[i - 1]!);
  });
});

describe('f32_sigmoid', () => {
  it.each([0, ...lengths])('of %i', (n) => {
    const values = randomArray(n, n).map((value) => value * 20);
    expect(relativeError(map('f32_sigmoid', values), sigmoidOracle(values))).toBeLessThan(tolerance.elementwise);
  });

  it('is within 3 ulp over the whole float range', () => {
    const { largest, at } = worst('f32_sigmoid', sweep(16381), (x) => sigmoidOracle([x])[0]!);
    expect(largest, `at ${at}`).toBeLessThan(3);
  });
});
