import { ShapeError } from '../../core/errors.ts';
import { formatShape } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Op, Site } from '../op.ts';
import { checkWholeNumbers } from './metric/data.ts';
import { lossDistances, noGradient, SUMS, SUMS_BYTES, seedOf } from './metric/loss.ts';
import { miningOf, miningScratch, type TripletMining } from './metric/mining.ts';
import { NEAR, productScratch } from './metric/product.ts';
import {
  checkTerm,
  readSums,
  reductionFactor,
  type TripletTermAttributes,
  tripletEntries,
  writeEntries,
} from './metric/triplets.ts';
import { checkRandom, type RandomAttributes, randomKey } from './random-key.ts';

export type TripletLossAttributes = TripletMining & TripletTermAttributes;

/** Entries of the output, in their order. */
export const tripletLossEntries = [
  ...tripletEntries,
  /** Mean distance over all pairs of the batch: near 0 where all embeddings have collapsed into one. */
  'meanDistance',
  /** 1 where some row has both another of its label and one of another label, 0 where no triplet is possible. */
  'valid',
] as const;

const reductions = ['sum', 'mean', 'mean-non-zero', 'mean-positive-pairs'] as const;
/** Distances of a batch are held at once: at this size, in one gibibyte. */
const MOST_ROWS = 16384;

const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64;

const matrixBytes = ({ inputs }: Site<TripletLossAttributes>): number => inputs[0]![0]! ** 2 * 4;

/**
 * Triplet loss with its mining: Σ max(d(a,p) − d(a,n) + margin, 0), or ln(1 + e^(d(a,p) − d(a,n))) with `softMargin`, over
 * triplets of a batch, two rows a, p of one label and one n of another (Schroff et al. 2015). Inputs: embeddings [B,D],
 * labels [B], whole numbers; output `tripletLossEntries`. Only the loss, entry 0, carries gradient.
 *
 * `hard`: the furthest positive and nearest negative of each anchor that has both (Hermans et al. 2017); `tfa` counts every
 * anchor, as TensorFlow Addons does. `semi-hard`: `facenet` for each pair a, p the nearest n with
 * d(a,p) < d(a,n) < d(a,p) + margin, where there is one; `tfa` the nearest with d(a,n) > d(a,p), else the furthest; `pml`
 * every n with 0 < d(a,n) − d(a,p) ≤ margin. `all`: every triplet. Of equals the first. `random`: for each pair a, p one n,
 * each as likely as any other; it takes a third input [2], seed and step, whole numbers from 0 to 2²⁴, the step another at
 * each run, and so can be repeated.
 *
 * Sums are float64. A distance that is NaN or infinite makes every entry and gradient NaN.
 */
export const tripletLoss: Op<TripletLossAttributes> = {
  name: 'tripletLoss',
  binary: learning,
  shape(inputs, attributes) {
    const [embeddings, labels, key] = inputs;
    const { seeded } = miningOf('tripletLoss', attributes);
    const fits = embeddings?.length === 2 && labels?.length === 1 && labels[0] === embeddings[0];
    if (!fits || inputs.length !== (seeded ? 3 : 2))
      throw new ShapeError(
        `tripletLoss: takes embeddings [B,D] and labels [B]${seeded ? ' and [2], seed and step' : ''}, got ${inputs.map(formatShape).join(' ')}`,
      );
    if (seeded) checkRandom('tripletLoss', key, attributes as RandomAttributes);
    if (embeddings[0]! > MOST_ROWS)
      throw new ShapeError(`tripletLoss: takes a batch of at most ${MOST_ROWS}, got ${embeddings[0]}`);
    checkTerm('tripletLoss', attributes, reductions);
    return [tripletLossEntries.length];
  },

  kernel: ({ attributes: { mining, variant } }) => (variant ? `${mining} ${variant}` : mining),
  macs: ({ inputs }) => inputs[0]![0]! ** 2 * inputs[0]![1]!,
  scratch(site) {
    const [b, d] = site.inputs[0] as [number, number];
    return SUMS_BYTES + aligned(matrixBytes(site)) + Math.max(productScratch(b, b, d), miningScratch(b));
  },

  forward(kernels, site, at, { memory }) {
    const { margin, distance = 'squaredEuclidean', softMargin = false, reduction = 'sum' } = site.attributes;
    const [b, d] = site.inputs[0] as [number, number];
    const [embeddings, labels, seedAndStep] = at.inputs as [number, number, number?];
    const sums = at.scratch;
    const distances = sums + SUMS_BYTES;
    const scratch = distances + aligned(matrixBytes(site));
    const weights = at.state;
    checkWholeNumbers('tripletLoss: labels', memory, labels, b);
    if (seedAndStep) checkWholeNumbers('tripletLoss: seed and step', memory, seedAndStep, 2, 0);
    const key = seedAndStep ? randomKey(kernels, memory, seedAndStep, site.attributes as RandomAttributes) : 0;
    kernels.f32_pairwise_product(distances, embeddings, embeddings, scratch, b, b, d, lossDistances[distance], NEAR);
    miningOf('tripletLoss', site.attributes).run(
      kernels,
      { sums, weights, distances, labels, scratch, key },
      b,
      margin,
      softMargin,
    );

    const result = readSums(memory.f64(sums, SUMS));
    const output = memory.f32(at.output, tripletLossEntries.length);
    if (!Number.isFinite(result.spread)) {
      output.fill(Number.NaN);
      if (weights) memory.f32(weights, b * b).fill(Number.NaN);
      return;
    }
    const factor = reductionFactor(reduction, result);
    writeEntries(output, result, factor);
    output[5] = b > 1 ? result.spread / (b * (b - 1)) : 0;
    output[6] = result.valid;
    const root = distance === 'euclidean';
    if (weights) kernels.f32_symmetric_weights(weights, distances, b, root, root ? factor : 2 * factor);
  },

  backward: {
    reads: () => ['inputs'],
    state: matrixBytes,
    run(kernels, site, at, { memory }) {
      const [b, d] = site.inputs[0] as [number, number];
      const [embeddings] = at.inputs as [number];
      const [to, toLabels, toKey] = at.inputGradients;
      const kind = miningOf('tripletLoss', site.attributes).sparse ? 3 : 0;
      if (to)
        kernels.f32_pairwise_gradient(
          to,
          embeddings,
          embeddings,
          at.state,
          0,
          b,
          b,
          d,
          b * 4,
          4,
          kind,
          seedOf(memory, at),
        );
      noGradient(memory, toLabels, b);
      noGradient(memory, toKey, 2);
    },
  },
};
