import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError, ShapeError } from '../../../src/core/errors.ts';
import { Graph } from '../../../src/graph/graph.ts';
import { l2Normalize } from '../../../src/graph/ops/l2-normalize.ts';
import { pairwiseDistance } from '../../../src/graph/ops/pairwise-distance.ts';
import { type TripletLossAttributes, tripletLoss, tripletLossEntries } from '../../../src/graph/ops/triplet-loss.ts';
import { parametersOf } from '../../../src/graph/parameters.ts';
import { plan } from '../../../src/graph/plan.ts';
import { metrics, rowsOf } from '../../oracle/distance.ts';
import { keyOf } from '../../oracle/random-key.ts';
import { allTriplets, minings, positivePairs, reduced, type Triplet, term, termSlope } from '../../oracle/triplet.ts';
import { centralDifference } from '../../support/central-difference.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { randomArray, randomFrom } from '../../support/random.ts';
import { runOp } from '../../support/run-op.ts';

type Distance = 'squaredEuclidean' | 'euclidean';
interface BatchOf {
  readonly embeddings: Float32Array;
  readonly labels: readonly number[];
  readonly d: number;
}

/** Seed and step, where a test does not say. */
const SEED_AND_STEP = [12, 3] as const;

/** Entries by name, and the gradient of the loss in the embeddings. */
function run(
  { embeddings, labels, d }: BatchOf,
  attributes: TripletLossAttributes,
  seedAndStep: readonly number[] = SEED_AND_STEP,
) {
  const seeded = attributes.mining === 'random';
  const graph = new Graph();
  const inputs = [graph.input('embeddings'), graph.input('labels')];
  if (seeded) inputs.push(graph.input('key'));
  graph.apply(tripletLoss, inputs, { name: 'loss', attributes });
  const b = labels.length;
  const planned = plan(graph, {
    parameters: parametersOf({}),
    inputs: { embeddings: [b, d], labels: [b], ...(seeded && { key: [2] }) },
    gradients: { nodes: ['embeddings'] },
  });
  const { loss } = planned.run({
    embeddings,
    labels: Float32Array.from(labels),
    ...(seeded && { key: Float32Array.from(seedAndStep) }),
  });
  const seed = new Float32Array(tripletLossEntries.length).fill(7);
  seed[0] = 1;
  const { nodes } = planned.backward({ loss: seed });
  planned.close();
  const entries = Object.fromEntries(tripletLossEntries.map((name, i) => [name, loss![i]!]));
  return { entries: entries as Record<(typeof tripletLossEntries)[number], number>, gradient: nodes.embeddings! };
}

/** Distances of the batch as the op sees them, so that both decide alike. */
function distancesOf({ embeddings, labels, d }: BatchOf, metric: Distance): Float32Array[] {
  const b = labels.length;
  const { values } = runOp(pairwiseDistance, [{ shape: [b, d], values: embeddings }], { metric });
  return Array.from({ length: b }, (_, i) => values.subarray(i * b, (i + 1) * b));
}

const nameOf = ({ mining, variant }: TripletLossAttributes): string => (variant ? `${mining} ${variant}` : mining);

const keyFor = (attributes: TripletLossAttributes, seedAndStep: ArrayLike<number>): number =>
  keyOf(seedAndStep, attributes.mining === 'random' ? (attributes.stream ?? 0) : 0);

/** The sum of the losses of given triplets, as a function of the embeddings in float64. */
const lossOf =
  (triplets: readonly Triplet[], d: number, metric: Distance, margin: number, soft: boolean) =>
  (x: ArrayLike<number>): number => {
    const rows = rowsOf(x, d);
    const { distance } = metrics[metric];
    return triplets.reduce(
      (sum, [a, p, n]) => sum + term(distance(rows[a]!, rows[n]!) - distance(rows[a]!, rows[p]!), margin, soft),
      0,
    );
  };

/** Gradient of `lossOf`, by explicit loops. */
function lossGradient(
  triplets: readonly Triplet[],
  x: ArrayLike<number>,
  d: number,
  metric: Distance,
  margin: number,
  soft: boolean,
): Float64Array {
  const rows = rowsOf(x, d);
  const { distance, gradient } = metrics[metric];
  const out = new Float64Array(x.length);
  const add = (row: number, slope: Float64Array, factor: number) =>
    slope.forEach((value, k) => {
      out[row * d + k]! += factor * value;
    });
  for (const [a, p, n] of triplets) {
    const gap = distance(rows[a]!, rows[n]!) - distance(rows[a]!, rows[p]!);
    const slope = termSlope(gap, margin, soft);
    add(a, gradient(rows[a]!, rows[n]!), slope);
    add(n, gradient(rows[n]!, rows[a]!), slope);
    add(a, gradient(rows[a]!, rows[p]!), -slope);
    add(p, gradient(rows[p]!, rows[a]!), -slope);
  }
  return out;
}

function expectExact(batch: BatchOf, attributes: TripletLossAttributes, seedAndStep = SEED_AND_STEP): void {
  const { margin, distance = 'squaredEuclidean', softMargin = false, reduction = 'sum' } = attributes;
  const { entries, gradient } = run(batch, attributes, seedAndStep);
  const seen = { distances: distancesOf(batch, distance), labels: batch.labels };
  const triplets = minings[nameOf(attributes)]!(seen, margin, keyFor(attributes, seedAndStep));
  const at = (i: number, j: number) => seen.distances[i]![j]!;
  const losses = triplets.map(([a, p, n]) => term(at(a, n) - at(a, p), margin, softMargin));
  const pairs = positivePairs(seen);
  const mean = (values: number[]) => (values.length === 0 ? 0 : values.reduce((x, y) => x + y, 0) / values.length);
  const b = batch.labels.length;
  const expected = {
    loss: reduced(losses, reduction, pairs),
    activeFraction: mean(losses.map((loss) => (loss > 0 ? 1 : 0))),
    triplets: triplets.length,
    anchorPositive: mean(triplets.map(([a, p]) => at(a, p))),
    anchorNegative: mean(triplets.map(([a, , n]) => at(a, n))),
    meanDistance: b > 1 ? seen.distances.flatMap((row) => [...row]).reduce((x, y) => x + y, 0) / (b * (b - 1)) : 0,
    valid: allTriplets(seen).length > 0 ? 1 : 0,
  };
  for (const [name, value] of Object.entries(expected))
    expect(Math.abs(entries[name as keyof typeof entries] - value), `${name}: ${value}`).toBeLessThanOrEqual(
      tolerance.elementwise * Math.max(1, Math.abs(value)),
    );
  const sum = losses.reduce((x, y) => x + y, 0);
  const share = sum === 0 ? 0 : expected.loss / sum;
  const slopes = lossGradient(triplets, batch.embeddings, batch.d, distance, margin, softMargin);
  const exact = slopes.map((value) => value * share);
  const scale = Math.max(...exact.map(Math.abs), share);
  for (const [i, value] of gradient.entries())
    expect(Math.abs(value - exact[i]!), `gradient ${i}`).toBeLessThanOrEqual(
      tolerance.pairwiseGradient * scale + 1e-30,
    );
}

const everyMining: readonly TripletLossAttributes[] = (
  [
    { mining: 'hard' },
    { mining: 'hard', variant: 'tfa' },
    { mining: 'semi-hard', variant: 'facenet' },
    { mining: 'semi-hard', variant: 'tfa' },
    { mining: 'semi-hard', variant: 'pml' },
    { mining: 'all' },
    { mining: 'random', stream: 5 },
  ] as const
).map((mining) => ({ ...mining, margin: 0.2 }));

const batchOf = (labels: readonly number[], d: number, seed: number): BatchOf => ({
  embeddings: randomArray(labels.length * d, seed),
  labels,
  d,
});

const anyBatch = fc
  .record({ b: fc.integer({ min: 1, max: 21 }), d: fc.constantFrom(1, 2, 3, 5, 16, 17, 33), seed: fc.nat() })
  .map(({ b, d, seed }) => {
    const random = randomFrom(seed);
    const people = 1 + Math.floor(random() * 6);
    const labels = Array.from({ length: b }, () => Math.floor(random() * people) - 2);
    // Every third batch has whole numbers, with many equal distances, and some equal rows.
    const coarse = seed % 3 === 0;
    const embeddings = randomArray(b * d, seed).map((value) => (coarse ? Math.round(value * 1.5) : value));
    return { embeddings, labels, d };
  });
const anyTerm = fc.record({
  margin: fc.constantFrom(0, 0.2, 1, 3),
  distance: fc.constantFrom('squaredEuclidean' as const, 'euclidean' as const),
  softMargin: fc.boolean(),
  reduction: fc.constantFrom('sum' as const, 'mean' as const, 'mean-non-zero' as const, 'mean-positive-pairs' as const),
});

describe.each(everyMining.map((attributes) => [nameOf(attributes), attributes] as const))(
  'tripletLoss, %s',
  (_, attributes) => {
    it('agrees with explicit loops for any batch, margin, distance and reduction', () => {
      fc.assert(
        fc.property(anyBatch, anyTerm, (batch, rest) => expectExact(batch, { ...attributes, ...rest })),
        { numRuns: 150 },
      );
    });

    it('is 0 with a flag where no triplet is possible, and never NaN where rows are equal', () => {
      for (const distance of ['squaredEuclidean', 'euclidean'] as const)
        for (const softMargin of [false, true])
          for (const labels of [[1], [1, 2, 3], [4, 4, 4, 4, 4]]) {
            const batch = { embeddings: new Float32Array(labels.length * 3).fill(0.5), labels, d: 3 };
            const { entries, gradient } = run(batch, { ...attributes, distance, softMargin, reduction: 'mean' });
            expect(entries.valid).toBe(0);
            expect(entries.meanDistance).toBe(0);
            if (attributes.variant !== 'tfa') expect(entries.loss).toBe(0);
            expect(Object.values(entries).every(Number.isFinite)).toBe(true);
            expect([...gradient].map(Math.abs)).toEqual(new Array(gradient.length).fill(0));
          }
    });

    it('makes everything NaN where a distance is NaN or infinite', () => {
      for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, 3e38]) {
        const batch = batchOf([1, 1, 2, 2, 3, 3], 4, 1);
        batch.embeddings[22] = wrong;
        const { entries, gradient } = run(batch, attributes);
        expect(Object.values(entries).every(Number.isNaN), `${wrong}`).toBe(true);
        expect([...gradient].every(Number.isNaN), `${wrong}`).toBe(true);
      }
    });
  },
);

describe('tripletLoss', () => {
  it.each([
    [{ mining: 'semi-hard', variant: 'tfa' }, 1 + Math.SQRT2],
    [{ mining: 'hard', variant: 'tfa' }, 1],
    [{ mining: 'semi-hard', variant: 'pml' }, 0],
    [{ mining: 'semi-hard', variant: 'facenet' }, 0],
    [{ mining: 'hard' }, 0],
    [{ mining: 'all' }, 0],
  ] as const)('of two equal labels has the value of its library: %o', (mining, value) => {
    const batch = { embeddings: Float32Array.of(0, 1, 1, 0), labels: [0, 0], d: 2 };
    const { entries } = run(batch, { ...mining, margin: 1, distance: 'euclidean', reduction: 'mean-positive-pairs' });
    expect(entries.loss).toBe(Math.fround(value));
  });

  it('is that of the paper by hand', () => {
    // d(0,1) = 1, d(0,2) = 1.21, d(1,2) = 0.01: anchor 0 has 0.2 + 1 − 1.21 < 0, anchor 1 has 0.2 + 1 − 0.01.
    const batch = { embeddings: Float32Array.of(0, 1, 1.1), labels: [5, 5, 9], d: 1 };
    const all = run(batch, { mining: 'all', margin: 0.2 });
    expect(all.entries.loss).toBeCloseTo(1.19, 6);
    expect(all.entries).toMatchObject({ triplets: 2, activeFraction: 0.5, valid: 1 });
    expect([...all.gradient].map((value) => Number(value.toFixed(5)))).toEqual([-2, 2.2, -0.2]);
    expect(run(batch, { mining: 'semi-hard', margin: 0.2 }).entries).toMatchObject({ loss: 0, triplets: 0, valid: 1 });
    expect(run(batch, { mining: 'semi-hard', margin: 0.22 }).entries.loss).toBeCloseTo(0.01, 6);
  });

  it('takes unit vectors from l2Normalize, as FaceNet and PML do', () => {
    const { labels, embeddings, d } = batchOf([0, 0, 1, 1, 2, 2], 5, 6);
    const graph = new Graph();
    const unit = graph.apply(l2Normalize, [graph.input('x')], { name: 'unit' });
    const attributes = { mining: 'semi-hard', variant: 'pml', margin: 0.5, distance: 'euclidean' } as const;
    graph.apply(tripletLoss, [unit, graph.input('labels')], { name: 'loss', attributes });
    const planned = plan(graph, {
      parameters: parametersOf({}),
      inputs: { x: [6, d], labels: [6] },
      outputs: ['unit', 'loss'],
      gradients: { nodes: ['x'] },
    });
    const { unit: units } = planned.run({ x: embeddings, labels: Float32Array.from(labels) });
    const seed = new Float32Array(tripletLossEntries.length).fill(1, 0, 1);
    const { nodes } = planned.backward({ loss: seed });
    planned.close();
    const seen = { distances: distancesOf({ labels, embeddings: units!, d }, 'euclidean'), labels };
    const triplets = minings['semi-hard pml']!(seen, 0.5, 0);
    expect(triplets.length).toBeGreaterThan(3);
    const normalized = (x: ArrayLike<number>) =>
      Float64Array.from(rowsOf(x, d).flatMap((row) => [...row].map((value) => value / Math.hypot(...row))));
    const total = (x: Float64Array) => lossOf(triplets, d, 'euclidean', 0.5, false)(normalized(x));
    expect(relativeError(nodes.x!, centralDifference(total, embeddings))).toBeLessThan(tolerance.pairwiseGradient);
  });

  it('sits at the margin, or at ln 2, where all embeddings have collapsed', () => {
    const batch = { embeddings: new Float32Array(32).fill(0.7), labels: [1, 1, 2, 2, 3, 3, 4, 4], d: 4 };
    for (const mining of [{ mining: 'hard' }, { mining: 'all' }, { mining: 'semi-hard', variant: 'tfa' }] as const) {
      expect(run(batch, { ...mining, margin: 0.2, reduction: 'mean' }).entries).toMatchObject({
        loss: Math.fround(0.2),
        meanDistance: 0,
      });
      const soft = run(batch, { ...mining, margin: 0.2, softMargin: true, reduction: 'mean' });
      expect(soft.entries.loss).toBe(Math.fround(Math.LN2));
    }
    for (const variant of ['facenet', 'pml'] as const)
      expect(run(batch, { mining: 'semi-hard', variant, margin: 0.2 }).entries).toMatchObject({ loss: 0, triplets: 0 });
  });

  it.each(['squaredEuclidean', 'euclidean'] as const)(
    'has a definition whose gradient is that of a central difference: %s',
    (metric) => {
      const batch = batchOf([0, 0, 1, 1, 1, 2], 3, 4);
      const triplets = allTriplets({ distances: [], labels: batch.labels });
      for (const soft of [false, true]) {
        const exact = lossGradient(triplets, batch.embeddings, 3, metric, 0.3, soft);
        const difference = centralDifference(lossOf(triplets, 3, metric, 0.3, soft), batch.embeddings);
        expect(relativeError(exact, difference)).toBeLessThan(1e-8);
      }
    },
  );

  it('agrees with tfjs over all triplets, forward and backward', async () => {
    await tf.setBackend('cpu');
    const batch = batchOf([0, 0, 1, 1, 1, 2, 2], 5, 9);
    const triplets = allTriplets({ distances: [], labels: batch.labels });
    const rows = (x: tf.Tensor, place: 0 | 1 | 2) =>
      tf.gather(
        x,
        tf.tensor1d(
          triplets.map((triplet) => triplet[place]),
          'int32',
        ),
      );
    const squared = (x: tf.Tensor, y: tf.Tensor) => tf.sum(tf.square(tf.sub(x, y)), 1);
    const loss = (x: tf.Tensor): tf.Scalar => {
      const anchors = rows(x, 0);
      const gap = tf.sub(squared(anchors, rows(x, 1)), squared(anchors, rows(x, 2)));
      return tf.sum(tf.relu(tf.add(gap, 0.4)));
    };
    const x = tf.tensor2d(batch.embeddings, [7, 5]);
    const { entries, gradient } = run(batch, { mining: 'all', margin: 0.4 });
    expect(relativeError([entries.loss], loss(x).dataSync())).toBeLessThan(tolerance.sum);
    expect(relativeError(gradient, tf.grad(loss)(x).dataSync())).toBeLessThan(tolerance.pairwiseGradient);
  });

  describe('random', () => {
    const attributes = { mining: 'random', margin: 0.2 } as const;
    const batch = batchOf([0, 1, 0, 1, 2, 0, 2, 3], 5, 4);
    const bitsOf = ({ entries, gradient }: ReturnType<typeof run>) => JSON.stringify([entries, [...gradient]]);

    it('draws the same for the same seed, step and stream, and otherwise for any other', () => {
      const drawn = (seedAndStep: readonly number[], stream = 0) =>
        bitsOf(run(batch, { ...attributes, stream }, seedAndStep));
      expect(drawn([7, 1])).toBe(drawn([7, 1]));
      const all = [drawn([7, 1]), drawn([7, 2]), drawn([8, 1]), drawn([7, 1], 1), drawn([1, 7])];
      expect(new Set(all).size).toBe(all.length);
    });

    it('draws every negative of a pair about as often as any other', () => {
      // Rows on a line, so that the mean distance to the one negative of each pair tells which it was.
      const one = { embeddings: Float32Array.of(0, 0, 1, 2, 4), labels: [0, 0, 1, 2, 3], d: 1 };
      const counts = new Map<number, number>();
      const runs = 600;
      for (let step = 0; step < runs; step++) {
        const { entries } = run(one, { ...attributes, distance: 'euclidean' }, [1, step]);
        expect(entries.triplets).toBe(2);
        counts.set(entries.anchorNegative, (counts.get(entries.anchorNegative) ?? 0) + 1);
      }
      // Of the nine ordered choices for both pairs each mean has one or two: 1, 2, 4 · 1.5, 2.5, 3.
      const shares = [1, 2, 4, 1.5, 2.5, 3].map((mean) => (counts.get(mean) ?? 0) / runs);
      for (const [i, share] of shares.entries()) expect(Math.abs(share - (i < 3 ? 1 : 2) / 9)).toBeLessThan(0.06);
      expect(shares.reduce((x, y) => x + y)).toBeCloseTo(1, 12);
    });

    it('refuses a seed or step that is no whole number from 0 when it runs', () => {
      for (const wrong of [-1, 0.5, Number.NaN]) expect(() => run(batch, attributes, [3, wrong])).toThrow(InputError);
    });
  });

  it('gives the same without a backward pass', () => {
    const batch = batchOf([0, 0, 1, 1, 1, 2], 8, 2);
    const inputs = [
      { shape: [6, 8], values: batch.embeddings },
      { shape: [6], values: batch.labels },
    ];
    const key = { shape: [2], values: SEED_AND_STEP };
    for (const attributes of everyMining) {
      const all = attributes.mining === 'random' ? [...inputs, key] : inputs;
      expect([...runOp(tripletLoss, all, attributes).values]).toEqual(Object.values(run(batch, attributes).entries));
    }
  });

  it('refuses labels that are no whole numbers when it runs', () => {
    for (const wrong of [Number.NaN, 0.5, Number.POSITIVE_INFINITY, 2 ** 25]) {
      const attempt = () => run(batchOf([1, wrong, 2], 2, 1), { mining: 'all', margin: 1 });
      expect(attempt).toThrow(InputError);
      expect(attempt).toThrow(
        `tripletLoss: labels must be whole numbers from -16777216 to 16777216, number 1 of 3 is ${wrong}`,
      );
    }
  });

  it.each([
    ['shapes', { mining: 'all', margin: 1 }, [[4, 2], [3]], 'takes embeddings [B,D] and labels [B], got [4,2] [3]'],
    [
      'mining',
      { mining: 'easy', margin: 1 },
      [[4, 2], [4]],
      "mining must be 'hard', 'semi-hard', 'all', 'random', got \"easy\"",
    ],
    [
      'variant',
      { mining: 'hard', variant: 'pml', margin: 1 },
      [[4, 2], [4]],
      "variant of 'hard' must be 'hermans', 'tfa', got \"pml\"",
    ],
    ['margin', { mining: 'all', margin: Number.NaN }, [[4, 2], [4]], 'margin must be a finite number of at least 0'],
    ['distance', { mining: 'all', margin: 1, distance: 'cosine' }, [[4, 2], [4]], 'distance must be'],
    ['reduction', { mining: 'all', margin: 1, reduction: 'max' }, [[4, 2], [4]], 'reduction must be'],
    [
      'inputs of a random mining',
      { mining: 'random', margin: 1 },
      [[4, 2], [4]],
      'takes embeddings [B,D] and labels [B] and [2], seed and step, got [4,2] [4]',
    ],
    ['key', { mining: 'random', margin: 1 }, [[4, 2], [4], [3]], 'seed and step must be [2], got [3]'],
    ['key of another mining', { mining: 'all', margin: 1 }, [[4, 2], [4], [2]], 'labels [B], got [4,2] [4] [2]'],
    [
      'stream',
      { mining: 'random', margin: 1, stream: 0.5 },
      [[4, 2], [4], [2]],
      'stream must be a whole number, got 0.5',
    ],
    ['batch', { mining: 'all', margin: 1 }, [[20000, 1], [20000]], 'a batch of at most 16384, got 20000'],
  ])('refuses wrong %s', (_, attributes, inputs, message) => {
    const attempt = () => tripletLoss.shape(inputs, attributes as unknown as TripletLossAttributes, {});
    expect(attempt).toThrow(ShapeError);
    expect(attempt).toThrow(message);
  });
});
