import { ShapeError } from '../../core/errors.ts';
import { elementsOf, formatShape } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Backward, Op } from '../op.ts';
import { checkName } from './metric/loss.ts';
import {
  checkNormalization,
  epsilonOf,
  momentScratch,
  type NormalizationAttributes,
  ownMoments,
  vectorAt,
} from './own-moments.ts';

export interface BatchNormAttributes extends NormalizationAttributes {
  /** `'frozen'`: by the parameters `mean` and `variance`. `'train'`: by those of the batch itself. */
  readonly mode: 'frozen' | 'train';
}

type Passes = Required<Pick<Op<BatchNormAttributes>, 'scratch' | 'forward' | 'backward'>>;

const train = ownMoments<BatchNormAttributes>(() => 1);

const frozen: Passes = {
  scratch: (site) => momentScratch(site.output.at(-1)!, 3),

  forward(kernels, site, at, { memory }) {
    const c = site.output.at(-1)!;
    const { mean, variance, scale, shift } = at.parameters;
    const { slope, lo, hi } = site.activation;
    const [factor, zeros] = [vectorAt(at.scratch, c, 0), vectorAt(at.scratch, c, 1)];
    kernels.f32_inverse_deviation(factor, variance!, c, epsilonOf(site.attributes));
    if (scale) kernels.f32_multiply(factor, factor, scale, c);
    memory.f32(zeros, c).fill(0);
    const rows = elementsOf(site.output) / c;
    kernels.f32_normalize(at.output, at.inputs[0]!, mean!, factor, shift ?? zeros, rows, c, slope, lo, hi);
  },

  backward: {
    reads: (_, { parameters: { scale, variance } }) => (scale || variance ? ['inputs'] : []),
    scratch: (site) => momentScratch(site.output.at(-1)!, 4),
    run(kernels, site, at) {
      const c = site.output.at(-1)!;
      const rows = elementsOf(site.output) / c;
      const { mean, variance, scale } = at.parameters;
      const { outputGradient: gradient, backwardScratch: scratch, parameterGradients: to } = at;
      const [inverse, factor, sums, dots] = [0, 1, 2, 3].map((i) => vectorAt(scratch, c, i)) as [
        number,
        number,
        number,
        number,
      ];
      kernels.f32_inverse_deviation(inverse, variance!, c, epsilonOf(site.attributes));
      kernels.f32_scale(factor, inverse, c, 1);
      if (scale) kernels.f32_multiply(factor, inverse, scale, c);
      const [dx] = at.inputGradients;
      if (to.shift || to.mean) kernels.f32_channel_sum(sums, gradient, rows, c);
      if (to.scale || to.variance)
        kernels.f32_normalize_sums(sums, dots, scratch, at.inputs[0]!, gradient, mean!, inverse, rows, c);
      if (to.scale) kernels.f32_scale(to.scale, dots, c, 1);
      if (to.shift) kernels.f32_scale(to.shift, sums, c, 1);
      if (to.mean) {
        kernels.f32_multiply(to.mean, factor, sums, c);
        kernels.f32_scale(to.mean, to.mean, c, -1);
      }
      if (to.variance) {
        kernels.f32_multiply(to.variance, factor, dots, c);
        kernels.f32_multiply(to.variance, to.variance, inverse, c);
        kernels.f32_scale(to.variance, to.variance, c, -0.5);
      }
      if (dx) kernels.f32_channel_scale(dx, gradient, factor, rows, c);
    },
  },
};

const passes = { train, frozen } as const;
const passesOf = ({ attributes }: { readonly attributes: BatchNormAttributes }): Passes => passes[attributes.mode];

const backward: Backward<BatchNormAttributes> = {
  inPlace: true,
  reads: (site, wanted) => passesOf(site).backward.reads!(site, wanted),
  state: (site) => passesOf(site).backward.state?.(site) ?? 0,
  scratch: (site, wanted, threads) => passesOf(site).backward.scratch!(site, wanted, threads),
  run(kernels, site, at, machine) {
    passesOf(site).backward.run(kernels, site, at, machine);
    if (site.attributes.mode === 'frozen') return;
    const { mean, variance } = at.parameterGradients;
    for (const unused of [mean, variance]) if (unused) machine.memory.f32(unused, site.output.at(-1)!).fill(0);
  },
};

/**
 * Batch normalisation over the last axis (Ioffe & Szegedy 2015): y[…,c] = scale[c] · (x[…,c] − μ[c]) / √(σ²[c] + ε) + shift[c].
 * Frozen: μ and σ² are the parameters `mean` and `variance`, and have gradients too. Train: they are the mean and the biased
 * variance (divided by the number of values) of all values of the channel, and the gradient goes through them; the
 * parameters `mean` and `variance` may be named, so that one function builds both graphs, and are not read. Their running
 * averages are the trainer's: it taps `channelMoments` of the op's input. Frozen behind a linear op it is folded into that
 * op's filters and bias, as `affine`, unless one of them is trained.
 *
 * Input [… ,C]; scale [C] (1 where missing), shift [C] (0), mean [C], variance [C]. The moments are float64 sums.
 */
export const batchNorm: Op<BatchNormAttributes> = {
  name: 'batchNorm',
  binary: learning,
  roles: ['scale?', 'shift?', 'mean?', 'variance?'],
  measured: ['mean', 'variance'],
  measures: ({ mode }) => mode === 'train',
  inPlace: true,
  activates: true,
  kernel: ({ attributes }) => attributes.mode,

  shape(inputs, { mode, epsilon }, parameters) {
    const x = inputs[0];
    if (inputs.length !== 1 || !x || x.length === 0)
      throw new ShapeError(`batchNorm: input must be one […,C], got ${inputs.map(formatShape).join(' ')}`);
    checkName('batchNorm', 'mode', mode, Object.keys(passes));
    if (mode === 'frozen' && !(parameters.mean && parameters.variance))
      throw new ShapeError(
        `batchNorm: mode 'frozen' needs mean and variance, got ${Object.keys(parameters).join(', ') || 'none'}`,
      );
    if (mode === 'train' && elementsOf(x.slice(0, -1)) < 2)
      throw new ShapeError(`batchNorm: mode 'train' needs two values a channel or more, got ${formatShape(x)}`);
    checkNormalization('batchNorm', x, epsilon, parameters);
    return x;
  },

  affine(attributes) {
    if (attributes.mode !== 'frozen') return undefined;
    return (read, channels) => {
      const [mean, variance, gamma, beta] = [read('mean')!, read('variance')!, read('scale'), read('shift')];
      const all = Array.from({ length: channels }, (_, c) => c);
      const scale = all.map((c) => (gamma ? gamma[c]! : 1) / Math.sqrt(variance[c]! + epsilonOf(attributes)));
      return { scale, shift: all.map((c) => (beta ? beta[c]! : 0) - mean[c]! * scale[c]!) };
    };
  },

  seen: ({ attributes }) => (attributes.mode === 'train' ? 'everything' : undefined),
  scratch: (site, threads) => passesOf(site).scratch(site, threads),
  forward: (kernels, site, at, machine) => passesOf(site).forward(kernels, site, at, machine),
  backward,
};
