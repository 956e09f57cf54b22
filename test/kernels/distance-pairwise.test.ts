import { describe, expect, it } from 'vitest';
import { productScratch } from '../../src/graph/ops/metric/product.ts';
import { type Metric, metrics, pairwise, pairwiseGradient, rowsOf } from '../oracle/distance.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations } from '../support/sizes.ts';

const sizes = combinations([0, 1, 3, 4, 5, 9], [0, 1, 4, 7, 8, 9, 17], [1, 3, 4, 5, 8, 9, 17, 31]);
const unit = (values: Float32Array, d: number): Float32Array =>
  Float32Array.from(rowsOf(values, d).flatMap((row) => [...row].map((value) => value / Math.hypot(...row))));

describe('f32_pairwise_product', () => {
  const product = (a: Float32Array, b: Float32Array, d: number, metric: number, near = 1 / 16) => {
    const sandbox = new Sandbox();
    const [m, n] = [a.length / d, b.length / d];
    const out = sandbox.output(m * n);
    const scratch = sandbox.output(productScratch(m, n, d) / 4);
    const [at, bt] = [sandbox.input(a), sandbox.input(b)];
    sandbox.kernels.f32_pairwise_product(out, at, bt, scratch, m, n, d, metric, near);
    sandbox.check();
    return sandbox.read(out, m * n);
  };

  it.each([
    ['squaredEuclidean', 0],
    ['euclidean', 1],
    ['cosine', 2],
  ] as const)('of %s, as the oracle, for any sizes', (name, code) => {
    for (const [m, n, d] of sizes) {
      const [a, b] = [randomArray(m * d, 1), randomArray(n * d, 2)].map((x) => (code === 2 ? unit(x, d) : x));
      const exact = pairwise(metrics[name], rowsOf(a!, d), rowsOf(b!, d));
      expect(relativeError(product(a!, b!, d, code), exact), `${m}×${n}×${d}`).toBeLessThan(tolerance.sum);
    }
  });

  it('measures what is nearer than `near` by differences, and leaves the rest to the product', () => {
    const d = 24;
    const a = randomArray(8 * d, 3).map((value) => value + 20);
    const b = a.map((value, i) => value + 1e-3 * Math.sin(i));
    const exact = pairwise(metrics.squaredEuclidean, rowsOf(a, d), rowsOf(b, d));
    const worst = (values: Float32Array) => Math.max(...values.map((value, i) => Math.abs(value / exact[i]! - 1)));
    expect(worst(product(a, b, d, 0, 0))).toBeGreaterThan(10);
    expect(worst(product(a, b, d, 0))).toBeLessThan(tolerance.sum);
    expect(worst(product(a, b, d, 0, Number.POSITIVE_INFINITY))).toBeLessThan(tolerance.sum);
  });
});

describe('f32_pairwise_terms', () => {
  it.each([
    ['manhattan', 0],
    ['chiSquare', 1],
  ] as const)('of %s, as the oracle, for any sizes', (name, code) => {
    for (const [m, n, d] of sizes) {
      const sandbox = new Sandbox();
      const [a, b] = [randomArray(m * d, 1), randomArray(n * d, 2)].map((x) => (code === 1 ? x.map(Math.abs) : x));
      const out = sandbox.output(m * n);
      sandbox.kernels.f32_pairwise_terms(out, sandbox.input(a!), sandbox.input(b!), m, n, d, code);
      sandbox.check();
      const exact = pairwise(metrics[name], rowsOf(a!, d), rowsOf(b!, d));
      expect(relativeError(sandbox.read(out, m * n), exact), `${m}×${n}×${d}`).toBeLessThan(tolerance.sum);
    }
  });
});

describe('f32_pairwise_gradient', () => {
  const slopes: readonly (readonly [string, number, Metric, number])[] = [
    ['differences', 0, metrics.squaredEuclidean, 2],
    ['signs', 1, metrics.manhattan, 1],
    ['slopes of χ²', 2, metrics.chiSquare, 1],
    ['differences of few pairs', 3, metrics.squaredEuclidean, 2],
    ['upright differences of unit vectors', 4, metrics.cosine, 1],
  ];
  it.each(slopes)('of %s, as the oracle, with weights along rows and along columns', (_, kind, metric, scale) => {
    for (const [m, n, d] of combinations([1, 3, 4], [1, 4, 9], [1, 3, 4, 15, 16, 17, 33])) {
      const [a, b] = [randomArray(m * d, 1), randomArray(n * d, 2)].map((x) =>
        kind === 4 ? unit(x, d) : kind === 2 ? x.map(Math.abs) : x,
      );
      const weights = randomArray(m * n, 3).map((value, i) => (kind === 3 && i % 3 > 0 ? 0 : value));
      const [rowsA, rowsB] = [rowsOf(a!, d), rowsOf(b!, d)];
      const distances = pairwise(metric, rowsA, rowsB);
      const turned = (values: ArrayLike<number>) =>
        Float32Array.from({ length: m * n }, (_, i) => values[(i % m) * n + Math.floor(i / m)]!);
      const exact = pairwiseGradient(metric, rowsA, rowsB, (i, j) => weights[i * n + j]! * 3);
      for (const [w, t, row, step] of [
        [weights, distances, n * 4, 4],
        [turned(weights), turned(distances), 4, m * 4],
      ] as const) {
        const sandbox = new Sandbox();
        const out = sandbox.output(m * d);
        const [at, bt, wt, tt] = [a!, b!, w, t].map((values) => sandbox.input(values));
        sandbox.kernels.f32_pairwise_gradient(out, at!, bt!, wt!, tt!, m, n, d, row, step, kind, 3 * scale);
        sandbox.check();
        const actual = sandbox.read(out, m * d);
        const largest = Math.max(...exact.map(Math.abs), kind === 4 ? 1 : 0);
        for (const [i, value] of actual.entries())
          expect(Math.abs(value - exact[i]!), `${m}×${n}×${d}`).toBeLessThanOrEqual(tolerance.sum * largest);
      }
    }
  });

  it('passes over a pair of weight 0 where few count, and hands its NaN on where all do', () => {
    for (const [kind, expected] of [
      [3, 2],
      [0, Number.NaN],
    ] as const) {
      const sandbox = new Sandbox();
      const out = sandbox.output(1);
      const [a, b, w] = [[3], [Number.NaN, 1], [0, 1]].map((values) => sandbox.input(values));
      sandbox.kernels.f32_pairwise_gradient(out, a!, b!, w!, 0, 1, 2, 1, 8, 4, kind, 1);
      sandbox.check();
      expect(sandbox.read(out, 1)[0]).toBe(expected);
    }
  });
});

describe('f32_symmetric_weights', () => {
  it('adds both directions of a pair, by the distance where it is a root', () => {
    for (const n of [0, 1, 2, 5, 9, 16, 17, 41])
      for (const root of [false, true]) {
        const sandbox = new Sandbox();
        const [weights, distances] = [randomArray(n * n, 1), randomArray(n * n, 2).map(Math.abs)];
        for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) distances[i * n + j] = distances[j * n + i]!;
        for (let i = 0; i < n; i++) distances[i * n + i] = 0;
        const at = sandbox.output(n * n);
        sandbox.engine.memory.f32(at, n * n).set(weights);
        sandbox.kernels.f32_symmetric_weights(at, sandbox.input(distances), n, root, 0.5);
        sandbox.check();
        const exact = weights.map((weight, at) => {
          const mirrored = weights[(at % n) * n + Math.floor(at / n)]!;
          const factor = root ? (distances[at] === 0 ? 0 : 1 / distances[at]!) : 1;
          return (weight + mirrored) * 0.5 * factor;
        });
        expect(relativeError(sandbox.read(at, n * n), exact)).toBeLessThan(tolerance.elementwise);
      }
  });
});

describe('f32_root_weights', () => {
  it('divides by the distance, and has none where that is 0', () => {
    const sandbox = new Sandbox();
    const out = sandbox.output(5);
    const [g, d] = [sandbox.input([1, 2, Number.NaN, 3, 4]), sandbox.input([2, 0, 1, Number.NaN, 8])];
    sandbox.kernels.f32_root_weights(out, g, d, 5);
    sandbox.check();
    expect([...sandbox.read(out, 5)]).toEqual([0.5, 0, Number.NaN, Number.NaN, 0.5]);
  });
});

describe('f32_divide_by_norm', () => {
  it('divides rows by the norms of others, whatever their scale', () => {
    for (const [m, d] of combinations([0, 1, 3], [1, 3, 4, 5, 8, 17]))
      for (const scale of [1e-40, 1, 1e30]) {
        const sandbox = new Sandbox();
        const [values, x] = [randomArray(m * d, 1), randomArray(m * d, 2).map((value) => value * scale)];
        const at = sandbox.output(m * d);
        sandbox.engine.memory.f32(at, m * d).set(values.map((value) => value * scale));
        sandbox.kernels.f32_divide_by_norm(at, sandbox.input(x), m, d);
        sandbox.check();
        const rows = rowsOf(x, d);
        const exact = values.map((value, i) => Math.fround(value * scale) / Math.hypot(...rows[Math.floor(i / d)]!));
        expect(relativeError(sandbox.read(at, m * d), exact)).toBeLessThan(tolerance.elementwise);
      }
  });

  it('gives 0 for a row of zeros', () => {
    const sandbox = new Sandbox();
    const out = sandbox.output(2);
    sandbox.engine.memory.f32(out, 2).set([1, -2]);
    sandbox.kernels.f32_divide_by_norm(out, sandbox.input([0, 0]), 1, 2);
    expect([...sandbox.read(out, 2)].map(Math.abs)).toEqual([0, 0]);
  });
});
