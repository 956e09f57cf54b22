import { describe, expect, it } from 'vitest';
import { paddedBytes, paddedLength } from '../../src/metric/vector.ts';
import { squaredEuclidean } from '../oracle/distance.ts';
import { relativeError, tolerance } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';

const dimensions = [1, 3, 4, 5, 8, 9, 17, 31, 128];
const counts = [0, 1, 3, 4, 5, 8, 9, 17, 31, 67];

/** Vectors as the kernels read them: zeros up to the padded length, then `gap` floats that are NaN and must not be read. */
function rows(vectors: readonly Float32Array[], dimension: number, gap: number): Float32Array {
  const stride = paddedLength(dimension) + gap;
  const all = new Float32Array(vectors.length * stride).fill(Number.NaN);
  vectors.forEach((vector, i) => {
    all.fill(0, i * stride, i * stride + paddedLength(dimension));
    all.set(vector, i * stride);
  });
  return all;
}

const vectorsOf = (count: number, dimension: number, seed: number): Float32Array[] =>
  Array.from({ length: count }, (_, i) => randomArray(dimension, seed * 1000 + i));

describe('f32_squared_distances', () => {
  for (const dimension of dimensions)
    it(`of dimension ${dimension}, as the oracle`, () => {
      for (const count of counts)
        for (const gap of [0, 4]) {
          const sandbox = new Sandbox();
          const query = randomArray(dimension, 99);
          const gallery = vectorsOf(count, dimension, dimension);
          const out = sandbox.output(count);
          sandbox.kernels.f32_squared_distances(
            out,
            sandbox.input(rows([query], dimension, 0)),
            sandbox.input(rows(gallery, dimension, gap)),
            count,
            paddedLength(dimension),
            paddedBytes(dimension) + gap * 4,
          );
          sandbox.check();
          const expected = gallery.map((vector) => squaredEuclidean(query, vector));
          expect(relativeError(sandbox.read(out, count), expected), `${count} rows`).toBeLessThan(tolerance.sum);
        }
    });

  it('gives a row the same bits wherever it stands', () => {
    const sandbox = new Sandbox();
    const query = sandbox.input(rows([randomArray(128, 1)], 128, 0));
    const vector = randomArray(128, 2);
    const out = sandbox.output(23);
    const gallery = sandbox.input(rows(Array(23).fill(vector), 128, 0));
    sandbox.kernels.f32_squared_distances(out, query, gallery, 23, 128, 512);
    expect(new Set(sandbox.readInts(out, 23)).size).toBe(1);
  });

  it('hands NaN and infinity on', () => {
    const sandbox = new Sandbox();
    const vectors = [1, Number.NaN, 3e38, Number.POSITIVE_INFINITY, 2].map((value) =>
      new Float32Array(8).fill(value, 0, 1),
    );
    const out = sandbox.output(5);
    const query = sandbox.input(rows([new Float32Array(8)], 8, 0));
    sandbox.kernels.f32_squared_distances(out, query, sandbox.input(rows(vectors, 8, 0)), 5, 8, 32);
    expect([...sandbox.read(out, 5)]).toEqual([1, Number.NaN, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 4]);
  });
});

describe('f32_nearest', () => {
  /** Searches a gallery cut into parts of these sizes; returns what is in the heap, nearest first, and the count. */
  function search(query: Float32Array, gallery: readonly Float32Array[], k: number, parts: readonly number[]) {
    const sandbox = new Sandbox();
    const d = query.length;
    const heap = sandbox.output(2 * k);
    const q = sandbox.input(rows([query], d, 0));
    let entries = 0;
    let first = 0;
    for (const part of parts) {
      const at = sandbox.input(rows(gallery.slice(first, first + part), d, 0));
      entries = sandbox.kernels.f32_nearest(heap, entries, q, at, part, paddedLength(d), k, paddedBytes(d), first);
      if (entries < 0) break;
      first += part;
    }
    sandbox.check();
    const distances = sandbox.read(heap, k);
    const indices = sandbox.readInts(heap + k * 4, k);
    const found = Array.from({ length: Math.max(0, entries) }, (_, i) => ({
      distance: distances[i]!,
      index: indices[i]!,
    }));
    return { entries, found: found.sort((a, b) => a.distance - b.distance || a.index - b.index) };
  }

  const slow = (query: Float32Array, gallery: readonly Float32Array[], k: number): number[] =>
    gallery
      .map((vector, index) => ({ distance: Math.fround(squaredEuclidean(query, vector)), index }))
      .sort((a, b) => a.distance - b.distance || a.index - b.index)
      .slice(0, k)
      .map(({ index }) => index);

  /** Small whole numbers: sums are exact in float32, and ties are many. */
  const wholeVectors = (count: number, dimension: number, seed: number): Float32Array[] =>
    vectorsOf(count, dimension, seed).map((vector) => vector.map((value) => Math.round(value * 1.4)));

  for (const dimension of [1, 2, 3, 5, 17])
    it(`of dimension ${dimension}, as sorting everything, ties to the lower index`, () => {
      for (const count of [...counts, 211])
        for (const k of [1, 2, 3, 4, 7, 8, 20]) {
          const gallery = wholeVectors(count, dimension, count);
          const query = new Float32Array(dimension);
          const { found } = search(query, gallery, k, [count]);
          expect(
            found.map(({ index }) => index),
            `${count} rows, k ${k}`,
          ).toEqual(slow(query, gallery, k));
          for (const { distance, index } of found) expect(distance).toBe(squaredEuclidean(query, gallery[index]!));
        }
    });

  it('searches a gallery in parts as in one', () => {
    const gallery = wholeVectors(101, 3, 5);
    const query = Float32Array.of(1, 0, -1);
    for (const parts of [[101], [1, 100], [50, 51], [0, 33, 0, 68], [8, 8, 8, 77]])
      for (const k of [1, 9, 60])
        expect(search(query, gallery, k, parts).found.map(({ index }) => index)).toEqual(slow(query, gallery, k));
  });

  it('finds the nearest where each row is nearer than all before, and where each is further', () => {
    const rising = Array.from({ length: 97 }, (_, i) => Float32Array.of(i));
    const query = Float32Array.of(-1);
    expect(search(query, rising, 5, [97]).found.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    expect(search(query, rising.toReversed(), 5, [97]).found.map(({ index }) => index)).toEqual([96, 95, 94, 93, 92]);
  });

  it('reports a NaN wherever it stands, and never takes it for a neighbour', () => {
    for (let at = 0; at < 19; at++) {
      const gallery = Array.from({ length: 19 }, (_, i) => Float32Array.of(i === at ? Number.NaN : i));
      expect(search(Float32Array.of(0), gallery, 3, [19]).entries, `row ${at}`).toBe(-1);
    }
    expect(search(Float32Array.of(Number.NaN), [Float32Array.of(1)], 3, [1]).entries).toBe(-1);
  });

  it('takes infinite distances in where there is nothing nearer', () => {
    const gallery = [3e38, 1, -3e38].map((value) => Float32Array.of(value));
    const { found } = search(Float32Array.of(0), gallery, 3, [3]);
    expect(found).toEqual([
      { distance: 1, index: 1 },
      { distance: Number.POSITIVE_INFINITY, index: 0 },
      { distance: Number.POSITIVE_INFINITY, index: 2 },
    ]);
  });
});
