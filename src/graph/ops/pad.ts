import { ShapeError } from '../../core/errors.ts';
import { once } from '../../core/once.ts';
import { elementsOf, formatShape } from '../../core/shape.ts';
import type { Op, Site } from '../op.ts';

export interface PadAttributes {
  /** Cells before the values, one number an axis. */
  readonly before: readonly number[];
  /** Cells after the values, one number an axis. */
  readonly after: readonly number[];
  /**
   * `'zero'`: zeros. `'reflect'`: the values mirrored at the first and the last one, which are not repeated, so fewer cells
   * than the axis has (tfjs's and PyTorch's `reflect`). Default: `'zero'`.
   */
  readonly mode?: 'zero' | 'reflect';
}

const AXES = 5;
const modes = ['zero', 'reflect'];

/** Padding along one axis: what kernels are told. */
type Pass = readonly [outer: number, size: number, inner: number, before: number, after: number];

/** One pass for each padded axis, the innermost first; and the values that lie between two passes, in two places by turns. */
const passesOf = once(({ inputs, attributes }: Site<PadAttributes>) => {
  const shape = [...inputs[0]!];
  const passes: Pass[] = [];
  const between: number[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const [before, after] = [attributes.before[axis]!, attributes.after[axis]!];
    const copies = axis === 0 && passes.length === 0;
    if (before + after === 0 && !copies) continue;
    passes.push([elementsOf(shape.slice(0, axis)), shape[axis]!, elementsOf(shape.slice(axis + 1)), before, after]);
    shape[axis] = before + shape[axis]! + after;
    between.push(elementsOf(shape) * 4);
  }
  between.pop();
  const largest = (turn: number): number => Math.max(0, ...between.filter((_, i) => i % 2 === turn));
  return { passes, places: [0, largest(0)] as const, bytes: largest(0) + largest(1) };
});

/** Where each pass reads and writes, from what lies in front of all to what lies behind: `scratch` holds what is between. */
function ends(site: Site<PadAttributes>, front: number, behind: number, scratch: number) {
  const { passes, places } = passesOf(site);
  const reflect = site.attributes.mode === 'reflect';
  return passes.map((pass, i) => ({
    front: i === 0 ? front : scratch + places[(i - 1) % 2]!,
    behind: i === passes.length - 1 ? behind : scratch + places[i % 2]!,
    sizes: [...pass, reflect] as const,
  }));
}

/**
 * Cells around a tensor of up to five axes: the size of axis i becomes before[i] + size + after[i].
 */
export const pad: Op<PadAttributes> = {
  name: 'pad',
  shape(inputs, { before, after, mode = 'zero' }) {
    const x = inputs[0];
    if (inputs.length !== 1 || !x || x.length < 1 || x.length > AXES)
      throw new ShapeError(
        `pad: input must be one tensor of 1 to ${AXES} axes, got ${inputs.map(formatShape).join(' ')}`,
      );
    if (!modes.includes(mode)) throw new ShapeError(`pad: mode must be one of ${modes.join(', ')}, got ${mode}`);
    for (const [what, cells] of Object.entries({ before, after })) {
      if (cells?.length !== x.length || !cells.every((count) => Number.isInteger(count) && count >= 0))
        throw new ShapeError(
          `pad: ${what} must be a whole number of at least 0 for each axis of ${formatShape(x)}, got ${JSON.stringify(cells)}`,
        );
      if (mode === 'reflect' && cells.some((count, axis) => count >= x[axis]!))
        throw new ShapeError(
          `pad: ${what} must be less than each size of ${formatShape(x)} to reflect, got ${JSON.stringify(cells)}`,
        );
    }
    return x.map((size, i) => before[i]! + size + after[i]!);
  },

  seen: ({ output, attributes: { before } }) =>
    before.slice(1, output.length - 1).map((cells) => ({ stride: 1, first: -cells, last: -cells })),
  scratch: (site) => passesOf(site).bytes,

  forward(kernels, site, at) {
    for (const { front, behind, sizes } of ends(site, at.inputs[0]!, at.output, at.scratch))
      kernels.f32_pad(behind, front, ...sizes);
  },

  backward: {
    scratch: (site) => passesOf(site).bytes,
    run(kernels, site, at) {
      const passes = ends(site, at.inputGradients[0]!, at.outputGradient, at.backwardScratch);
      for (const { front, behind, sizes } of passes.reverse()) kernels.f32_pad_gradient(front, behind, ...sizes);
    },
  },
};
