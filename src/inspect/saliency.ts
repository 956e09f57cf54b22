import type { Shape } from '../core/shape.ts';

/** For each cell the largest |value| of its channels (Simonyan et al. 2014). Values [1, …spatial, C], result […spatial]. */
export function saliency(values: Float32Array, shape: Shape): Float32Array {
  const channels = shape.at(-1)!;
  const cells = new Float32Array(values.length / channels);
  for (let i = 0; i < values.length; i++) {
    const cell = Math.floor(i / channels);
    cells[cell] = Math.max(cells[cell]!, Math.abs(values[i]!));
  }
  return cells;
}

/** Cells of one axis: `size` of them from `first`. */
export interface Span {
  readonly first: number;
  readonly size: number;
}

/**
 * Where most of a projection lies, a span for each spatial axis: from both ends of an axis (1 − share) / 2 of Σ|value| is
 * left out. A unit that sees all of a picture is driven by the middle of what it sees (Luo et al. 2016): this is how much.
 * All of the axis where every value is 0.
 */
export function effectiveField(values: Float32Array, shape: Shape, share = 0.9): Span[] {
  const sizes = shape.slice(1, -1);
  const sums = sizes.map((size) => new Float64Array(size));
  const channels = shape.at(-1)!;
  for (let i = 0; i < values.length; i++) {
    let rest = Math.floor(i / channels);
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      const cell = rest % sizes[axis]!;
      sums[axis]![cell] = sums[axis]![cell]! + Math.abs(values[i]!);
      rest = (rest - cell) / sizes[axis]!;
    }
  }
  return sums.map((line) => spanOf(line, (1 - share) / 2));
}

function spanOf(line: Float64Array, out: number): Span {
  const total = line.reduce((sum, value) => sum + value, 0);
  if (!(total > 0)) return { first: 0, size: line.length };
  let first = 0;
  for (let before = line[0]!; before <= total * out; before += line[first]!) first++;
  let last = line.length - 1;
  for (let behind = line[last]!; behind <= total * out && last > first; behind += line[last]!) last--;
  return { first, size: last - first + 1 };
}
