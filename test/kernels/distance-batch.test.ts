import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paddedBytes, paddedLength } from '../../src/metric/vector.ts';
import { randomArray, randomFrom } from '../support/random.ts';
import { Sandbox } from '../support/sandbox.ts';

/** Rows padded with zeros to `stride` floats, then NaN up to `bytes`, which must not be read. */
function rowsAt(sandbox: Sandbox, vectors: readonly Float32Array[], length: number, gap: number): number {
  const all = new Float32Array(vectors.length * (length + gap)).fill(Number.NaN);
  vectors.forEach((vector, i) => {
    all.fill(0, i * (length + gap), i * (length + gap) + length);
    all.set(vector, i * (length + gap));
  });
  return sandbox.input(all);
}

interface Found {
  readonly index: number;
  readonly distance: number;
}

const readHeap = (sandbox: Sandbox, heap: number, k: number, entries: number): Found[] =>
  Array.from({ length: entries }, (_, i) => ({
    index: sandbox.readInts(heap + k * 4, k)[i]!,
    distance: sandbox.read(heap, k)[i]!,
  })).sort((a, b) => a.distance - b.distance || a.index - b.index);

/** Each query by itself, through f32_nearest, part after part. */
function oneByOne(queries: readonly Float32Array[], gallery: readonly Float32Array[], k: number) {
  const length = paddedLength(gallery[0]?.length ?? queries[0]!.length);
  return queries.map((query) => {
    const sandbox = new Sandbox();
    const heap = sandbox.output(2 * k);
    const at = rowsAt(sandbox, gallery, length, 0);
    const q = rowsAt(sandbox, [query], length, 0);
    const entries = sandbox.kernels.f32_nearest(heap, 0, q, at, gallery.length, length, k, length * 4, 0);
    return entries < 0 ? entries : readHeap(sandbox, heap, k, entries);
  });
}

/** All queries at once, through f32_nearest_batch, the gallery cut into parts. */
function together(
  queries: readonly Float32Array[],
  gallery: readonly Float32Array[],
  k: number,
  parts: readonly number[],
  gap: number,
) {
  const sandbox = new Sandbox();
  const q = queries.length;
  const d = paddedLength(queries[0]!.length);
  const padded = Math.ceil(q / 8) * 8;
  const heaps = sandbox.output(q * 2 * k);
  const counts = sandbox.output(q);
  sandbox.engine.memory.i32(counts, q).fill(0);
  const prepared = sandbox.output(padded * (d + 2) + 96);
  const rows = rowsAt(sandbox, queries, d, 0);
  sandbox.kernels.f32_nearest_prepare(prepared, rows, q, d);
  let first = 0;
  let status = 0;
  for (const part of parts) {
    const at = rowsAt(sandbox, gallery.slice(first, first + part), d, gap);
    const bytes = paddedBytes(queries[0]!.length) + gap * 4;
    status = Math.min(
      status,
      sandbox.kernels.f32_nearest_batch(heaps, counts, rows, prepared, at, q, part, d, k, bytes, first),
    );
    first += part;
  }
  sandbox.check();
  const entries = sandbox.readInts(counts, q);
  return { status, found: queries.map((_, i) => readHeap(sandbox, heaps + i * k * 8, k, entries[i]!)) };
}

/** Each query by itself, through codes. */
function throughCodes(
  queries: readonly Float32Array[],
  gallery: readonly Float32Array[],
  k: number,
  parts: readonly number[],
  gap: number,
  levels = 32767,
) {
  const dimension = queries[0]!.length;
  const d = paddedLength(dimension);
  const coded = Math.ceil(d / 32) * 32;
  return queries.map((query) => {
    const sandbox = new Sandbox();
    const { kernels } = sandbox;
    const heap = sandbox.output(2 * k);
    const q = rowsAt(sandbox, [query], d, 0);
    const [codes, terms] = [sandbox.output(coded / 2), sandbox.output(2)];
    const queryLost = kernels.i16_quantize(codes, terms, q, d, coded, levels);
    const [scale, norm] = sandbox.read(terms, 2);
    let [first, entries] = [0, 0];
    for (const part of parts) {
      const at = rowsAt(sandbox, gallery.slice(first, first + part), d, gap);
      const rowBytes = (d + gap) * 4;
      const [rowCodes, rowTerms] = [sandbox.output((part * coded) / 4), sandbox.output(part * 2)];
      let lost = 0;
      for (let i = 0; i < part; i++)
        lost = Math.max(lost, kernels.i8_quantize(rowCodes + i * coded, rowTerms + i * 8, at + i * rowBytes, d, coded));
      entries = kernels.i8_nearest(
        heap,
        entries,
        q,
        codes,
        rowCodes,
        rowTerms,
        at,
        part,
        d,
        coded,
        k,
        rowBytes,
        first,
        scale!,
        norm!,
        queryLost + lost,
      );
      if (entries < 0) return entries;
      first += part;
    }
    sandbox.check();
    return readHeap(sandbox, heap, k, entries);
  });
}

/** Vectors of every kind: near one another, equal, zero, with ties, huge, tiny. */
function vectorsOf(count: number, dimension: number, seed: number, scale: number): Float32Array[] {
  const random = randomFrom(seed);
  const coarse = random() < 0.3;
  const vectors: Float32Array[] = [];
  for (let i = 0; i < count; i++) {
    const kind = random();
    let vector = randomArray(dimension, seed + i).map((value) => (coarse ? Math.round(value * 1.4) : value) * scale);
    if (kind < 0.1 && i > 0) vector = vectors[Math.floor(random() * i)]!.slice();
    else if (kind < 0.2 && i > 0) vector = vectors[0]!.map((value) => Math.fround(value * (1 + 1e-6 * random())));
    else if (kind < 0.23) vector.fill(0);
    else if (kind < 0.26) vector = vector.map((value) => Math.min(Math.max(value * 1000, -3e38), 3e38));
    vectors.push(vector);
  }
  return vectors;
}

const anySearch = fc
  .record({
    queries: fc.integer({ min: 1, max: 19 }),
    count: fc.integer({ min: 0, max: 150 }),
    dimension: fc.constantFrom(1, 3, 8, 9, 17, 128),
    k: fc.constantFrom(1, 2, 5, 10, 40),
    scale: fc.constantFrom(1, 1e-3, 1e-22, 1e-38, 1e18, 3e37),
    gap: fc.constantFrom(0, 8),
    cut: fc.nat(),
    seed: fc.nat(),
  })
  .map(({ queries, count, dimension, k, scale, gap, cut, seed }) => {
    const gallery = vectorsOf(count, dimension, seed, scale);
    const some = vectorsOf(queries, dimension, seed + 7777, scale);
    if (count > 0 && seed % 2 === 0) some[0] = gallery[seed % count]!;
    const part = count === 0 ? 0 : cut % count;
    return { gallery, queries: some, k, gap, parts: [part, count - part] };
  });

describe('f32_nearest_batch', () => {
  it('finds what each query finds by itself, to the bit', () => {
    fc.assert(
      fc.property(anySearch, ({ gallery, queries, k, gap, parts }) => {
        const { status, found } = together(queries, gallery, k, parts, gap);
        expect(status).toBe(0);
        expect(found).toEqual(oneByOne(queries, gallery, k));
      }),
      { numRuns: 120 },
    );
  });

  it('rules nothing out where norms leave float32', () => {
    const [query, near] = [Float32Array.of(1e19), Float32Array.of(1.58e19)];
    const gallery = [Float32Array.of(-5e18), near];
    const { found } = together([query], gallery, 1, [2], 0);
    expect(found).toEqual(oneByOne([query], gallery, 1));
    expect(found[0]![0]!.index).toBe(1);
  });

  it('reports a NaN in any row and any query, and never takes it for a neighbour', () => {
    const numbers = Array.from({ length: 11 }, (_, i) => Float32Array.of(i, 1));
    for (let at = 0; at < numbers.length; at++) {
      const gallery = numbers.map((row, i) => (i === at ? Float32Array.of(Number.NaN, 1) : row));
      const { status, found } = together(numbers.slice(0, 9), gallery, 11, [11], 0);
      expect(status, `row ${at}`).toBe(-1);
      for (const one of found) expect(one.map(({ index }) => index)).not.toContain(at);
      const queries = together(gallery.slice(0, 9), numbers, 3, [11], 0);
      expect(queries.status, `query ${at}`).toBe(at < 9 ? -1 : 0);
      if (at < 9) expect(queries.found[at]).toEqual([]);
    }
  });
});

describe('i8_nearest', () => {
  it('finds what a search through the floats finds, to the bit', () => {
    fc.assert(
      fc.property(anySearch, fc.constantFrom(32767, 127, 1), ({ gallery, queries, k, gap, parts }, levels) => {
        expect(throughCodes(queries.slice(0, 3), gallery, k, parts, gap, levels)).toEqual(
          oneByOne(queries.slice(0, 3), gallery, k),
        );
      }),
      { numRuns: 120 },
    );
  });

  it('reports a NaN wherever it stands', () => {
    for (let at = 0; at < 19; at++) {
      const gallery = Array.from({ length: 19 }, (_, i) => Float32Array.of(i === at ? Number.NaN : i));
      expect(throughCodes([Float32Array.of(0)], gallery, 3, [19], 0), `row ${at}`).toEqual([-1]);
    }
    expect(throughCodes([Float32Array.of(Number.NaN)], [Float32Array.of(1)], 3, [1], 0)).toEqual([-1]);
  });
});

describe.each([
  ['i8_quantize', 127],
  ['i16_quantize', 32767],
  ['i16_quantize', 200],
] as const)('%s to ±%d', (name, levels) => {
  const quantize = (row: Float32Array) => {
    const sandbox = new Sandbox();
    const d = row.length;
    const coded = d + 24;
    const bytes = name === 'i8_quantize' ? 1 : 2;
    const [codes, terms] = [sandbox.output((coded * bytes) / 4), sandbox.output(2)];
    const at = sandbox.input(row);
    const lost =
      name === 'i8_quantize'
        ? sandbox.kernels.i8_quantize(codes, terms, at, d, coded)
        : sandbox.kernels.i16_quantize(codes, terms, at, d, coded, levels);
    sandbox.check();
    const { buffer } = sandbox.engine.memory.wasm;
    const all = bytes === 1 ? new Int8Array(buffer, codes, coded) : new Int16Array(buffer, codes, coded);
    expect([...all.subarray(d)], 'zeros behind').toEqual(new Array(24).fill(0));
    const [scale, norm] = sandbox.read(terms, 2);
    return { codes: [...all.subarray(0, d)], scale: scale!, norm: norm!, lost };
  };
  const norm = (values: readonly number[]) => Math.hypot(...values);

  it('rounds to the nearest multiple of the scale, and bounds what that loses', () => {
    for (const d of [8, 16, 24, 128])
      for (const scale of [1, 1e-24, 1e-12, 1e15]) {
        const row = randomArray(d, d).map((value) => value * scale);
        const coded = quantize(row);
        expect(coded.scale).toBe(Math.fround(Math.max(...row.map(Math.abs)) / levels));
        expect(Math.max(...coded.codes.map(Math.abs))).toBe(levels);
        for (const [i, code] of coded.codes.entries())
          expect(Math.abs(row[i]! / coded.scale - code)).toBeLessThanOrEqual(0.5 + levels * 2e-7);
        const decoded = coded.codes.map((code) => code * coded.scale);
        const lost = norm(decoded.map((value, i) => value - row[i]!));
        expect(coded.lost).toBeGreaterThanOrEqual(lost);
        expect(coded.lost).toBeLessThanOrEqual(lost * 1.00001 + 2e-35);
        expect(coded.norm).toBeLessThan(norm(decoded) ** 2);
        if (scale > 1e-13) expect(coded.norm).toBeGreaterThan(norm(decoded) ** 2 * 0.99999);
      }
  });

  it('codes zeros, and numbers too small to scale, as zeros', () => {
    const tiny = new Float32Array(16).fill(1e-40);
    expect(quantize(new Float32Array(16))).toMatchObject({ codes: new Array(16).fill(0), scale: 0 });
    expect(quantize(tiny)).toMatchObject({ codes: new Array(16).fill(0), scale: 0 });
    expect(quantize(tiny).lost).toBeGreaterThan(norm([...tiny]));
  });

  it('has no norm where float32 is too small for it', () => {
    expect(quantize(new Float32Array(16).fill(3e38)).norm).toBeNaN();
    const nan = new Float32Array(16).fill(1);
    nan[5] = Number.NaN;
    expect(quantize(nan).norm).toBeNaN();
    expect(quantize(nan).lost).toBeNaN();
  });
});
