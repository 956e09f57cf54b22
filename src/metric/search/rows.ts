import type { Engine } from '../../runtime/engine.ts';
import { Chunk } from './chunk.ts';

/** Memory grows by an eighth of what is there, at least so much (2048 vectors of 128) and at most so much. */
const LEAST_BYTES = 1 << 20;
/** A search through a million vectors in stretches of this size takes 5.8 ms, of one mebibyte 7.5 ms. */
const MOST_BYTES = 8 << 20;

/**
 * Vectors in wasm memory under ids that count up in the order they came and are never given again. Memory grows an
 * eighth at a time, and is given back as rows are removed.
 */
export class Rows {
  readonly #engine: Engine;
  readonly #rowBytes: readonly number[];
  #chunks: Chunk[] = [];
  #nextId = 0;

  /** @param rowBytes bytes of a row in each column of a chunk */
  constructor(engine: Engine, rowBytes: readonly number[]) {
    this.#engine = engine;
    this.#rowBytes = rowBytes;
  }

  get chunks(): readonly Chunk[] {
    return this.#chunks;
  }

  get size(): number {
    return this.#chunks.reduce((sum, { ids }) => sum + ids.length, 0);
  }

  get ids(): number[] {
    return this.#chunks.flatMap(({ ids }) => ids);
  }

  /** Appends a vector; returns its id and where it is. @throws OutOfMemoryError, after which all is as before. */
  add(vector: Float32Array): { id: number; chunk: Chunk; row: number } {
    let chunk = this.#chunks.at(-1);
    if (!chunk || chunk.isFull) {
      const eighth = (this.size * this.#rowBytes[0]!) / 8;
      chunk = new Chunk(this.#engine, this.#rowBytes, Math.min(Math.max(eighth, LEAST_BYTES), MOST_BYTES));
      this.#chunks.push(chunk);
    }
    chunk.push(this.#nextId, vector);
    return { id: this.#nextId++, chunk, row: chunk.ids.length - 1 };
  }

  /** A copy of the first `length` floats of a row; undefined where that id is not here. */
  read(id: number, length: number): Float32Array | undefined {
    const place = this.#find(id);
    return place && this.#chunks[place.chunk]!.read(place.row, length);
  }

  /** False where that id is not here. */
  remove(id: number): boolean {
    const place = this.#find(id);
    if (!place) return false;
    this.#chunks[place.chunk]!.remove(place.row);
    this.#join(place.chunk);
    this.#join(place.chunk - 1);
    return true;
  }

  idAt(position: number): number {
    let row = position;
    for (const { ids } of this.#chunks) {
      if (row < ids.length) return ids[row]!;
      row -= ids.length;
    }
    throw new RangeError(`VectorIndex: no vector at position ${position}`);
  }

  clear(): void {
    for (const chunk of this.#chunks) chunk.free();
    this.#chunks = [];
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
