import { InputError } from '../core/errors.ts';
import { defaultEngine, type Engine } from '../runtime/engine.ts';
import { Chunk } from './chunk.ts';
import { checkedVector, paddedBytes, paddedLength } from './vector.ts';

/** Memory of a gallery grows by so much: 2048 vectors of 128. */
const CHUNK_BYTES = 1 << 20;

/** A vector found in an index. */
export interface Neighbour {
  readonly id: number;
  /** Euclidean, 0 and up. */
  readonly distance: number;
}

/**
 * Vectors of one dimension in wasm memory, searched exactly: every distance is computed, by the kernel of `euclidean`.
 *
 * Ids count up in the order vectors are added and are never given again. Memory grows a mebibyte at a time and belongs to
 * the engine until rows are removed or the index is closed.
 *
 * @example
 * const index = new VectorIndex(2);
 * const here = index.add([0, 0]);
 * index.add([3, 4]);
 * index.nearest([0, 1], 1); // [{ id: here, distance: 1 }]
 */
export class VectorIndex {
  readonly dimension: number;
  readonly #engine: Engine;
  readonly #rowBytes: number;
  #chunks: Chunk[] = [];
  #nextId = 0;
  #closed = false;

  constructor(dimension: number, engine: Engine = defaultEngine()) {
    if (!Number.isInteger(dimension) || dimension < 1)
      throw new InputError(`VectorIndex: dimension must be a whole number of at least 1, got ${dimension}`);
    this.dimension = dimension;
    this.#engine = engine;
    this.#rowBytes = paddedBytes(dimension);
  }

  /** How many vectors are in it. */
  get size(): number {
    return this.#chunks.reduce((sum, { ids }) => sum + ids.length, 0);
  }

  /** The ids in it, ascending: the order of `distances`. */
  get ids(): number[] {
    return this.#chunks.flatMap(({ ids }) => ids);
  }

  /**
   * Adds a vector and returns its id.
   * @throws InputError unless it has as many finite numbers as the index has dimensions; OutOfMemoryError, after which the
   * index is as before.
   */
  add(vector: ArrayLike<number>): number {
    this.#open('add');
    const checked = checkedVector('VectorIndex.add', vector, this.dimension);
    let last = this.#chunks.at(-1);
    if (!last || last.isFull) {
      last = new Chunk(this.#engine, this.#rowBytes, CHUNK_BYTES);
      this.#chunks.push(last);
    }
    last.push(this.#nextId, checked);
    return this.#nextId++;
  }

  /** A copy of a vector; undefined where that id is not in the index. */
  get(id: number): Float32Array | undefined {
    const place = this.#find(id);
    return place && this.#chunks[place.chunk]!.read(place.row, this.dimension);
  }

  /** Takes a vector out; false where that id is not in the index. The others keep their ids and their order. */
  remove(id: number): boolean {
    const place = this.#find(id);
    if (!place) return false;
    this.#chunks[place.chunk]!.remove(place.row);
    this.#join(place.chunk);
    this.#join(place.chunk - 1);
    return true;
  }

  /**
   * The k nearest vectors, nearest first; of equal distances the one added earlier. Fewer where the index holds fewer.
   * @throws InputError where the query does not fit or k is not a whole number of at least 1.
   */
  nearest(query: ArrayLike<number>, k: number): Neighbour[] {
    this.#open('nearest');
    if (!Number.isInteger(k) || k < 1)
      throw new InputError(`VectorIndex.nearest: k must be a whole number of at least 1, got ${k}`);
    const wanted = Math.min(k, this.size);
    const checked = checkedVector('VectorIndex.nearest', query, this.dimension);
    if (wanted === 0) return [];
    return this.#withQuery(checked, wanted * 8, (address, heap) => {
      let entries = 0;
      let first = 0;
      for (const chunk of this.#chunks) {
        entries = this.#engine.kernels.f32_nearest(
          heap,
          entries,
          address,
          chunk.address,
          chunk.ids.length,
          paddedLength(this.dimension),
          wanted,
          this.#rowBytes,
          first,
        );
        if (entries < 0)
          throw new Error('VectorIndex.nearest: a distance is not a number: the memory of the index was overwritten');
        first += chunk.ids.length;
      }
      const distances = this.#engine.memory.f32(heap, entries);
      const positions = this.#engine.memory.i32(heap + wanted * 4, entries);
      return Array.from(distances, (squared, i) => ({ squared, position: positions[i]! }))
        .sort((a, b) => a.squared - b.squared || a.position - b.position)
        .map(({ squared, position }) => ({ id: this.#idAt(position), distance: Math.sqrt(squared) }));
    });
  }

  /**
   * The Euclidean distance to every vector, in the order of `ids`.
   * @throws InputError where the query does not fit.
   */
  distances(query: ArrayLike<number>): Float64Array {
    this.#open('distances');
    const checked = checkedVector('VectorIndex.distances', query, this.dimension);
    const all = new Float64Array(this.size);
    const most = Math.max(0, ...this.#chunks.map(({ ids }) => ids.length));
    this.#withQuery(checked, most * 4, (address, out) => {
      let first = 0;
      for (const { address: rows, ids } of this.#chunks) {
        this.#engine.kernels.f32_squared_distances(
          out,
          address,
          rows,
          ids.length,
          paddedLength(this.dimension),
          this.#rowBytes,
        );
        this.#engine.memory.f32(out, ids.length).forEach((squared, i) => {
          all[first + i] = Math.sqrt(squared);
        });
        first += ids.length;
      }
    });
    return all;
  }

  /** Gives the memory back. Closing twice is allowed; adding or searching afterwards is an error. */
  close(): void {
    for (const chunk of this.#chunks) chunk.free();
    this.#chunks = [];
    this.#closed = true;
  }

  #open(method: string): void {
    if (this.#closed) throw new InputError(`VectorIndex.${method}: this index is closed`);
  }

  /** Runs `use` with the query in memory, padded, and `bytes` behind it. */
  #withQuery<T>(query: Float32Array, bytes: number, use: (query: number, rest: number) => T): T {
    return this.#engine.borrow(this.#rowBytes + bytes, (address) => {
      this.#engine.memory.f32(address, this.#rowBytes / 4).fill(0);
      this.#engine.memory.f32(address, query.length).set(query);
      return use(address, address + this.#rowBytes);
    });
  }

  #idAt(position: number): number {
    let row = position;
    for (const { ids } of this.#chunks) {
      if (row < ids.length) return ids[row]!;
      row -= ids.length;
    }
    throw new RangeError(`VectorIndex: no vector at position ${position}`);
  }

  /** Ids ascend within a chunk and from one to the next: both are found by halving. */
  #find(id: number): { chunk: number; row: number } | undefined {
    const chunk = lastAtMost(this.#chunks.length, (i) => this.#chunks[i]!.ids[0]!, id);
    if (chunk < 0) return undefined;
    const { ids } = this.#chunks[chunk]!;
    const row = lastAtMost(ids.length, (i) => ids[i]!, id);
    return ids[row] === id ? { chunk, row } : undefined;
  }

  /** Frees a chunk that is empty, or moves the next one into it where both together fill no more than half of one. */
  #join(at: number): void {
    const chunk = this.#chunks[at];
    const next = this.#chunks[at + 1];
    if (!chunk) return;
    if (chunk.ids.length === 0) {
      chunk.free();
      this.#chunks.splice(at, 1);
    } else if (next && (chunk.ids.length + next.ids.length) * 2 <= chunk.capacity) {
      chunk.take(next);
      next.free();
      this.#chunks.splice(at + 1, 1);
    }
  }
}

/** The last of `length` ascending values that is at most `limit`; −1 where none is. */
function lastAtMost(length: number, valueAt: (index: number) => number, limit: number): number {
  let low = -1;
  let high = length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (valueAt(middle) <= limit) low = middle;
    else high = middle;
  }
  return low;
}
