/** One place of a list: which sample, where in it, how strongly. */
export interface Place {
  readonly sample: number;
  readonly position: number;
  readonly value: number;
}

/** What a leaderboard tells of samples that come in and fall out, so that nothing is kept of the others. */
export interface Holder {
  hold(sample: number): void;
  release(sample: number): void;
}

/**
 * The `count` largest values of each of `lists` lists, each from another sample. Samples come in order; of equal values the
 * earlier one stands first. Memory is 16 bytes a place, whatever the number of samples.
 */
export class Leaderboard {
  readonly #count: number;
  readonly #values: Float64Array;
  readonly #samples: Uint32Array;
  readonly #positions: Uint32Array;
  readonly #filled: Uint32Array;

  constructor(lists: number, count: number) {
    this.#count = count;
    this.#values = new Float64Array(lists * count);
    this.#samples = new Uint32Array(lists * count);
    this.#positions = new Uint32Array(lists * count);
    this.#filled = new Uint32Array(lists);
  }

  /** Puts a sample's largest value where it belongs in a list, if it does. */
  offer(list: number, { sample, position, value }: Place, holder: Holder): void {
    const count = this.#count;
    const first = list * count;
    const filled = this.#filled[list]!;
    const values = this.#values;
    if (filled === count && !(value > values[first + count - 1]!)) return;
    let at = first + Math.min(filled, count - 1);
    if (filled === count) holder.release(this.#samples[at]!);
    else this.#filled[list] = filled + 1;
    for (; at > first && value > values[at - 1]!; at--) {
      values[at] = values[at - 1]!;
      this.#samples[at] = this.#samples[at - 1]!;
      this.#positions[at] = this.#positions[at - 1]!;
    }
    values[at] = value;
    this.#samples[at] = sample;
    this.#positions[at] = position;
    holder.hold(sample);
  }

  /** The places of a list, the largest value first. */
  places(list: number): Place[] {
    return Array.from({ length: this.#filled[list]! }, (_, i) => {
      const at = list * this.#count + i;
      return { sample: this.#samples[at]!, position: this.#positions[at]!, value: this.#values[at]! };
    });
  }
}
