import { ShapeError } from '../../core/errors.ts';
import { once } from '../../core/once.ts';
import { elementsOf, formatShape, type Shape } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Op, Site } from '../op.ts';

export interface CropAttributes {
  /** Cells that are cut off before the rest, one number an axis. */
  readonly before: readonly number[];
  /** Cells that are cut off after the rest, one number an axis. */
  readonly after: readonly number[];
}

const AXES = 5;

/** Stretches of the input that the output holds one behind the other, in bytes. */
const runsOf = once(({ inputs, output, attributes: { before } }: Site<CropAttributes>) => {
  const x = inputs[0]!;
  // From this axis on, what is kept lies together.
  const axis = Math.max(0, ...x.map((size, i) => (size === output[i] ? 0 : i)));
  const bytes = elementsOf(output.slice(axis)) * 4;
  const starts = Array.from({ length: elementsOf(output.slice(0, axis)) }, (_, run) =>
    startOf(x, output, before, axis, run),
  );
  return { bytes, starts };
});

/** Byte of the input where run number `run` starts. */
function startOf(x: Shape, output: Shape, before: readonly number[], axis: number, run: number): number {
  let start = before[axis]! * elementsOf(x.slice(axis + 1));
  let rest = run;
  for (let i = axis - 1, step = elementsOf(x.slice(axis)); i >= 0; step *= x[i]!, i--) {
    start += (before[i]! + (rest % output[i]!)) * step;
    rest = Math.floor(rest / output[i]!);
  }
  return start * 4;
}

/** What is left of a tensor of up to five axes: the size of axis i becomes size − before[i] − after[i]. */
export const crop: Op<CropAttributes> = {
  name: 'crop',
  binary: learning,
  shape(inputs, { before, after }) {
    const x = inputs[0];
    if (inputs.length !== 1 || !x || x.length < 1 || x.length > AXES)
      throw new ShapeError(
        `crop: input must be one tensor of 1 to ${AXES} axes, got ${inputs.map(formatShape).join(' ')}`,
      );
    for (const [what, cells] of Object.entries({ before, after }))
      if (cells?.length !== x.length || !cells.every((count) => Number.isInteger(count) && count >= 0))
        throw new ShapeError(
          `crop: ${what} must be a whole number of at least 0 for each axis of ${formatShape(x)}, got ${JSON.stringify(cells)}`,
        );
    const output = x.map((size, i) => size - before[i]! - after[i]!);
    if (!output.every((size) => size > 0))
      throw new ShapeError(
        `crop: something of each axis of ${formatShape(x)} must be left, got before ${JSON.stringify(before)} and after ${JSON.stringify(after)}`,
      );
    return output;
  },

  seen: ({ output, attributes: { before } }) =>
    before.slice(1, output.length - 1).map((cells) => ({ stride: 1, first: cells, last: cells })),

  forward(_, site, { inputs, output }, { memory }) {
    const { bytes, starts } = runsOf(site);
    const all = memory.u8(0, memory.bytes);
    for (const [run, start] of starts.entries())
      all.copyWithin(output + run * bytes, inputs[0]! + start, inputs[0]! + start + bytes);
  },

  backward: {
    run(_, site, { inputGradients, outputGradient }, { memory }) {
      const { bytes, starts } = runsOf(site);
      const to = inputGradients[0]!;
      memory.u8(to, elementsOf(site.inputs[0]!) * 4).fill(0);
      const all = memory.u8(0, memory.bytes);
      for (const [run, start] of starts.entries())
        all.copyWithin(to + start, outputGradient + run * bytes, outputGradient + (run + 1) * bytes);
    },
  },
};
