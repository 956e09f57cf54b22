import { describe, expect, it } from 'vitest';
import { miningScratch } from '../../src/graph/ops/metric/mining.ts';
import { conventions } from '../oracle/contrastive.ts';
import { metrics, pairwise, rowsOf } from '../oracle/distance.ts';
import { allTriplets, minings, positivePairs, term, termSlope } from '../oracle/triplet.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';
import { combinations } from '../support/sizes.ts';
import { ulpError } from '../support/ulp.ts';

/** Reads eight float64 that lie in the place of sixteen floats. */
const readSums = (sandbox: Sandbox, at: number): number[] => [
  ...new Float64Array(sandbox.engine.memory.wasm.buffer.slice(at, at + 64)),
];

/** What a random mining draws by; its highest bit is set. */
const KEY = 0x9e3779b9 | 0;

type Kernel = (
  sandbox: Sandbox,
  sums: number,
  weights: number,
  distances: number,
  labels: number,
  scratch: number,
  b: number,
  margin: number,
  soft: boolean,
) => void;
const kernels: readonly (readonly [string, string, Kernel])[] = [
  [
    'f32_triplet_hard',
    'hard',
    (s, u, w, d, l, _, b, m, soft) => s.kernels.f32_triplet_hard(u, w, d, l, b, m, soft, false),
  ],
  [
    'f32_triplet_hard',
    'hard tfa',
    (s, u, w, d, l, _, b, m, soft) => s.kernels.f32_triplet_hard(u, w, d, l, b, m, soft, true),
  ],
  [
    'f32_triplet_semi_hard',
    'semi-hard facenet',
    (s, u, w, d, l, _, b, m, soft) => s.kernels.f32_triplet_semi_hard(u, w, d, l, b, m, soft, 0),
  ],
  [
    'f32_triplet_semi_hard',
    'semi-hard tfa',
    (s, u, w, d, l, _, b, m, soft) => s.kernels.f32_triplet_semi_hard(u, w, d, l, b, m, soft, 1),
  ],
  [
    'f32_triplet_all',
    'semi-hard pml',
    (s, u, w, d, l, x, b, m, soft) => s.kernels.f32_triplet_all(u, w, d, l, x, b, m, soft, true),
  ],
  [
    'f32_triplet_all',
    'all',
    (s, u, w, d, l, x, b, m, soft) => s.kernels.f32_triplet_all(u, w, d, l, x, b, m, soft, false),
  ],
  [
    'f32_triplet_random',
    'random',
    (s, u, w, d, l, x, b, m, soft) => s.kernels.f32_triplet_random(u, w, d, l, x, b, m, soft, KEY),
  ],
];

describe.each(kernels)('%s, %s', (_, name, kernel) => {
  it('adds up what explicit loops do, with the weight of every pair', () => {
    for (const [b, people, soft, wanted] of combinations(
      [1, 2, 3, 4, 5, 8, 9, 17],
      [1, 2, 4],
      [false, true],
      [true, false],
    )) {
      const sandbox = new Sandbox();
      const margin = 0.5;
      const rows = rowsOf(randomArray(b * 3, b), 3);
      const distances = Float32Array.from(pairwise(metrics.squaredEuclidean, rows, rows));
      const labels = Array.from({ length: b }, (_, i) => (i * 7) % people);
      const [sums, weights] = [sandbox.output(16), sandbox.output(b * b)];
      const scratch = sandbox.output(miningScratch(b) / 4);
      kernel(
        sandbox,
        sums,
        wanted ? weights : 0,
        sandbox.input(distances),
        sandbox.input(labels),
        scratch,
        b,
        Math.fround(margin),
        soft,
      );
      sandbox.check();

      const batch = { distances: Array.from({ length: b }, (_, i) => distances.subarray(i * b, (i + 1) * b)), labels };
      const triplets = minings[name]!(batch, margin, KEY);
      const at = (i: number, j: number) => distances[i * b + j]!;
      const exact = new Float64Array(b * b);
      const losses = triplets.map(([a, p, n]) => {
        const slope = termSlope(at(a, n) - at(a, p), margin, soft);
        exact[a * b + p]! -= slope;
        exact[a * b + n]! += slope;
        return term(at(a, n) - at(a, p), margin, soft);
      });
      const sum = (values: Iterable<number>) => [...values].reduce((x, y) => x + y, 0);
      const expected = [
        sum(losses),
        triplets.length,
        losses.filter((loss) => loss > 0).length,
        sum(triplets.map(([a, p]) => at(a, p))),
        sum(triplets.map(([a, , n]) => at(a, n))),
        positivePairs(batch),
        sum(distances),
        allTriplets(batch).length > 0 ? 1 : 0,
      ];
      const actual = readSums(sandbox, sums);
      for (const [i, value] of expected.entries())
        expect(Math.abs(actual[i]! - value), `sum ${i} of ${b} rows, ${people} labels`).toBeLessThanOrEqual(
          1e-6 * Math.max(1, Math.abs(value)),
        );
      if (wanted) {
        const found = sandbox.read(weights, b * b);
        // A triplet of an anchor with itself has no weight that matters: its distance is 0.
        for (const [i, value] of exact.entries())
          if (Math.floor(i / b) !== i % b) expect(Math.abs(found[i]! - value)).toBeLessThanOrEqual(1e-5);
      } else expect([...sandbox.read(weights, b * b)].every(Number.isNaN)).toBe(true);
    }
  });
});

describe('soft margin', () => {
  it('is right to 3 units in the last place for any gap, and so is its slope', () => {
    const sandbox = new Sandbox();
    const [sums, weights] = [sandbox.output(16), sandbox.output(4)];
    const triplet = sandbox.input([0, 1, 2]);
    for (let exponent = -12; exponent <= 6; exponent += 0.05)
      for (const sign of [-1, 1]) {
        // Rows 0, √near and √far: gap = far − near, exact in float32 as one of them is 0.
        const root = Math.fround(Math.sqrt(10 ** exponent));
        const gap = Math.fround(root * root) * sign;
        const rows = sandbox.input(sign > 0 ? [0, 0, root] : [0, root, 0]);
        sandbox.kernels.f32_triplet_indexed(sums, weights, rows, triplet, 1, 1, false, 0, true);
        expect(
          ulpError(Math.fround(readSums(sandbox, sums)[0]!), term(gap, 0, true)),
          `gap ${gap}`,
        ).toBeLessThanOrEqual(3);
        expect(ulpError(sandbox.read(weights, 1)[0]!, -termSlope(gap, 0, true)), `gap ${gap}`).toBeLessThanOrEqual(3);
      }
  });
});

describe('f32_triplet_indexed', () => {
  it('stays within its sums and weights for any sizes, and agrees with the definition', () => {
    for (const [t, d, root, soft, wanted] of combinations(
      [0, 1, 4, 7],
      [1, 3, 4, 5, 9],
      [false, true],
      [false, true],
      [true, false],
    )) {
      const sandbox = new Sandbox();
      const [b, margin] = [5, 0.5];
      const rows = randomArray(b * d, d);
      const triplets = Array.from({ length: t }, (_, i) => [i % b, (i + 1) % b, (i + 3) % b] as const);
      const [sums, weights] = [sandbox.output(16), sandbox.output(2 * t)];
      const [r, x] = [sandbox.input(rows), sandbox.input(triplets.flat())];
      sandbox.kernels.f32_triplet_indexed(sums, wanted ? weights : 0, r, x, t, d, root, margin, soft);
      sandbox.check();

      const { distance } = metrics[root ? 'euclidean' : 'squaredEuclidean'];
      const all = rowsOf(rows, d);
      const each = triplets.map(([a, p, n]) => {
        const [near, far] = [distance(all[a]!, all[p]!), distance(all[a]!, all[n]!)];
        const slope = -termSlope(far - near, margin, soft);
        const loss = term(far - near, margin, soft);
        return { loss, near, far, weights: root ? [slope / near, slope / far] : [slope, slope] };
      });
      const sum = (of: (one: (typeof each)[number]) => number) => each.reduce((total, one) => total + of(one), 0);
      const active = each.filter(({ loss }) => loss > 0).length;
      const expected = [sum(({ loss }) => loss), t, active, sum(({ near }) => near), sum(({ far }) => far)];
      expect(relativeError(readSums(sandbox, sums).slice(0, 5), expected)).toBeLessThan(tolerance.elementwise);
      const found = sandbox.read(weights, 2 * t);
      const slopes = wanted ? each.flatMap((one) => one.weights) : new Float32Array(2 * t).fill(Number.NaN);
      expect(relativeError(found, slopes)).toBeLessThan(tolerance.sum);
    }
  });
});

describe('f32_triplet_indexed_backward', () => {
  it('stays within its rows for any sizes', () => {
    for (const [b, t, d] of combinations([1, 3, 5], [0, 1, 7], [1, 3, 4, 5, 9])) {
      const sandbox = new Sandbox();
      const out = sandbox.output(b * d);
      const rows = randomArray(b * d, 1);
      const triplets = Array.from({ length: t * 3 }, (_, i) => (i * 5) % b);
      const weights = randomArray(t * 2, 2);
      const [r, x, w] = [sandbox.input(rows), sandbox.input(triplets), sandbox.input(weights)];
      sandbox.kernels.f32_triplet_indexed_backward(out, r, x, w, b, t, d, 2);
      sandbox.check();
      const exact = new Float64Array(b * d);
      for (let i = 0; i < t; i++)
        for (const [other, weight] of [
          [triplets[3 * i + 1]!, weights[2 * i]!],
          [triplets[3 * i + 2]!, -weights[2 * i + 1]!],
        ] as const)
          for (let k = 0; k < d; k++) {
            const [from, to] = [triplets[3 * i]! * d + k, other * d + k];
            const push = 2 * weight * (rows[from]! - rows[to]!);
            exact[from]! += push;
            exact[to]! -= push;
          }
      for (const [i, value] of sandbox.read(out, b * d).entries())
        expect(Math.abs(value - exact[i]!)).toBeLessThanOrEqual(tolerance.sum * 10);
    }
  });
});

describe('f32_contrastive and its backward', () => {
  it('stay within what they are given for any sizes, and agree with the definition', () => {
    for (const [n, d, linear] of combinations([0, 1, 4, 9], [1, 3, 4, 5, 8, 9], [false, true])) {
      const sandbox = new Sandbox();
      const both = randomArray(2 * n * d, 1);
      const labels = Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 1 : 0));
      const [sums, weights, out] = [sandbox.output(16), sandbox.output(n), sandbox.output(2 * n * d)];
      const [rows, l] = [sandbox.input(both), sandbox.input(labels)];
      const b = rows + d * 4;
      sandbox.kernels.f32_contrastive(sums, weights, rows, b, l, n, d, d * 8, 1, linear, 1.5, 0.25);
      sandbox.kernels.f32_contrastive_backward(out, out + d * 4, rows, b, weights, l, n, d, d * 8, 1, 2, 3);
      sandbox.check();
      const all = rowsOf(both, d);
      const convention = conventions[linear ? 'pml' : 'squared']!;
      const [loss, gradient] = [[0, 0], new Float64Array(2 * n * d)];
      for (let i = 0; i < n; i++) {
        const [x, y] = [all[2 * i]!, all[2 * i + 1]!];
        const same = labels[i] === 1;
        const [value, slope] = convention(metrics.euclidean.distance(x, y), same, 1.5, 0.25);
        loss[same ? 0 : 1]! += value;
        metrics.euclidean.gradient(x, y).forEach((of, k) => {
          gradient[2 * i * d + k] = of * slope * (same ? 2 : 3);
          gradient[(2 * i + 1) * d + k] = -of * slope * (same ? 2 : 3);
        });
      }
      expect(relativeError(readSums(sandbox, sums).slice(0, 2), loss)).toBeLessThan(tolerance.elementwise);
      expect(relativeError(sandbox.read(out, 2 * n * d), gradient)).toBeLessThan(tolerance.sum);
    }
  });
});
