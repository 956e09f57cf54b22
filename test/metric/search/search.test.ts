import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError, OutOfMemoryError } from '../../../src/core/errors.ts';
import { euclidean } from '../../../src/metric/distance.ts';
import { VectorIndex } from '../../../src/metric/search/search.ts';
import { createEngine } from '../../../src/runtime/create-engine.ts';
import { randomArray } from '../../support/random.ts';

/** Every id with its distance, nearest first, from a plain map. */
function slow(vectors: ReadonlyMap<number, ArrayLike<number>>, query: ArrayLike<number>, k: number) {
  return [...vectors]
    .map(([id, vector]) => ({ id, distance: euclidean(vector, query) }))
    .sort((a, b) => a.distance - b.distance || a.id - b.id)
    .slice(0, k);
}

const storages = ['f32', 'int8'] as const;

describe.each(storages)('VectorIndex, %s', (storage) => {
  it('finds what a search through a map finds, with the bits of euclidean', () => {
    const index = new VectorIndex(128, { storage });
    expect(index.storage).toBe(storage);
    const vectors = new Map<number, Float32Array>();
    for (let i = 0; i < 5000; i++) {
      const vector = randomArray(128, i);
      vectors.set(index.add(vector), vector);
    }
    for (const k of [1, 10, 100]) {
      const query = randomArray(128, 90_000 + k);
      expect(index.nearest(query, k)).toEqual(slow(vectors, query, k));
    }
    const query = randomArray(128, 3);
    expect([...index.distances(query)]).toEqual([...vectors.values()].map((vector) => euclidean(vector, query)));
    index.close();
  });

  it('answers many queries as each of them alone', () => {
    const index = new VectorIndex(19, { storage });
    for (let i = 0; i < 3000; i++) index.add(randomArray(19, i % 2000));
    for (const count of [1, 2, 3, 4, 8, 9, 15, 16, 17, 40]) {
      const queries = Array.from({ length: count }, (_, i) => randomArray(19, i % 3 === 0 ? i : 50_000 + i));
      expect(index.nearest(queries, 7), `${count} queries`).toEqual(queries.map((query) => index.nearest(query, 7)));
    }
    index.close();
  });

  it('stays the same as a map through any adding and removing', () => {
    // 436 rows a mebibyte: a few hundred vectors cross from chunk to chunk.
    const dimension = 600;
    const query = new Float32Array(dimension);
    const queries = Array.from({ length: 16 }, (_, i) => new Float32Array(dimension).fill(i / 100));
    const command = fc.oneof(
      fc.record({
        add: fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 3, maxLength: 3 }),
        times: fc.integer({ min: 1, max: 1000 }),
      }),
      fc.record({ removeFrom: fc.nat(), removeEvery: fc.integer({ min: 1, max: 5 }) }),
    );
    fc.assert(
      fc.property(fc.array(command, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 12 }), (commands, k) => {
        const engine = createEngine();
        const index = new VectorIndex(dimension, { storage, engine });
        const vectors = new Map<number, Float32Array>();
        for (const step of commands)
          if ('add' in step) {
            for (let i = 0; i < step.times; i++) {
              const vector = new Float32Array(dimension);
              vector.set([step.add[0]!, step.add[1]! + (i % 3), step.add[2]!], i % (dimension - 3));
              vectors.set(index.add(vector), vector);
            }
          } else {
            const ids = [...vectors.keys()];
            for (let i = step.removeFrom % (ids.length + 1); i < ids.length; i += step.removeEvery) {
              expect(index.remove(ids[i]!)).toBe(true);
              vectors.delete(ids[i]!);
            }
          }
        expect(index.size).toBe(vectors.size);
        expect(index.ids).toEqual([...vectors.keys()]);
        expect(index.nearest(query, k)).toEqual(slow(vectors, query, k));
        expect(index.nearest(queries, k)[9]).toEqual(slow(vectors, queries[9]!, k));
        for (const id of index.ids.slice(0, 20)) expect(index.get(id)).toEqual(vectors.get(id));
        index.close();
        expect(engine.regions.usedBytes).toBe(0);
      }),
      { numRuns: 8 },
    );
  });

  it('finds what differs by less than a code holds, also where stretches of memory have been joined', () => {
    const dimension = 1000;
    const engine = createEngine();
    const index = new VectorIndex(dimension, { storage, engine });
    const bases = [1, 2, 3].map((seed) => randomArray(dimension, seed));
    // All but the first stretch is a hundred times as large, and so is what codes lose of it.
    const vectorAt = (i: number) => {
      const noise = randomArray(dimension, 100 + i);
      return bases[Math.floor(i / 9) % 3]!.map((value, k) => (value + noise[k]! * 1e-4) * (i < 300 ? 1 : 100));
    };
    const vectors = new Map<number, Float32Array>();
    for (let i = 0; i < 2000; i++) vectors.set(index.add(vectorAt(i)), vectorAt(i));
    const before = engine.regions.usedBytes;
    for (const id of index.ids)
      if (id % 9 !== 0) {
        index.remove(id);
        vectors.delete(id);
      }
    expect(engine.regions.usedBytes).toBeLessThan(before / 3);
    for (const i of [3, 1500, 1501, 1502]) {
      const query = vectorAt(i);
      expect(index.nearest(query, 5)).toEqual(slow(vectors, query, 5));
      expect(index.nearest(new Array(16).fill(query), 5)[7]).toEqual(slow(vectors, query, 5));
    }
    index.close();
  });

  it('answers with fewer where it holds fewer, and with none where it is empty', () => {
    const index = new VectorIndex(2, { storage });
    expect(index.nearest([0, 0], 3)).toEqual([]);
    expect(
      index.nearest(
        [
          [0, 0],
          [1, 1],
        ],
        3,
      ),
    ).toEqual([[], []]);
    expect([...index.distances([0, 0])]).toEqual([]);
    index.add([3, 4]);
    expect(index.nearest([0, 0], 3)).toEqual([{ id: 0, distance: 5 }]);
    expect(index.nearest(new Array(20).fill([0, 0]), 3)).toEqual(new Array(20).fill([{ id: 0, distance: 5 }]));
  });

  it('is as before where memory runs out', () => {
    const dimension = storage === 'f32' ? 300_000 : 60_000;
    const engine = createEngine({ maxBytes: 4 << 20 });
    const index = new VectorIndex(dimension, { storage, engine });
    const add = () => index.add(new Float32Array(dimension));
    const before = () => {
      for (;;) {
        const used = engine.regions.usedBytes;
        try {
          add();
        } catch (error) {
          expect(error).toBeInstanceOf(OutOfMemoryError);
          return used;
        }
      }
    };
    expect(before()).toBe(engine.regions.usedBytes);
    expect(index.size).toBeGreaterThan(2);
    expect(index.ids).toEqual(Array.from({ length: index.size }, (_, i) => i));
    // A search needs room for its query.
    index.remove(index.size - 1);
    expect(index.nearest(new Float32Array(dimension), 1)).toEqual([{ id: 0, distance: 0 }]);
  });
});

describe('VectorIndex', () => {
  it('gives memory back as vectors are removed', () => {
    const engine = createEngine();
    const index = new VectorIndex(1000, { engine });
    const ids = Array.from({ length: 2000 }, (_, i) => index.add(new Float32Array(1000).fill(i)));
    const full = engine.regions.usedBytes;
    for (const id of ids) if (id % 50 !== 0) index.remove(id);
    expect(index.size).toBe(40);
    expect(engine.regions.usedBytes).toBeLessThan(full / 3);
    expect(index.nearest(new Float32Array(1000).fill(1100), 2).map(({ id }) => id)).toEqual([1100, 1050]);
    for (const id of index.ids) index.remove(id);
    expect(engine.regions.usedBytes).toBe(0);
  });

  it('gives an id once', () => {
    const index = new VectorIndex(1);
    index.add([1]);
    const second = index.add([2]);
    expect(index.remove(second)).toBe(true);
    expect(index.remove(second)).toBe(false);
    expect(index.remove(Number.NaN)).toBe(false);
    expect(index.get(second)).toBeUndefined();
    expect(index.add([3])).toBe(2);
    expect(index.ids).toEqual([0, 2]);
  });

  it('keeps its vectors apart from what it was given and gives', () => {
    const index = new VectorIndex(2);
    const vector = Float32Array.of(1, 2);
    const id = index.add(vector);
    vector[0] = 9;
    index.get(id)![1] = 9;
    expect([...index.get(id)!]).toEqual([1, 2]);
  });

  it('refuses what does not fit', () => {
    const index = new VectorIndex(2);
    expect(() => new VectorIndex(0)).toThrow(InputError);
    expect(() => index.add([1])).toThrow(/VectorIndex.add: expected a vector of 2 numbers, got 1/);
    expect(() => index.add([1, Number.NaN])).toThrow(
      /VectorIndex.add: expected finite float32 numbers, number 1 is NaN/,
    );
    expect(() => index.nearest([1, 2, 3], 1)).toThrow(InputError);
    expect(() => index.nearest([Number.NaN, 0], 1)).toThrow(InputError);
    expect(() => index.nearest([[1, 2], [3]], 1)).toThrow(/expected a vector of 2 numbers, got 1/);
    expect(() => index.nearest([], 1)).toThrow(/expected a vector of 2 numbers, got 0/);
    expect(() => new VectorIndex(2, { storage: 'f16' as 'f32' })).toThrow(/storage must be 'f32' or 'int8', got "f16"/);
    expect(new VectorIndex(2).storage).toBe('int8');
    expect(new VectorIndex(65537).storage).toBe('f32');
    expect(() => new VectorIndex(65537, { storage: 'int8' })).toThrow(/a dimension of at most 65536, got 65537/);
    expect(() => index.nearest([1, 2], 0)).toThrow(/k must be a whole number of at least 1, got 0/);
    expect(() => index.distances([1])).toThrow(InputError);
    expect(index.size).toBe(0);
    index.close();
    index.close();
    expect(() => index.add([1, 2])).toThrow(/VectorIndex.add: this index is closed/);
    expect(() => index.nearest([1, 2], 1)).toThrow(/closed/);
  });
});
