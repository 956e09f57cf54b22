import { describe, expect, it } from 'vitest';
import { activate, activations } from '../oracle/activation.ts';
import { denseOracle } from '../oracle/dense.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations, lengths } from '../support/sizes.ts';

/** a[m,k] · b[k,n] + bias[n], in float64. */
const productOf = (m: number, n: number, k: number, a: Float32Array, b: Float32Array, bias: Float32Array) => {
  const tensors = { x0: { shape: [m, k], values: a }, filters: { shape: [k, n], values: b } };
  return denseOracle.forward({ ...tensors, bias: { shape: [n], values: bias } }, {});
};

const panelsOf = (n: number): number => Math.ceil(n / 8);

function packed(sandbox: Sandbox, b: Float32Array, k: number, n: number): number {
  const panels = sandbox.output(panelsOf(n) * k * 8);
  sandbox.kernels.f32_gemm_pack(panels, sandbox.input(b), k, n, n * 4);
  return panels;
}

describe('f32_gemm_pack', () => {
  it.each(combinations([1, 2, 7], lengths))('%i × %i', (k, n) => {
    const sandbox = new Sandbox();
    const row = n + 3;
    const b = randomArray(k * row, n);
    const size = panelsOf(n) * k * 8;
    const panels = sandbox.output(size);
    sandbox.kernels.f32_gemm_pack(panels, sandbox.input(b), k, n, row * 4);
    sandbox.check();
    const expected = Float32Array.from({ length: size }, (_, at) => {
      const column = Math.floor(at / (k * 8)) * 8 + (at % 8);
      return column < n ? b[(Math.floor(at / 8) % k) * row + column]! : 0;
    });
    expect(sandbox.read(panels, size)).toEqual(expected);
  });
});

describe('f32_gemm_4x8', () => {
  /**
   * Rows of A and of the result lie `gap` floats further apart than they are long. `linear` says where goes what is before the
   * activation.
   */
  function multiply(
    m: number,
    n: number,
    k: number,
    gap: number,
    activation = activations[0]![1],
    residual = 0,
    linear: 'nowhere' | 'apart' | 'over the residual' = 'nowhere',
  ) {
    const sandbox = new Sandbox();
    const a = randomArray(m * (k + gap), m + k);
    const b = randomArray(k * n, n);
    const bias = new Float32Array(panelsOf(n) * 8);
    bias.set(randomArray(n, n + 1));
    const length = (m - 1) * (n + gap) + n;
    const out = sandbox.output(length);
    const beside = randomArray(length, n + 2).map((value) => value * residual);
    const panels = packed(sandbox, b, k, n);
    const sum = sandbox.output(length);
    const places = { nowhere: 0, apart: sum, 'over the residual': sum };
    if (linear === 'over the residual') sandbox.engine.memory.f32(sum, length).set(beside);
    const addend = linear === 'over the residual' ? sum : residual && sandbox.input(beside);
    const { slope, lo, hi } = activation;
    sandbox.kernels.f32_gemm_4x8(
      out,
      sandbox.input(a),
      panels,
      sandbox.input(bias),
      addend,
      places[linear],
      sandbox.output(32),
      m,
      n,
      k,
      (n + gap) * 4,
      (k + gap) * 4,
      slope,
      lo,
      hi,
    );
    sandbox.check();
    const rows = Float32Array.from({ length: m * k }, (_, i) => a[Math.floor(i / k) * (k + gap) + (i % k)]!);
    const all = sandbox.read(out, length);
    const inside = (from: Float32Array) =>
      Float32Array.from({ length: m * n }, (_, i) => from[Math.floor(i / n) * (n + gap) + (i % n)]!);
    const between = all.filter((_, i) => i % (n + gap) >= n);
    const sums = linear === 'nowhere' ? undefined : inside(sandbox.read(places[linear], length));
    return { a: rows, b, bias, values: inside(all), added: inside(beside), between, sums };
  }

  it.each(combinations([1, 2, 3, 4, 5, 9, 130], [1, 7, 8, 9, 17], [1, 3, 17, 257]))('%i × %i over %i', (m, n, k) => {
    const { a, b, bias, values, between } = multiply(m, n, k, 3);
    const expected = productOf(m, n, k, a, b, bias);
    expect(relativeError(values, expected)).toBeLessThan(tolerance.sum);
    expect([...between].every(Number.isNaN), 'nothing is written between the rows').toBe(true);
  });

  it('sums from first to last, however it is cut into blocks', () => {
    const [m, n, k] = [131, 11, 600];
    const { a, b, bias, values } = multiply(m, n, k, 0);
    const expected = Float32Array.from({ length: m * n }, (_, at) => {
      const [row, column] = [Math.floor(at / n), at % n];
      let sum = 0;
      for (let i = 0; i < k; i++) sum = Math.fround(sum + Math.fround(a[row * k + i]! * b[i * n + column]!));
      return sum + bias[column]!;
    });
    expect(values).toEqual(expected);
  });

  it.each(combinations([1, 2, 3, 4, 5, 9, 131], [1, 7, 8, 9, 17], [3, 257]))(
    '%i × %i over %i, and a residual',
    (m, n, k) => {
      const { a, b, bias, values, added, between } = multiply(m, n, k, 3, activations[0]![1], 1);
      const expected = productOf(m, n, k, a, b, bias).map((sum, i) => sum + added[i]!);
      expect(relativeError(values, expected)).toBeLessThan(tolerance.sum);
      expect([...between].every(Number.isNaN), 'nothing is written between the rows').toBe(true);
    },
  );

  it('rounds the sum with its bias before it adds the residual', () => {
    const sums = multiply(9, 17, 20, 0).values;
    const { values, added } = multiply(9, 17, 20, 0, activations[0]![1], 1);
    expect(values).toEqual(sums.map((sum, i) => sum + added[i]!));
  });

  const places = [
    ['apart', 0],
    ['apart', 1],
    ['over the residual', 1],
  ] as const;

  it.each(combinations([1, 3, 4, 9], [7, 8, 33], places))(
    'gives what is before the activation too: %i × %i, %j',
    (m, n, [linear, residual]) => {
      const relu = { slope: 1, lo: 0, hi: Number.POSITIVE_INFINITY };
      const alone = multiply(m, n, 300, 2, relu, residual);
      const { values, sums } = multiply(m, n, 300, 2, relu, residual, linear);
      expect(values).toEqual(alone.values);
      expect(sums).toEqual(multiply(m, n, 300, 2, activations[0]![1], residual).values);
    },
  );

  it.each(activations)('applies %s, without and with a residual', (_, activation) => {
    for (const residual of [0, 1]) {
      const { a, b, bias, values, added } = multiply(5, 9, 7, 1, activation, residual);
      const expected = productOf(5, 9, 7, a, b, bias).map((sum, i) => activate(sum + added[i]!, activation));
      expect(relativeError(values, expected)).toBeLessThan(tolerance.sum);
    }
  });
});
