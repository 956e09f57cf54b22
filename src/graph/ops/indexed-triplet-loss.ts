import { ShapeError } from '../../core/errors.ts';
import { formatShape } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Op } from '../op.ts';
import { checkWholeNumbers } from './metric/data.ts';
import { noGradient, SUMS, SUMS_BYTES, seedOf } from './metric/loss.ts';
import {
  checkTerm,
  readSums,
  reductionFactor,
  type TripletReduction,
  type TripletTermAttributes,
  tripletEntries,
  writeEntries,
} from './metric/triplets.ts';

export interface IndexedTripletLossAttributes extends TripletTermAttributes {
  readonly reduction?: Exclude<TripletReduction, 'mean-positive-pairs'>;
}

/** Entries of the output, in their order. */
export const indexedTripletLossEntries = tripletEntries;

/** The state is the factor of the reduction, then two weights a triplet. */
const FACTOR_BYTES = 8;
const reductions = ['sum', 'mean', 'mean-non-zero'] as const;

/**
 * Triplet loss over given triplets: Σ max(d(a,p) − d(a,n) + margin, 0), or ln(1 + e^(d(a,p) − d(a,n))) with `softMargin`.
 * Inputs: embeddings [B,D]; triplets [T,3], the numbers of the rows a, p and n. Output `indexedTripletLossEntries`; only the loss, entry
 * 0, carries gradient. Distances come from differences, sums are float64; NaN stays NaN.
 */
export const indexedTripletLoss: Op<IndexedTripletLossAttributes> = {
  name: 'indexedTripletLoss',
  binary: learning,
  shape(inputs, attributes) {
    const [embeddings, triplets] = inputs;
    if (inputs.length !== 2 || embeddings?.length !== 2 || triplets?.length !== 2 || triplets[1] !== 3)
      throw new ShapeError(
        `indexedTripletLoss: takes embeddings [B,D] and triplets [T,3], got ${inputs.map(formatShape).join(' ')}`,
      );
    checkTerm('indexedTripletLoss', attributes, reductions);
    return [indexedTripletLossEntries.length];
  },

  scratch: () => SUMS_BYTES,

  forward(kernels, site, at, { memory }) {
    const { margin, distance = 'squaredEuclidean', softMargin = false, reduction = 'sum' } = site.attributes;
    const [b, d] = site.inputs[0] as [number, number];
    const t = site.inputs[1]![0]!;
    const [embeddings, triplets] = at.inputs as [number, number];
    checkWholeNumbers('indexedTripletLoss: triplets', memory, triplets, t * 3, 0, b - 1);
    const root = distance === 'euclidean';
    const weights = at.state && at.state + FACTOR_BYTES;
    kernels.f32_triplet_indexed(at.scratch, weights, embeddings, triplets, t, d, root, margin, softMargin);
    const sums = readSums(memory.f64(at.scratch, SUMS));
    const factor = reductionFactor(reduction, sums);
    writeEntries(memory.f32(at.output, indexedTripletLossEntries.length), sums, factor);
    if (at.state) memory.f64(at.state, 1)[0] = root ? factor : 2 * factor;
  },

  backward: {
    reads: () => ['inputs'],
    state: ({ inputs }) => FACTOR_BYTES + inputs[1]![0]! * 8,
    run(kernels, site, at, { memory }) {
      const [b, d] = site.inputs[0] as [number, number];
      const t = site.inputs[1]![0]!;
      const [embeddings, triplets] = at.inputs as [number, number];
      const [to, toTriplets] = at.inputGradients;
      const scale = seedOf(memory, at) * memory.f64(at.state, 1)[0]!;
      if (to) kernels.f32_triplet_indexed_backward(to, embeddings, triplets, at.state + FACTOR_BYTES, b, t, d, scale);
      noGradient(memory, toTriplets, t * 3);
    },
  },
};
