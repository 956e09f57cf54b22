import { elementsOf, type Shape } from '../core/shape.ts';

/** Calls back with the start of each line along `axis` of [N, …spatial, C] and the step from cell to cell. */
function eachLine(shape: Shape, axis: number, line: (start: number, step: number) => void): void {
  const step = elementsOf(shape.slice(axis + 1));
  const block = step * shape[axis]!;
  for (let outer = 0; outer < elementsOf(shape); outer += block)
    for (let inner = 0; inner < step; inner++) line(outer + inner, step);
}

/** Values shifted along each spatial axis; what leaves at one end enters at the other. */
export function rolled(values: Float32Array, shape: Shape, by: readonly number[]): Float32Array {
  let from = values;
  for (const [spatial, shift] of by.entries()) {
    if (shift === 0) continue;
    const size = shape[spatial + 1]!;
    const first = ((shift % size) + size) % size;
    const to = new Float32Array(from.length);
    eachLine(shape, spatial + 1, (start, step) => {
      for (let i = 0; i < size; i++) to[start + ((i + first) % size) * step] = from[start + i * step]!;
    });
    from = to;
  }
  return from;
}

/** Values blurred by [1, 2, 1] / 4 along each spatial axis; edges repeat. In a new array. */
export function smoothed(values: Float32Array, shape: Shape): Float32Array {
  let from = values;
  for (let axis = 1; axis < shape.length - 1; axis++) {
    const last = shape[axis]! - 1;
    const to = new Float32Array(from.length);
    eachLine(shape, axis, (start, step) => {
      for (let i = 0; i <= last; i++) {
        const before = from[start + Math.max(0, i - 1) * step]!;
        const behind = from[start + Math.min(last, i + 1) * step]!;
        to[start + i * step] = (before + 2 * from[start + i * step]! + behind) / 4;
      }
    });
    from = to;
  }
  return from;
}
