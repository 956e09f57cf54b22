/** When each part of a forward and a backward pass happens. Step i of the forward pass runs at time i. */
export interface Timeline {
  /** When outputs are read and seeds set: behind the forward pass. */
  readonly turn: number;
  /** When the forward pass of a step runs for the second time, by its index, where what it gives is not kept till then. */
  readonly again: ReadonlyMap<number, number>;
  /** When the backward pass of each step runs. */
  readonly backward: readonly number[];
  /** When gradients are read. */
  readonly end: number;
}

/** All that the backward pass reads is kept. */
export const keepAll = (steps: number): Timeline => ({
  turn: steps,
  again: new Map(),
  backward: Array.from({ length: steps }, (_, index) => 2 * steps - index),
  end: 2 * steps + 1,
});
