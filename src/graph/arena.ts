const ALIGNMENT = 64;
const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/** A block of the workspace, needed from step `from` to step `to`, both included. */
export interface Lifetime {
  readonly bytes: number;
  readonly from: number;
  to: number;
}

/**
 * Places blocks so that no two that live at the same time overlap: largest first, each at the lowest offset that is free
 * during its life. Returns their offsets and the size of the whole.
 */
export function placeBlocks(blocks: readonly Lifetime[]): { offsets: number[]; bytes: number } {
  const offsets = new Array<number>(blocks.length).fill(0);
  const placed: { from: number; to: number; start: number; end: number }[] = [];
  let bytes = 0;
  const order = blocks.map((_, index) => index).sort((a, b) => blocks[b]!.bytes - blocks[a]!.bytes || a - b);
  for (const index of order) {
    const block = blocks[index]!;
    const size = aligned(block.bytes);
    let start = 0;
    for (const other of placed) {
      if (other.from > block.to || other.to < block.from) continue;
      if (start + size <= other.start) break;
      start = Math.max(start, other.end);
    }
    offsets[index] = start;
    placed.push({ from: block.from, to: block.to, start, end: start + size });
    placed.sort((a, b) => a.start - b.start);
    bytes = Math.max(bytes, start + size);
  }
  return { offsets, bytes };
}

/** The workspace of a plan: its blocks, and everybody who wants to know where a block lies during a run. */
export class Arena {
  readonly #blocks: Lifetime[] = [];
  readonly #users: { readonly block: Lifetime; readonly tell: (address: number) => void; offset: number }[] = [];
  #base = -1;

  /** A new block that lives from one step to another. */
  block(bytes: number, from: number, to: number): Lifetime {
    const block = { bytes, from, to };
    this.#blocks.push(block);
    return block;
  }

  /** `tell` hears the address of `block` whenever the workspace has moved. */
  use(block: Lifetime, tell: (address: number) => void): void {
    this.#users.push({ block, tell, offset: 0 });
  }

  /** Fixes the offset of every block; returns the bytes of the workspace. */
  place(): number {
    const { offsets, bytes } = placeBlocks(this.#blocks);
    const offsetOf = new Map(this.#blocks.map((block, index) => [block, offsets[index]!]));
    for (const user of this.#users) user.offset = offsetOf.get(user.block)!;
    return bytes;
  }

  /** Tells every user its address in a workspace that starts at `base`. */
  bind(base: number): void {
    if (base === this.#base) return;
    for (const { tell, offset } of this.#users) tell(base + offset);
    this.#base = base;
  }
}
