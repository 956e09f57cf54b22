import { ShapeError } from '../../core/errors.ts';
import { formatShape } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Op, Site } from '../op.ts';
import { checkName } from './metric/loss.ts';
import { NEAR, productScratch } from './metric/product.ts';

/** How kernels are told metrics: as products of matrices, as sums of terms, and the slope of a coordinate. */
const metrics = {
  squaredEuclidean: { product: 0, slope: 0, scale: 2 },
  euclidean: { product: 1, slope: 0, scale: 1 },
  cosine: { product: 2, slope: 4, scale: 1 },
  manhattan: { terms: 0, slope: 1, scale: 1 },
  chiSquare: { terms: 1, slope: 2, scale: 1 },
} as const;

export interface PairwiseDistanceAttributes {
  readonly metric: keyof typeof metrics;
}

type PairwiseSite = Site<PairwiseDistanceAttributes>;

/** Sizes; `self` where the rows are compared with one another. */
function sizesOf({ inputs }: PairwiseSite) {
  const [m, d] = inputs[0] as [number, number];
  const self = inputs.length === 1;
  const n = self ? m : inputs[1]![0]!;
  return { m, n, d, self, bytes: { a: m * d * 4, b: n * d * 4, weights: m * n * 4 } };
}

const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64;
/** Bytes of the rows made unit vectors, which the cosine reads in place of them. */
const unitBytes = ({ m, n, d, self }: ReturnType<typeof sizesOf>): number =>
  aligned(m * d * 4) + (self ? 0 : aligned(n * d * 4));

/**
 * Distances of all rows of one tensor to all rows of another, or to one another: out[i,j] = d(a[i], b[j]). Inputs [M,D] and
 * [N,D], or one [N,D]; output [M,N] or [N,N].
 *
 * `squaredEuclidean` Σ (a − b)² · `euclidean` its root · `cosine` 1 − a·b / (‖a‖ ‖b‖), 1 where a vector is all zeros ·
 * `manhattan` Σ |a − b| · `chiSquare` Σ (a − b)² / (a + b), terms with a + b ≤ 0 being 0.
 *
 * The first three are a product of matrices, finished tile by tile; pairs that are near each other are measured again by
 * differences, so that equal rows have distance 0. A root of 0, |0| and a vector of zeros have gradient 0.
 */
export const pairwiseDistance: Op<PairwiseDistanceAttributes> = {
  name: 'pairwiseDistance',
  binary: learning,
  shape(inputs, { metric }) {
    checkName('pairwiseDistance', 'metric', metric, Object.keys(metrics));
    const [a, b = a] = inputs;
    if (inputs.length < 1 || inputs.length > 2 || a!.length !== 2 || b!.length !== 2 || a![1] !== b![1])
      throw new ShapeError(
        `pairwiseDistance: takes [M,D] and [N,D], or one [N,D], got ${inputs.map(formatShape).join(' ')}`,
      );
    return [a![0]!, b![0]!];
  },

  kernel: ({ attributes: { metric } }) => ('product' in metrics[metric] ? 'gemm' : 'terms'),
  macs: (site) => site.output[0]! * site.output[1]! * site.inputs[0]![1]!,
  scratch(site) {
    const { metric } = site.attributes;
    const sizes = sizesOf(site);
    if (!('product' in metrics[metric])) return 0;
    return productScratch(sizes.m, sizes.n, sizes.d) + (metric === 'cosine' ? unitBytes(sizes) : 0);
  },

  forward(kernels, site, at) {
    const { metric } = site.attributes;
    const { m, n, d, self, bytes } = sizesOf(site);
    let [a, b = a] = at.inputs as [number, number?];
    const how = metrics[metric];
    if ('terms' in how) {
      kernels.f32_pairwise_terms(at.output, a, b, m, n, d, how.terms);
      return;
    }
    let scratch = at.scratch;
    if (metric === 'cosine') {
      kernels.f32_l2_normalize(scratch, a, m, d);
      a = scratch;
      scratch += aligned(bytes.a);
      if (!self) {
        kernels.f32_l2_normalize(scratch, b, n, d);
        b = scratch;
        scratch += aligned(bytes.b);
      } else b = a;
    }
    kernels.f32_pairwise_product(at.output, a, b, scratch, m, n, d, how.product, NEAR);
  },

  backward: {
    reads: ({ attributes: { metric } }) =>
      metric === 'euclidean' || metric === 'cosine' ? ['inputs', 'output'] : ['inputs'],
    scratch(site) {
      const sizes = sizesOf(site);
      const own = aligned(sizes.bytes.weights);
      return (site.attributes.metric === 'cosine' ? unitBytes(sizes) : 0) + (sizes.self ? own : 2 * own);
    },
    run(kernels, site, at, { memory }) {
      const { metric } = site.attributes;
      const { slope, scale } = metrics[metric];
      const { m, n, d, self, bytes } = sizesOf(site);
      const rows = [at.inputs[0]!, at.inputs[self ? 0 : 1]!] as const;
      let [a, b] = rows;
      let scratch = at.backwardScratch;
      if (metric === 'cosine') {
        kernels.f32_l2_normalize(scratch, a, m, d);
        a = scratch;
        scratch += aligned(bytes.a);
        if (!self) {
          kernels.f32_l2_normalize(scratch, b, n, d);
          b = scratch;
          scratch += aligned(bytes.b);
        } else b = a;
      }

      let weights = at.outputGradient;
      const root = metric === 'euclidean';
      if (self || root) {
        weights = scratch;
        scratch += aligned(bytes.weights);
        if (self) memory.u8(weights, bytes.weights).set(memory.u8(at.outputGradient, bytes.weights));
        if (self) kernels.f32_symmetric_weights(weights, at.output, n, root, 1);
        else kernels.f32_root_weights(weights, at.outputGradient, at.output, m * n);
      }
      const [toA, toB] = at.inputGradients;
      if (toA) {
        kernels.f32_pairwise_gradient(toA, a, b, weights, at.output, m, n, d, n * 4, 4, slope, scale);
        if (metric === 'cosine') kernels.f32_divide_by_norm(toA, rows[0], m, d);
      }
      if (toB) {
        // Down a column, a matrix is read a cache line a number: a copy that lies the other way is twice as fast.
        const [turned, turnedDistances] = [scratch, scratch + aligned(bytes.weights)];
        kernels.f32_transpose(turned, weights, m, n, n * 4);
        if (metric === 'cosine') kernels.f32_transpose(turnedDistances, at.output, m, n, n * 4);
        kernels.f32_pairwise_gradient(toB, b, a, turned, turnedDistances, n, m, d, m * 4, 4, slope, scale);
        if (metric === 'cosine') kernels.f32_divide_by_norm(toB, rows[1], n, d);
      }
    },
  },
};
