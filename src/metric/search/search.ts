import { InputError } from '../../core/errors.ts';
import { defaultEngine, type Engine } from '../../runtime/engine.ts';
import { checkedVector, paddedBytes, paddedLength } from '../vector.ts';
import { codeRow, codesOf, type Layout, MOST_CODES, TERM_BYTES } from './codes.ts';
import { Rows } from './rows.ts';
import { type Found, scanOne, scanSeveral } from './scan.ts';

/** A vector found in an index. */
export interface Neighbour {
  readonly id: number;
  /** Euclidean, 0 and up. */
  readonly distance: number;
}

export interface VectorIndexOptions {
  /**
   * What a query reads. `'int8'`: codes of one byte a number that lie beside the vectors, and of the vectors only those that
   * the codes cannot rule out: a quarter more memory, two to three times faster. `'f32'`: every vector. Results are the same
   * to the bit. Default: `'int8'`, up to a dimension of 65536.
   */
  readonly storage?: 'f32' | 'int8';
  readonly engine?: Engine;
}

/** From so many queries on, one product of matrices is faster than a pass for each. */
const SEVERAL = { f32: 4, int8: 16 };

/**
 * Vectors of one dimension in wasm memory, searched exactly: no answer differs from computing every distance by
 * `euclidean`, whatever the storage and however many queries come together. What is not measured is ruled out by a bound
 * that holds for every vector, never by a guess.
 *
 * Ids count up in the order vectors are added and are never given again. Memory grows an eighth at a time and belongs to
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
  readonly storage: 'f32' | 'int8';
  readonly #engine: Engine;
  readonly #layout: Layout;
  readonly #rows: Rows;
  #closed = false;

  constructor(dimension: number, options: VectorIndexOptions = {}) {
    const { storage = dimension > MOST_CODES ? 'f32' : 'int8', engine = defaultEngine() } = options;
    if (!Number.isInteger(dimension) || dimension < 1)
      throw new InputError(`VectorIndex: dimension must be a whole number of at least 1, got ${dimension}`);
    if (storage !== 'f32' && storage !== 'int8')
      throw new InputError(`VectorIndex: storage must be 'f32' or 'int8', got ${JSON.stringify(storage)}`);
    if (storage === 'int8' && dimension > MOST_CODES)
      throw new InputError(`VectorIndex: int8 storage takes a dimension of at most ${MOST_CODES}, got ${dimension}`);
    this.dimension = dimension;
    this.storage = storage;
    this.#engine = engine;
    const [rowBytes, codes] = [paddedBytes(dimension), storage === 'int8' ? codesOf(dimension) : 0];
    this.#layout = { length: paddedLength(dimension), rowBytes, codes };
    this.#rows = new Rows(engine, codes > 0 ? [rowBytes, codes, TERM_BYTES] : [rowBytes]);
  }

  /** How many vectors are in it. */
  get size(): number {
    return this.#rows.size;
  }

  /** The ids in it, ascending: the order of `distances`. */
  get ids(): number[] {
    return this.#rows.ids;
  }

  /**
   * Adds a vector and returns its id.
   * @throws InputError unless it has as many finite numbers as the index has dimensions; OutOfMemoryError, after which the
   * index is as before.
   */
  add(vector: ArrayLike<number>): number {
    this.#open('add');
    const { id, chunk, row } = this.#rows.add(checkedVector('VectorIndex.add', vector, this.dimension));
    if (this.#layout.codes > 0) codeRow(this.#engine, chunk, row, this.#layout);
    return id;
  }

  /** A copy of a vector; undefined where that id is not in the index. */
  get(id: number): Float32Array | undefined {
    return this.#rows.read(id, this.dimension);
  }

  /** Takes a vector out; false where that id is not in the index. The others keep their ids and their order. */
  remove(id: number): boolean {
    return this.#rows.remove(id);
  }

  /**
   * The k nearest vectors of a query, or of each of several queries, nearest first; of equal distances the one added
   * earlier. Fewer where the index holds fewer.
   * @throws InputError where a query does not fit, there is none, or k is not a whole number of at least 1.
   */
  nearest(query: ArrayLike<number>, k: number): Neighbour[];
  nearest(queries: readonly ArrayLike<number>[], k: number): Neighbour[][];
  nearest(queries: ArrayLike<number> | readonly ArrayLike<number>[], k: number): Neighbour[] | Neighbour[][] {
    this.#open('nearest');
    if (!Number.isInteger(k) || k < 1)
      throw new InputError(`VectorIndex.nearest: k must be a whole number of at least 1, got ${k}`);
    const several = typeof queries[0] === 'object';
    const checked = (several ? (queries as readonly ArrayLike<number>[]) : [queries as ArrayLike<number>]).map(
      (query) => checkedVector('VectorIndex.nearest', query, this.dimension),
    );
    const found = this.#search(checked, Math.min(k, this.size)).map((one) =>
      one.map(({ squared, position }) => ({ id: this.#rows.idAt(position), distance: Math.sqrt(squared) })),
    );
    return several ? found : found[0]!;
  }

  /**
   * The Euclidean distance to every vector, in the order of `ids`.
   * @throws InputError where the query does not fit.
   */
  distances(query: ArrayLike<number>): Float64Array {
    this.#open('distances');
    const checked = checkedVector('VectorIndex.distances', query, this.dimension);
    const { rowBytes, length } = this.#layout;
    const all = new Float64Array(this.size);
    const most = Math.max(0, ...this.#rows.chunks.map(({ ids }) => ids.length));
    this.#engine.borrow(rowBytes + most * 4, (address) => {
      const { kernels, memory } = this.#engine;
      const out = address + rowBytes;
      memory.f32(address, length).fill(0);
      memory.f32(address, checked.length).set(checked);
      let first = 0;
      for (const chunk of this.#rows.chunks) {
        const count = chunk.ids.length;
        kernels.f32_squared_distances(out, address, chunk.address(), count, length, rowBytes);
        memory.f32(out, count).forEach((squared, i) => {
          all[first + i] = Math.sqrt(squared);
        });
        first += count;
      }
    });
    return all;
  }

  /** Gives the memory back. Closing twice is allowed; adding or searching afterwards is an error. */
  close(): void {
    this.#rows.clear();
    this.#closed = true;
  }

  #search(queries: readonly Float32Array[], k: number): Found[] {
    if (k === 0) return queries.map(() => []);
    const { chunks } = this.#rows;
    return queries.length >= SEVERAL[this.storage]
      ? scanSeveral(this.#engine, chunks, queries, k, this.#layout)
      : queries.map((query) => scanOne(this.#engine, chunks, query, k, this.#layout));
  }

  #open(method: string): void {
    if (this.#closed) throw new InputError(`VectorIndex.${method}: this index is closed`);
  }
}
