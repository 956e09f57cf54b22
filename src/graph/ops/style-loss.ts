import { ShapeError } from '../../core/errors.ts';
import { elementsOf, formatShape, sameShape } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Op, Site } from '../op.ts';
import {
  type Features,
  featuresOf,
  gramGradient,
  gramGradientScratch,
  gramScratch,
  matrixBytes,
} from './gram/features.ts';

export interface StyleLossAttributes {
  /** Whose factor before Σ (G − A)², with G and A divided by their own H · W. Default `'gatys'`. */
  readonly normalization?: 'gatys' | 'gatys-pytorch' | 'johnson';
}

/** With M = H · W in both images, 1 / (4 C² M²) before squares of plain Gram matrices is 1 / (4 C²) before these. */
const factors: Readonly<Record<string, (channels: number) => number>> = {
  gatys: (c) => 1 / (4 * c * c),
  'gatys-pytorch': (c) => 1 / (c * c),
  johnson: (c) => 1 / (c * c * c * c),
};

/** What stands before Σ (G − A)² of a layer of so many channels, G and A divided by their own H · W. */
export const styleFactor = (
  normalization: NonNullable<StyleLossAttributes['normalization']>,
  channels: number,
): number => factors[normalization]!(channels);

const layerOf = (site: Site<StyleLossAttributes>): Features => featuresOf('styleLoss', site.inputs[0]);
const factorOf = (site: Site<StyleLossAttributes>): number =>
  styleFactor(site.attributes.normalization ?? 'gatys', site.inputs[0]!.at(-1)!);

/** Where an image's target lies: its own, or the one of all. */
const targetOf = (site: Site<StyleLossAttributes>, targets: number, n: number): number =>
  site.inputs[1]!.length === 2 ? targets : targets + n * elementsOf(site.inputs[1]!.slice(1)) * 4;

/**
 * Style loss of one layer, L = factor · Σ_n Σ_kk′ (G[n] − A)²[k,k′], G = FᵀF / (H · W).
 * Inputs: features [N, …spatial, C]; target Gram A, [C,C] for all images or [N,C,C], divided by its own image's H · W
 * (`gram` with divisor `'positions'`). Output [1]. The forward pass leaves G − A for the backward pass: no second Gram matrix.
 */
export const styleLoss: Op<StyleLossAttributes> = {
  name: 'styleLoss',
  binary: learning,

  shape(inputs, { normalization = 'gatys' }) {
    const [features, target] = inputs;
    if (inputs.length !== 2)
      throw new ShapeError(`styleLoss: takes features and a target Gram matrix, got ${inputs.length} inputs`);
    if (!Object.hasOwn(factors, normalization))
      throw new ShapeError(
        `styleLoss: normalization must be one of ${Object.keys(factors).join(', ')}, got ${normalization}`,
      );
    const { images, channels: c } = featuresOf('styleLoss', features);
    if (!sameShape(target!, [c, c]) && !sameShape(target!, [images, c, c]))
      throw new ShapeError(
        `styleLoss: target of features ${formatShape(features!)} must be [${c},${c}] or [${images},${c},${c}], got ${formatShape(target!)}`,
      );
    return [1];
  },

  macs(site) {
    const { images, positions, channels } = layerOf(site);
    return (images * positions * channels * (channels + 1)) / 2;
  },
  scratch: (site) => matrixBytes(layerOf(site)) + gramScratch(layerOf(site)),

  forward(kernels, site, at, { memory }) {
    const f = layerOf(site);
    const { images, positions, channels } = f;
    const n2 = channels * channels;
    let sum = 0;
    for (let n = 0; n < images; n++) {
      const difference = at.state === 0 ? at.scratch : at.state + n * matrixBytes(f);
      kernels.f32_gram(
        difference,
        at.inputs[0]! + n * positions * channels * 4,
        at.scratch + matrixBytes(f),
        positions,
        channels,
        channels * 4,
        1 / positions,
      );
      kernels.f32_difference(difference, difference, targetOf(site, at.inputs[1]!, n), n2, 1);
      sum += kernels.f32_dot(difference, difference, n2);
    }
    memory.f32(at.output, 1)[0] = factorOf(site) * sum;
  },

  backward: {
    reads: (_, { inputs }) => (inputs[0] ? ['inputs'] : []),
    state: (site) => layerOf(site).images * matrixBytes(layerOf(site)),
    scratch: (site) => gramGradientScratch(layerOf(site)),

    run(kernels, site, at, { memory }) {
      const f = layerOf(site);
      const { images, positions, channels } = f;
      const scale = 2 * factorOf(site) * memory.f32(at.outputGradient, 1)[0]!;
      for (let n = 0; n < images; n++) {
        const difference = at.state + n * matrixBytes(f);
        const pixels = n * positions * channels * 4;
        if (at.inputGradients[0] !== 0)
          gramGradient(kernels, memory, f, scale / positions, {
            output: at.inputGradients[0]! + pixels,
            features: at.inputs[0]! + pixels,
            gradient: difference,
            scratch: at.backwardScratch,
          });
        if (at.inputGradients[1] === 0) continue;
        const to = targetOf(site, at.inputGradients[1]!, n);
        if (n > 0 && site.inputs[1]!.length === 2) kernels.f32_axpy(to, difference, channels * channels, -scale);
        else kernels.f32_scale(to, difference, channels * channels, -scale);
      }
    },
  },
};
