/** Halvings of the step. */
const LEVELS = 8;
/** The loss changes by about this share of itself at the first step; no value moves by more than this share of the largest. */
const FIRST = 1 / 8;
const MOST = 1 / 16;
/** The step at which a loss without a slope is looked at. */
const LEVEL_OF_FLAT = 4;
/** Moves by some last places of the largest value: what the loss makes of them is its noise. */
const TINY = 2 ** -20;
const TINY_MOVES = 3;
/** Half a unit in the last place of a float32 number, as a share of it. */
const ROUNDING = 2 ** -24;

export interface SlopeRatio {
  /** What the loss changes by over what the gradient says, as the step goes to 0. */
  readonly ratio: number;
  readonly resolution: number;
}

const largest = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/**
 * How a loss changes along a direction, over what its gradient says. Steps are those that float32 values really make; the
 * ratio is even in the step, so each halving takes off one more power of its square (Ridders 1982, as in Numerical Recipes
 * §5.7). The values are back where they were afterwards.
 */
export function slopeRatio(
  values: Float32Array,
  direction: Float32Array,
  gradient: Float32Array,
  loss: number,
  lossAt: () => number,
): SlopeRatio {
  const start = values.slice();
  const slope = direction.reduce((sum, d, i) => sum + d * gradient[i]!, 0);
  const reach = (Math.max(largest(values), 1e-3) * MOST) / largest(direction);
  const first = slope > 0 ? Math.min(reach, (FIRST * Math.max(Math.abs(loss), Number.MIN_VALUE)) / slope) : reach;
  const lossBeyond = (step: number): number => {
    values.set(start.map((value, i) => value + step * direction[i]!));
    return lossAt();
  };
  const tiny = (TINY * reach) / MOST;
  let noise = Math.abs(loss) * ROUNDING;
  for (let move = 1; move <= TINY_MOVES; move++) noise = Math.max(noise, Math.abs(lossBeyond(move * tiny) - loss));

  const compare = (step: number): { change: number; expected: number } => {
    let expected = 0;
    for (const [i, value] of start.entries())
      expected +=
        (Math.fround(value + step * direction[i]!) - Math.fround(value - step * direction[i]!)) * gradient[i]!;
    return { change: lossBeyond(step) - lossBeyond(-step), expected };
  };
  if (slope === 0) {
    const { change } = compare(first / 2 ** LEVEL_OF_FLAT);
    values.set(start);
    return { ratio: 1 + change / noise, resolution: 1 };
  }

  let best: SlopeRatio = { ratio: Number.NaN, resolution: Number.POSITIVE_INFINITY };
  let previous: number[] = [];
  for (let level = 0; level < LEVELS; level++) {
    const { change, expected } = compare(first / 2 ** level);
    const row = [change / expected];
    for (const [order, before] of previous.entries()) {
      const power = 4 ** (order + 1);
      const now = row[order]!;
      const better = (power * now - before) / (power - 1);
      row.push(better);
      const resolution = Math.max(noise / Math.abs(expected), Math.abs(better - now), Math.abs(better - before));
      if (resolution < best.resolution) best = { ratio: better, resolution };
    }
    previous = row;
  }
  values.set(start);
  return best;
}
