import type { Engine } from '../runtime/engine.ts';
import type { Region } from '../runtime/regions.ts';

/** A stretch of a gallery in wasm memory: rows of `rowBytes` with their ids, in the order they came. */
export class Chunk {
  readonly ids: number[] = [];
  readonly capacity: number;
  readonly #engine: Engine;
  readonly #region: Region;
  readonly #rowBytes: number;

  /** @throws OutOfMemoryError */
  constructor(engine: Engine, rowBytes: number, bytes: number) {
    this.capacity = Math.max(1, Math.floor(bytes / rowBytes));
    this.#engine = engine;
    this.#rowBytes = rowBytes;
    this.#region = engine.regions.allocate(this.capacity * rowBytes);
  }

  get address(): number {
    return this.#region.address;
  }

  get isFull(): boolean {
    return this.ids.length === this.capacity;
  }

  /** Appends a row, zero behind the vector. */
  push(id: number, vector: Float32Array): void {
    const row = this.#row(this.ids.length);
    this.#engine.memory.f32(row, this.#rowBytes / 4).fill(0);
    this.#engine.memory.f32(row, vector.length).set(vector);
    this.ids.push(id);
  }

  /** A copy of a row's first `length` floats. */
  read(at: number, length: number): Float32Array {
    return this.#engine.memory.f32(this.#row(at), length).slice();
  }

  /** Takes a row out; those behind it move up. */
  remove(at: number): void {
    const memory = this.#engine.memory.u8(this.address, this.ids.length * this.#rowBytes);
    memory.copyWithin(at * this.#rowBytes, (at + 1) * this.#rowBytes);
    this.ids.splice(at, 1);
  }

  /** Appends every row of the chunk that comes next. */
  take(next: Chunk): void {
    const rows = this.#engine.memory.u8(next.address, next.ids.length * this.#rowBytes);
    this.#engine.memory.u8(this.#row(this.ids.length), rows.length).set(rows);
    this.ids.push(...next.ids);
  }

  free(): void {
    this.#engine.regions.free(this.#region);
  }

  #row(at: number): number {
    return this.address + at * this.#rowBytes;
  }
}
