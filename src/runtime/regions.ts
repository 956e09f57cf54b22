import type { Memory } from './memory.ts';

const ALIGNMENT = 64;
/** The first bytes stay unused, so that address 0 is never anybody's. */
const FIRST = 1024;

/** A stretch of wasm memory that somebody owns until it is freed. */
export interface Region {
  readonly address: number;
  readonly bytes: number;
}

/** First-fit allocator over one Memory, for what outlives a run: weights, galleries, photos, the workspace. */
export class Regions {
  readonly #memory: Memory;
  /** Free stretches below `#top`, by address, never touching one another. */
  readonly #free: { address: number; bytes: number }[] = [];
  readonly #used = new Map<number, number>();
  #top = FIRST;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** Bytes owned at the moment. */
  get usedBytes(): number {
    let sum = 0;
    for (const bytes of this.#used.values()) sum += bytes;
    return sum;
  }

  /** @throws OutOfMemoryError */
  allocate(bytes: number): Region {
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
    let address = this.#top;
    const hole = this.#free.find((stretch) => stretch.bytes >= size);
    if (hole) {
      address = hole.address;
      hole.address += size;
      hole.bytes -= size;
      if (hole.bytes === 0) this.#free.splice(this.#free.indexOf(hole), 1);
    } else {
      const last = this.#free.at(-1);
      const joins = last !== undefined && last.address + last.bytes === this.#top;
      if (joins) address = last.address;
      this.#memory.ensure(address + size);
      if (joins) this.#free.pop();
      this.#top = address + size;
    }
    this.#used.set(address, size);
    return { address, bytes: size };
  }

  free(region: Region): void {
    const bytes = this.#used.get(region.address);
    if (bytes === undefined) throw new RangeError(`regions: nothing is allocated at ${region.address}`);
    this.#used.delete(region.address);
    const after = this.#free.findIndex((stretch) => stretch.address > region.address);
    const at = after < 0 ? this.#free.length : after;
    this.#free.splice(at, 0, { address: region.address, bytes });
    this.#join(at);
    this.#join(at - 1);
  }

  #join(index: number): void {
    const a = this.#free[index];
    const b = this.#free[index + 1];
    if (!a || !b || a.address + a.bytes !== b.address) return;
    a.bytes += b.bytes;
    this.#free.splice(index + 1, 1);
  }
}
