import type { Engine } from '../../runtime/engine.ts';
import type { Region } from '../../runtime/regions.ts';

/** A stretch of a gallery in wasm memory: rows with their ids, in the order they came; a row has a part in each column. */
export class Chunk {
  readonly ids: number[] = [];
  readonly capacity: number;
  /** The most that coding lost of a row that is or was here; see codes.ts. */
  lost = 0;
  readonly #engine: Engine;
  readonly #columns: { readonly rowBytes: number; readonly region: Region }[] = [];

  /**
   * @param rowBytes bytes of a row in each column; the first, of floats, holds the vectors
   * @throws OutOfMemoryError, after which nothing is held
   */
  constructor(engine: Engine, rowBytes: readonly number[], bytes: number) {
    this.capacity = Math.max(1, Math.floor(bytes / rowBytes[0]!));
    this.#engine = engine;
    try {
      for (const size of rowBytes)
        this.#columns.push({ rowBytes: size, region: engine.regions.allocate(this.capacity * size) });
    } catch (error) {
      this.free();
      throw error;
    }
  }

  get isFull(): boolean {
    return this.ids.length === this.capacity;
  }

  /** Where a row lies in a column. */
  address(row = 0, column = 0): number {
    const { rowBytes, region } = this.#columns[column]!;
    return region.address + row * rowBytes;
  }

  /** Appends a row, zero behind the vector; what it has in other columns is the caller's to write. */
  push(id: number, vector: Float32Array): void {
    const address = this.address(this.ids.length);
    this.#engine.memory.f32(address, this.#columns[0]!.rowBytes / 4).fill(0);
    this.#engine.memory.f32(address, vector.length).set(vector);
    this.ids.push(id);
  }

  /** A copy of a vector of `length` floats. */
  read(row: number, length: number): Float32Array {
    return this.#engine.memory.f32(this.address(row), length).slice();
  }

  /** Takes a row out; those behind it move up. */
  remove(row: number): void {
    for (const { rowBytes, region } of this.#columns) {
      const rows = this.#engine.memory.u8(region.address, this.ids.length * rowBytes);
      rows.copyWithin(row * rowBytes, (row + 1) * rowBytes);
    }
    this.ids.splice(row, 1);
  }

  /** Appends every row of the chunk that comes next. */
  take(next: Chunk): void {
    for (const [column, { rowBytes }] of this.#columns.entries()) {
      const rows = this.#engine.memory.u8(next.address(0, column), next.ids.length * rowBytes);
      this.#engine.memory.u8(this.address(this.ids.length, column), rows.length).set(rows);
    }
    this.ids.push(...next.ids);
    this.lost = Math.max(this.lost, next.lost);
  }

  free(): void {
    for (const { region } of this.#columns) this.#engine.regions.free(region);
    this.#columns.length = 0;
  }
}
