import { ShapeError } from '../../core/errors.ts';
import { elementsOf, formatShape, type Shape } from '../../core/shape.ts';
import type { Addresses, Op, Site } from '../op.ts';

export interface NormalizationAttributes {
  /** ε, what is added to the variance under the root. Default: 1e-5 (PyTorch's; TensorFlow's is 1e-3). */
  readonly epsilon?: number;
}

export const epsilonOf = ({ epsilon = 1e-5 }: NormalizationAttributes): number => epsilon;

/** @throws ShapeError where ε or a parameter does not fit. */
export function checkNormalization(
  op: string,
  x: Shape,
  epsilon: number | undefined,
  parameters: Readonly<Record<string, Shape>>,
): void {
  if (epsilon !== undefined && !(epsilon >= 0 && epsilon < Number.POSITIVE_INFINITY))
    throw new ShapeError(`${op}: epsilon must be a finite number of at least 0, got ${epsilon}`);
  const c = x.at(-1)!;
  for (const [role, shape] of Object.entries(parameters))
    if (shape.length !== 1 || shape[0] !== c)
      throw new ShapeError(`${op}: ${role} must be [${c}] for input ${formatShape(x)}, got ${formatShape(shape)}`);
}

/** Bytes of scratch: sums in float64, two a channel, then `vectors` of one float a channel. */
export const momentScratch = (c: number, vectors: number): number => c * (16 + 4 * vectors);

/** Where vector `i` of a scratch lies. */
export const vectorAt = (scratch: number, c: number, i: number): number => scratch + c * (16 + 4 * i);

/**
 * The passes of an op that normalises values by their own moments: y = scale · (x − μ) / √(σ² + ε) + shift, with the mean μ
 * and the biased variance σ² of each channel within each group of rows.
 * @param groupsOf how many groups a site's rows are in, one after another
 */
export function ownMoments<A extends NormalizationAttributes>(
  groupsOf: (site: Site<A>) => number,
): Required<Pick<Op<A>, 'scratch' | 'forward' | 'backward'>> {
  const sizesOf = (site: Site<A>) => {
    const [groups, c] = [groupsOf(site), site.output.at(-1)!];
    return { groups, c, rows: elementsOf(site.output) / groups / c };
  };
  /** Where a group's mean and 1 / √(σ² + ε) lie: kept for the backward pass where there is one. */
  const momentsOf = (at: Addresses, c: number, group: number) => {
    const mean = at.state === 0 ? vectorAt(at.scratch, c, 0) : at.state + group * c * 8;
    return { mean, inverse: mean + c * 4 };
  };

  return {
    scratch: (site) => momentScratch(sizesOf(site).c, 4),

    forward(kernels, site, at, { memory }) {
      const { groups, rows, c } = sizesOf(site);
      const { scale, shift } = at.parameters;
      const { slope, lo, hi } = site.activation;
      const [factors, zeros] = [vectorAt(at.scratch, c, 2), vectorAt(at.scratch, c, 3)];
      memory.f32(zeros, c).fill(0);
      for (let group = 0; group < groups; group++) {
        const offset = group * rows * c * 4;
        const x = at.inputs[0]! + offset;
        const { mean, inverse } = momentsOf(at, c, group);
        kernels.f32_channel_moments(mean, inverse, at.scratch, x, rows, c);
        kernels.f32_inverse_deviation(inverse, inverse, c, epsilonOf(site.attributes));
        if (scale) kernels.f32_multiply(factors, inverse, scale, c);
        const factor = scale ? factors : inverse;
        kernels.f32_normalize(at.output + offset, x, mean, factor, shift ?? zeros, rows, c, slope, lo, hi);
      }
    },

    backward: {
      inPlace: true,
      reads: () => ['inputs'],
      state: (site) => sizesOf(site).groups * sizesOf(site).c * 8,
      scratch: (site) => momentScratch(sizesOf(site).c, 3),
      run(kernels, site, at, { memory }) {
        const { groups, rows, c } = sizesOf(site);
        const [dx] = at.inputGradients;
        const { scale } = at.parameters;
        const { scale: dScale, shift: dShift } = at.parameterGradients;
        const { backwardScratch: scratch } = at;
        const [sums, dots, factors] = [vectorAt(scratch, c, 0), vectorAt(scratch, c, 1), vectorAt(scratch, c, 2)];
        const add = (to: number, part: number): void =>
          kernels.f32_add(to, to, part, c, 1, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
        for (const to of [dScale, dShift]) if (to) memory.f32(to, c).fill(0);
        for (let group = 0; group < groups; group++) {
          const offset = group * rows * c * 4;
          const [x, gradient] = [at.inputs[0]! + offset, at.outputGradient + offset];
          const { mean, inverse } = momentsOf(at, c, group);
          kernels.f32_normalize_sums(sums, dots, scratch, x, gradient, mean, inverse, rows, c);
          if (dScale) add(dScale, dots);
          if (dShift) add(dShift, sums);
          if (!dx) continue;
          if (scale) kernels.f32_multiply(factors, inverse, scale, c);
          const factor = scale ? factors : inverse;
          kernels.f32_normalize_gradient(dx + offset, x, gradient, mean, inverse, factor, sums, dots, rows, c);
        }
      },
    },
  };
}
