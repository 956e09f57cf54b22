import { ShapeError } from '../../core/errors.ts';
import { once } from '../../core/once.ts';
import { formatShape } from '../../core/shape.ts';
import type { Op, Site, WeightForm } from '../op.ts';
import { identity } from '../op.ts';
import type { Algorithm } from './conv/algorithm.ts';
import { chooseAlgorithm } from './conv/choose.ts';
import { chooseFilterGradient } from './conv/filter-gradient.ts';
import { type ConvAttributes, type Geometry, geometryOf, macsOf, outputPixels, outputShape } from './conv/geometry.ts';
import { chooseInputGradient } from './conv/input-gradient.ts';

type ConvSite = Site<ConvAttributes>;

const geometry = once(
  ({ inputs, parameters, attributes }: ConvSite): Geometry =>
    geometryOf('conv', inputs[0]!, parameters.filters!, attributes),
);
const algorithm = once((site: ConvSite): Algorithm => chooseAlgorithm(geometry(site)));
const inputGradient = once((site: ConvSite): Algorithm => chooseInputGradient(geometry(site)));

const formOf = (choose: (site: ConvSite) => Algorithm): WeightForm<ConvAttributes> => ({
  packedBytes: (site) => choose(site).packedBytes(geometry(site)),
  packScratch: (site) => choose(site).packScratch(geometry(site)),
  pack: (kernels, site, packed, filters, scratch) =>
    choose(site).pack(kernels, geometry(site), packed, filters, scratch),
});

/** Bytes of a bias of zeros, for a gradient that has none. */
const zeroBias = (site: ConvSite): number => (geometry(site).c + 8) * 4;

/**
 * Convolution (cross-correlation, as networks mean it) of rank 1, 2 or 3, channels last:
 * y[b, i, n] = Σ_p,c x[b, i·stride + p·dilation − before, c] · filters[p, c, n] + bias[n], i and p over 1 to 3 axes.
 * Input [N,W,C], [N,H,W,C] or [N,D,H,W,C]; filters [kw,C,Co], [kh,kw,C,Co] or [kd,kh,kw,C,Co], with C / groups in place
 * of C; bias [Co].
 *
 * Kernels: `gemm` (a window of one cell) · `winograd_4x4` and `winograd_2x2` (3×3, stride 1, channels in fours, outputs in
 * eights) · `direct` for all else.
 */
export const conv: Op<ConvAttributes> = {
  name: 'conv',
  roles: ['filters', 'bias?'],
  activates: true,

  shape(inputs, attributes, { filters, bias }) {
    const x = inputs[0];
    if (inputs.length !== 1 || !x || x.length < 3 || x.length > 5)
      throw new ShapeError(
        `conv: input must be one [N,W,C], [N,H,W,C] or [N,D,H,W,C], got ${inputs.map(formatShape).join(' ')}`,
      );
    const g = geometryOf('conv', x, filters!, attributes);
    if (bias && (bias.length !== 1 || bias[0] !== g.n))
      throw new ShapeError(`conv: bias must be [${g.n}], got ${formatShape(bias)}`);
    return outputShape(g, x.length - 2);
  },
  kernel: (site) => algorithm(site).name,
  macs: (site) => macsOf(geometry(site)),
  scratch: (site) => algorithm(site).scratch(geometry(site)),
  weights: { channels: (site) => geometry(site).n, ...formOf(algorithm) },

  forward(kernels, site, at, memory) {
    const { output, weights, bias, scratch } = at;
    const addresses = { input: at.inputs[0]!, output, weights, bias, scratch };
    algorithm(site).run({ kernels, memory }, geometry(site), addresses, site.activation);
  },

  backward: {
    reads: (_, wanted) => (wanted.parameters.filters ? ['inputs'] : []),
    weights: formOf(inputGradient),
    scratch(site, wanted) {
      const g = geometry(site);
      const forInput = wanted.inputs[0] ? zeroBias(site) + inputGradient(site).scratch(g) : 0;
      const forFilters = wanted.parameters.filters ? chooseFilterGradient(g).scratch(g) : 0;
      return Math.max(forInput, forFilters);
    },
    run(kernels, site, at, memory) {
      const g = geometry(site);
      const { outputGradient, backwardWeights, backwardScratch } = at;
      const [output] = at.inputGradients;
      const { filters, bias } = at.parameterGradients;
      if (output) {
        memory.u8(backwardScratch, zeroBias(site)).fill(0);
        const scratch = backwardScratch + zeroBias(site);
        const addresses = { input: outputGradient, output, weights: backwardWeights, bias: backwardScratch, scratch };
        inputGradient(site).run({ kernels, memory }, g, addresses, identity);
      }
      if (filters) {
        const addresses = { input: at.inputs[0]!, gradient: outputGradient, output: filters, scratch: backwardScratch };
        chooseFilterGradient(g).run({ kernels, memory }, g, addresses);
      }
      if (bias) kernels.f32_channel_sum(bias, outputGradient, g.batch * outputPixels(g), g.n);
    },
  },
};
