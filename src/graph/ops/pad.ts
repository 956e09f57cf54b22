import { ShapeError } from '../../core/errors.ts';
import { once } from '../../core/once.ts';
import { formatShape } from '../../core/shape.ts';
import type { Op, Site } from '../op.ts';

export interface PadAttributes {
  /** Zeros before the values, one number an axis. */
  readonly before: readonly number[];
  /** Zeros after the values, one number an axis. */
  readonly after: readonly number[];
}

type Axis = readonly [size: number, before: number, after: number];
const AXES = 4;

/** The four axes that the kernel walks: unpadded axes at the end are one run with the axis before them. */
const axesOf = once(({ inputs, attributes }: Site<PadAttributes>): readonly Axis[] => {
  const axes = inputs[0]!.map((size, i): Axis => [size, attributes.before[i]!, attributes.after[i]!]);
  while (axes.length > 1 && axes.at(-1)![1] + axes.at(-1)![2] === 0) {
    const [[run], [size, before, after]] = [axes.pop()!, axes.pop()!];
    axes.push([size * run, before * run, after * run]);
  }
  return [...Array.from({ length: AXES - axes.length }, (): Axis => [1, 0, 0]), ...axes];
});

/** Zeros around a tensor of up to four axes: the size of axis i becomes before[i] + size + after[i]. */
export const pad: Op<PadAttributes> = {
  name: 'pad',
  shape(inputs, { before, after }) {
    const x = inputs[0];
    if (inputs.length !== 1 || !x || x.length < 1 || x.length > AXES)
      throw new ShapeError(
        `pad: input must be one tensor of 1 to ${AXES} axes, got ${inputs.map(formatShape).join(' ')}`,
      );
    for (const [what, cells] of Object.entries({ before, after }))
      if (cells?.length !== x.length || !cells.every((count) => Number.isInteger(count) && count >= 0))
        throw new ShapeError(
          `pad: ${what} must be a whole number of at least 0 for each axis of ${formatShape(x)}, got ${JSON.stringify(cells)}`,
        );
    return x.map((size, i) => before[i]! + size + after[i]!);
  },
  forward(kernels, site, at) {
    const [[d0, b0, a0], [d1, b1, a1], [d2, b2, a2], [d3, b3, a3]] = axesOf(site) as [Axis, Axis, Axis, Axis];
    kernels.f32_pad(at.output, at.inputs[0]!, d0, d1, d2, d3, b0, a0, b1, a1, b2, a2, b3, a3);
  },
};
