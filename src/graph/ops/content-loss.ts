import { ShapeError } from '../../core/errors.ts';
import { elementsOf, formatShape, sameShape } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Op } from '../op.ts';

export interface ContentLossAttributes {
  /** `'gatys'` (default): half the sum of squares. `'mean'`: their mean over all elements, as the ports have it. */
  readonly normalization?: 'gatys' | 'mean';
}

const factors: Readonly<Record<string, (elements: number) => number>> = {
  gatys: () => 1 / 2,
  mean: (elements) => 1 / elements,
};

/**
 * Content loss of one layer, L = ½ Σ (a − t)², or the mean of (a − t)². Inputs: features and target of one shape. Output [1].
 * The squares are summed in float64.
 */
export const contentLoss: Op<ContentLossAttributes> = {
  name: 'contentLoss',
  binary: learning,

  shape(inputs, { normalization = 'gatys' }) {
    const [a, t] = inputs;
    if (inputs.length !== 2 || !sameShape(a!, t!))
      throw new ShapeError(
        `contentLoss: takes features and a target of one shape, got ${inputs.map(formatShape).join(' and ')}`,
      );
    if (!Object.hasOwn(factors, normalization))
      throw new ShapeError(
        `contentLoss: normalization must be one of ${Object.keys(factors).join(', ')}, got ${normalization}`,
      );
    return [1];
  },

  forward(kernels, site, at, { memory }) {
    const n = elementsOf(site.inputs[0]!);
    const factor = factors[site.attributes.normalization ?? 'gatys']!(n);
    memory.f32(at.output, 1)[0] = factor * kernels.f32_squared_difference(at.inputs[0]!, at.inputs[1]!, n);
  },

  backward: {
    reads: () => ['inputs'],
    run(kernels, site, at, { memory }) {
      const n = elementsOf(site.inputs[0]!);
      const factor = factors[site.attributes.normalization ?? 'gatys']!(n);
      const scale = 2 * factor * memory.f32(at.outputGradient, 1)[0]!;
      const [a, t] = at.inputs as [number, number];
      const [da, dt] = at.inputGradients;
      if (da) kernels.f32_difference(da, a, t, n, scale);
      if (dt) kernels.f32_difference(dt, t, a, n, scale);
    },
  },
};
