import { ShapeError } from '../../core/errors.ts';
import { formatShape, type Shape } from '../../core/shape.ts';
import { binary as learning } from '../../runtime/generated/learning.wasm.ts';
import type { Op, Site } from '../op.ts';
import { checkWholeNumbers } from './metric/data.ts';
import { checkMargin, checkName, noGradient, ratio, SUMS, SUMS_BYTES, seedOf } from './metric/loss.ts';
import { type Pairs, pairsOf, sidesOf } from './metric/pairs.ts';

/** Conventions by name: the label of a pair of one kind, whether the terms are linear, and a factor. */
const conventions = {
  squared: { same: 1, linear: false, factor: 1 },
  hadsell: { same: 0, linear: false, factor: 0.5 },
  pml: { same: 1, linear: true, factor: 1 },
} as const;

export interface ContrastiveLossAttributes {
  /** From this distance on, a pair of two kinds costs nothing. */
  readonly margin: number;
  /** Default: `'squared'`. */
  readonly convention?: keyof typeof conventions;
  /** `'pml'` only: up to this distance, a pair of one kind costs nothing. Default: 0. */
  readonly positiveMargin?: number;
  /**
   * `'sum'` (default), `'mean'` over all pairs, `'mean-non-zero'` over those whose loss is above 0, or
   * `'mean-non-zero-each'`: that mean for either kind of pair, added up.
   */
  readonly reduction?: (typeof reductions)[number];
}

const reductions = ['sum', 'mean', 'mean-non-zero', 'mean-non-zero-each'] as const;

/** Entries of the output, in their order. */
export const contrastiveLossEntries = [
  'loss',
  /** The share of all pairs whose loss is above 0. */
  'activeFraction',
  /** Pairs of one kind, and of two. */
  'samePairs',
  'differentPairs',
  /** Mean Euclidean distances of either; 0 where there is none. */
  'sameDistance',
  'differentDistance',
] as const;

/** The state is the factors of pairs of one kind and of two, then a weight a pair. */
const FACTOR_BYTES = 16;

const pairsAt = ({ inputs }: { readonly inputs: readonly Shape[] }): Pairs =>
  pairsOf('contrastiveLoss', inputs.slice(0, -1));

/** A pair's share of the loss, for either kind, from the numbers of pairs whose loss is above 0. */
function factorsOf(site: Site<ContrastiveLossAttributes>, active: readonly [number, number]): [number, number] {
  const { convention = 'squared', reduction = 'sum' } = site.attributes;
  const { factor } = conventions[convention];
  if (reduction === 'mean-non-zero-each') return [ratio(factor, active[0]), ratio(factor, active[1])];
  let parts = 1;
  if (reduction === 'mean') parts = pairsAt(site).count;
  if (reduction === 'mean-non-zero') parts = active[0] + active[1];
  return [ratio(factor, parts), ratio(factor, parts)];
}

/**
 * Contrastive loss of labelled pairs by their Euclidean distance D, y = 1 for a pair of one kind (Hadsell et al. 2006).
 * `squared`: y·D² + (1 − y)·max(margin − D, 0)². `hadsell`: half of that, with labels as in the paper, 0 for a pair of one
 * kind and 1 for a pair of two. `pml`: y·max(D − positiveMargin, 0) + (1 − y)·max(margin − D, 0).
 *
 * Inputs: pairs of rows as two [P,D] or one [P,2,D] or [2P,D]; labels [P], 0 or 1. Output `contrastiveLossEntries`; only the
 * loss, entry 0, carries gradient. A pair at distance 0 has none. Sums are float64; NaN stays NaN.
 */
export const contrastiveLoss: Op<ContrastiveLossAttributes> = {
  name: 'contrastiveLoss',
  binary: learning,
  shape(inputs, { margin, convention = 'squared', positiveMargin = 0, reduction = 'sum' }) {
    const labels = inputs.at(-1);
    const { count } = pairsOf('contrastiveLoss', inputs.slice(0, -1));
    if (labels!.length !== 1 || labels![0] !== count)
      throw new ShapeError(`contrastiveLoss: ${count} pairs need labels [${count}], got ${formatShape(labels!)}`);
    checkMargin('contrastiveLoss', 'margin', margin);
    checkMargin('contrastiveLoss', 'positiveMargin', positiveMargin);
    checkName('contrastiveLoss', 'convention', convention, Object.keys(conventions));
    checkName('contrastiveLoss', 'reduction', reduction, reductions);
    if (positiveMargin > 0 && !conventions[convention].linear)
      throw new ShapeError(`contrastiveLoss: positiveMargin belongs to convention 'pml', got it with '${convention}'`);
    return [contrastiveLossEntries.length];
  },

  kernel: ({ attributes: { convention = 'squared' } }) => convention,
  scratch: () => SUMS_BYTES,

  forward(kernels, site, at, { memory }) {
    const { margin, convention = 'squared', positiveMargin = 0 } = site.attributes;
    const { same, linear } = conventions[convention];
    const pairs = pairsAt(site);
    const [a, b, row] = sidesOf(pairs, at.inputs);
    const labels = at.inputs.at(-1)!;
    checkWholeNumbers('contrastiveLoss: labels', memory, labels, pairs.count, 0, 1);
    const weights = at.state && at.state + FACTOR_BYTES;
    kernels.f32_contrastive(
      at.scratch,
      weights,
      a,
      b,
      labels,
      pairs.count,
      pairs.d,
      row,
      same,
      linear,
      margin,
      positiveMargin,
    );
    const [sameLoss, otherLoss, sames, others, sameActive, otherActive, sameDistance, otherDistance] = memory.f64(
      at.scratch,
      SUMS,
    ) as unknown as [number, number, number, number, number, number, number, number];
    const factors = factorsOf(site, [sameActive, otherActive]);
    if (at.state) memory.f64(at.state, 2).set(factors);
    const output = memory.f32(at.output, contrastiveLossEntries.length);
    output[0] = sameLoss * factors[0] + otherLoss * factors[1];
    output[1] = ratio(sameActive + otherActive, sames + others);
    output[2] = sames;
    output[3] = others;
    output[4] = ratio(sameDistance, sames);
    output[5] = ratio(otherDistance, others);
  },

  backward: {
    reads: () => ['inputs'],
    state: (site) => FACTOR_BYTES + pairsAt(site).count * 4,
    run(kernels, site, at, { memory }) {
      const { same } = conventions[site.attributes.convention ?? 'squared'];
      const pairs = pairsAt(site);
      const [a, b, row] = sidesOf(pairs, at.inputs);
      const labels = at.inputs.at(-1)!;
      const [toA, toB] = sidesOf(pairs, at.inputGradients);
      const seed = seedOf(memory, at);
      const [sameFactor, otherFactor] = memory.f64(at.state, 2);
      kernels.f32_contrastive_backward(
        toA,
        toB,
        a,
        b,
        at.state + FACTOR_BYTES,
        labels,
        pairs.count,
        pairs.d,
        row,
        same,
        seed * sameFactor!,
        seed * otherFactor!,
      );
      noGradient(memory, at.inputGradients.at(-1), pairs.count);
    },
  },
};
