import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/core/errors.ts';
import { type PairwiseDistanceAttributes, pairwiseDistance } from '../../../src/graph/ops/pairwise-distance.ts';
import { metrics, pairwise, pairwiseGradient, rowsOf } from '../../oracle/distance.ts';
import { centralDifference } from '../../support/central-difference.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { randomArray, randomFrom } from '../../support/random.ts';
import { runGradient } from '../../support/run-gradient.ts';
import { runOp } from '../../support/run-op.ts';

type Name = PairwiseDistanceAttributes['metric'];
const names = Object.keys(metrics) as Name[];

/** Rows near one another and far away, some twice, some zero; none negative where the metric is χ². */
function rowsFor(metric: Name, count: number, d: number, seed: number): Float32Array {
  const random = randomFrom(seed);
  const values = randomArray(count * d, seed).map((value) => (metric === 'chiSquare' ? Math.abs(value) : value));
  for (let i = 1; i < count; i++) {
    const [row, other] = [values.subarray(i * d, (i + 1) * d), values.subarray(0, d)];
    const kind = random();
    if (kind < 0.1) row.set(other);
    else if (kind < 0.2) row.set(other.map((value, k) => value + 1e-3 * ((i + k) % 3)));
    else if (kind < 0.25) row.fill(0);
  }
  return values;
}

function expectExact(metric: Name, m: number, n: number, d: number, seed: number): void {
  const a = { shape: [m, d], values: rowsFor(metric, m, d, seed) };
  const b = { shape: [n, d], values: rowsFor(metric, n, d, seed + (seed % 2)) };
  const { values, shape, gradient, gradients } = runGradient(pairwiseDistance, [a, b], { metric });
  const [rowsA, rowsB] = [rowsOf(a.values, d), rowsOf(b.values, d)];
  expect(shape).toEqual([m, n]);
  const exact = pairwise(metrics[metric], rowsA, rowsB);
  // Each distance by itself: the near ones are as right as the far ones, but for the rounding of unit vectors.
  const rounding = (distance: number) => (metric === 'cosine' ? 2e-7 * Math.sqrt(distance) : 0) + 1e-12;
  for (const [i, value] of values.entries())
    expect(Math.abs(value - exact[i]!), `${m}×${n}×${d}, cell ${i}: ${exact[i]}`).toBeLessThanOrEqual(
      tolerance.pairwise * exact[i]! + rounding(Math.abs(exact[i]!)),
    );
  expectGradient(metric, rowsA, rowsB, gradients.nodes.x0!, (i, j) => gradient[i * n + j]!);
  expectGradient(metric, rowsB, rowsA, gradients.nodes.x1!, (j, i) => gradient[i * n + j]!);
}

/** Unit vectors that cancel leave some 1e-7 of what each pair adds, 1 / ‖a‖ at most. */
function expectGradient(
  metric: Name,
  a: readonly Float64Array[],
  b: readonly Float64Array[],
  actual: Float32Array,
  gradientAt: (i: number, j: number) => number,
): void {
  const exact = pairwiseGradient(metrics[metric], a, b, gradientAt);
  const largest = Math.max(...exact.map(Math.abs));
  const d = a[0]!.length;
  for (const [i, row] of a.entries()) {
    const length = Math.hypot(...row);
    const parts = b.reduce((sum, _, j) => sum + Math.abs(gradientAt(i, j)), 0) / (length || 1);
    const allowed = tolerance.pairwiseGradient * largest + (metric === 'cosine' ? 3e-7 * parts : 0);
    for (let k = 0; k < d; k++)
      expect(Math.abs(actual[i * d + k]! - exact[i * d + k]!), `gradient of row ${i}`).toBeLessThanOrEqual(allowed);
  }
}

describe.each(names)('pairwiseDistance, %s', (metric) => {
  it('agrees with its definition for any shape, forward and backward', () => {
    const size = fc.constantFrom(1, 3, 4, 5, 8, 9, 17, 23);
    fc.assert(
      fc.property(size, size, fc.constantFrom(1, 3, 4, 5, 8, 16, 17, 31, 128), fc.nat(), (m, n, d, seed) =>
        expectExact(metric, m, n, d, seed),
      ),
      { numRuns: 60 },
    );
  });

  it('crosses blocks of rows', () => expectExact(metric, 143, 21, 130, 3));

  it('has a definition whose gradient is that of a central difference', () => {
    const values = Float64Array.from(randomArray(10, 5), (value) => Math.abs(value) + 0.1);
    const b = rowsOf(randomArray(15, 6).map(Math.abs), 5);
    const total = (x: Float64Array) =>
      pairwise(metrics[metric], rowsOf(x, 5), b).reduce((sum, value, i) => sum + value * (i + 1), 0);
    const gradient = pairwiseGradient(metrics[metric], rowsOf(values, 5), b, (i, j) => i * 3 + j + 1);
    expect(relativeError(gradient, centralDifference(total, values))).toBeLessThan(1e-8);
  });

  it('compares rows with one another: symmetric, zero at equals, gradients of both sides in one', () => {
    const [n, d] = [19, 13];
    const x = { shape: [n, d], values: rowsFor(metric, n, d, 8).map((value) => value + 0.001) };
    x.values.copyWithin(5 * d, 0, d);
    const { values, gradient, gradients } = runGradient(pairwiseDistance, [x], { metric });
    const rows = rowsOf(x.values, d);
    for (let i = 0; i < n; i++) {
      expect(values[i * n + i], `row ${i}`).toBe(0);
      for (let j = 0; j < n; j++) expect(values[i * n + j]).toBe(values[j * n + i]);
    }
    expect(values[5]).toBe(0);
    expectGradient(metric, rows, rows, gradients.nodes.x0!, (i, j) => gradient[i * n + j]! + gradient[j * n + i]!);
  });

  it('has gradient 0 where all rows are equal', () => {
    const x = { shape: [6, 5], values: new Float32Array(30).map((_, i) => (i % 5) + 0.25) };
    const { values, gradients } = runGradient(pairwiseDistance, [x], { metric });
    expect([...values]).toEqual(new Array(36).fill(0));
    expect([...gradients.nodes.x0!].map(Math.abs)).toEqual(new Array(30).fill(0));
  });

  it('keeps NaN in its own row and column', () => {
    const a = { shape: [5, 4], values: rowsFor(metric, 5, 4, 1) };
    const b = { shape: [9, 4], values: rowsFor(metric, 9, 4, 2) };
    a.values[6] = Number.NaN;
    b.values[33] = Number.NaN;
    const { values } = runOp(pairwiseDistance, [a, b], { metric });
    expect([...values].map(Number.isNaN)).toEqual(
      Array.from({ length: 45 }, (_, i) => Math.floor(i / 9) === 1 || i % 9 === 8),
    );
  });
});

describe('pairwiseDistance', () => {
  it('is 1 by cosine from a vector of zeros, and its gradient is 0', () => {
    const a = { shape: [2, 3], values: [0, 0, 0, 1, 2, 2] };
    const { values, gradients } = runGradient(pairwiseDistance, [a, { shape: [1, 3], values: [0, 0, 0] }], {
      metric: 'cosine',
    });
    expect([...values]).toEqual([1, 1]);
    expect([...gradients.nodes.x0!, ...gradients.nodes.x1!].map(Math.abs)).toEqual(new Array(9).fill(0));
  });

  it('does not depend on the length of vectors by cosine', () => {
    for (const scale of [1e-30, 1, 1e18]) {
      const a = { shape: [1, 3], values: [3 * scale, 4 * scale, 0] };
      const { values } = runOp(pairwiseDistance, [a, { shape: [1, 3], values: [0, 1e-20, 0] }], { metric: 'cosine' });
      expect(values[0]).toBeCloseTo(0.2, 6);
    }
  });

  it('ignores coordinates whose sum is not above 0 by χ²', () => {
    const a = { shape: [1, 4], values: [0, 1, -2, 3] };
    const b = { shape: [1, 4], values: [0, -1, 1, 1] };
    const { values, gradients } = runGradient(pairwiseDistance, [a, b], { metric: 'chiSquare' });
    expect([...values]).toEqual([1]);
    expect([...gradients.nodes.x0!].map((value) => value !== 0)).toEqual([false, false, false, true]);
  });

  it('measures vectors whose norms leave float32', () => {
    const a = { shape: [2, 2], values: [1e20, 0, 1e20, 1e-10] };
    const { values } = runOp(pairwiseDistance, [a], { metric: 'squaredEuclidean' });
    expect([...values]).toEqual([0, Math.fround(Math.fround(1e-10) ** 2), Math.fround(Math.fround(1e-10) ** 2), 0]);
    const [near, nearer] = [
      { shape: [1, 1], values: [2e19] },
      { shape: [1, 1], values: [8e18] },
    ];
    const { values: finite } = runOp(pairwiseDistance, [near, nearer], { metric: 'squaredEuclidean' });
    expect(finite[0]! / 1.44e38).toBeCloseTo(1, 5);
    const b = { shape: [1, 2], values: [-1e20, 0] };
    expect([...runOp(pairwiseDistance, [a, b], { metric: 'squaredEuclidean' }).values]).toEqual([
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ]);
  });

  it('agrees with tfjs, forward and backward', async () => {
    await tf.setBackend('cpu');
    const [m, n, d] = [7, 11, 19];
    const a = { shape: [m, d], values: randomArray(m * d, 1) };
    const b = { shape: [n, d], values: randomArray(n * d, 2) };
    const { values, gradient, gradients } = runGradient(pairwiseDistance, [a, b], { metric: 'euclidean' });
    const distances = (x: tf.Tensor, y: tf.Tensor) =>
      tf.sqrt(tf.sum(tf.square(tf.sub(tf.expandDims(x, 1), tf.expandDims(y, 0))), 2));
    const inputs = [tf.tensor2d(a.values, [m, d]), tf.tensor2d(b.values, [n, d])];
    expect(relativeError(values, distances(inputs[0]!, inputs[1]!).dataSync())).toBeLessThan(tolerance.sum);
    const [toA, toB] = tf.grads(distances)(inputs, tf.tensor2d(gradient, [m, n]));
    expect(relativeError(gradients.nodes.x0!, toA!.dataSync())).toBeLessThan(tolerance.pairwiseGradient);
    expect(relativeError(gradients.nodes.x1!, toB!.dataSync())).toBeLessThan(tolerance.pairwiseGradient);
  });

  it('refuses what does not fit', () => {
    const tensor = (...shape: number[]) => ({ shape, values: new Float32Array(shape.reduce((a, b) => a * b, 1)) });
    const run = (inputs: { shape: number[]; values: Float32Array }[], metric = 'cosine') =>
      runOp(pairwiseDistance, inputs, { metric: metric as Name });
    expect(() => run([tensor(2, 3), tensor(2, 4)])).toThrow(ShapeError);
    expect(() => run([tensor(2, 3), tensor(2, 4)])).toThrow(
      'pairwiseDistance: takes [M,D] and [N,D], or one [N,D], got [2,3] [2,4]',
    );
    expect(() => run([tensor(2, 3, 1)])).toThrow(ShapeError);
    expect(() => run([tensor(2, 3)], 'l2')).toThrow(
      "pairwiseDistance: metric must be 'squaredEuclidean', 'euclidean', 'cosine', 'manhattan', 'chiSquare', got \"l2\"",
    );
  });
});
