import { ShapeError } from '../../../core/errors.ts';
import { checkMargin, checkName, type LossDistance, lossDistances, ratio } from './loss.ts';

/** How the losses of triplets become one number. */
export type TripletReduction = 'sum' | 'mean' | 'mean-non-zero' | 'mean-positive-pairs';

/** What every loss of triplets takes, whoever chooses them. */
export interface TripletTermAttributes {
  /** How much further than the positive the negative shall be; see the op for what a mining makes of it. */
  readonly margin: number;
  /** Default: `'squaredEuclidean'`, as in FaceNet. */
  readonly distance?: LossDistance;
  /** ln(1 + e^(d_ap − d_an)) in place of max(d_ap − d_an + margin, 0). Default: false. */
  readonly softMargin?: boolean;
  /** Default: `'sum'`, J = Σ. */
  readonly reduction?: TripletReduction;
}

/** Entries of the output that every loss of triplets has, in their order. */
export const tripletEntries = [
  /** The loss, reduced as asked for. */
  'loss',
  /** The share of the triplets considered whose loss is above 0; 0 where there is none. */
  'activeFraction',
  /** Triplets considered. */
  'triplets',
  /** Means of the distances from anchor to positive and to negative over the triplets considered; 0 where there is none. */
  'anchorPositive',
  'anchorNegative',
] as const;

/** The sums that kernels leave, by name; see assembly/triplet/sums.ts. */
export interface TripletSums {
  readonly loss: number;
  readonly considered: number;
  readonly active: number;
  readonly positive: number;
  readonly negative: number;
  readonly pairs: number;
  readonly spread: number;
  readonly valid: number;
}

export function readSums(sums: Float64Array): TripletSums {
  const [loss, considered, active, positive, negative, pairs, spread, valid] = sums as unknown as number[];
  return {
    loss: loss!,
    considered: considered!,
    active: active!,
    positive: positive!,
    negative: negative!,
    pairs: pairs!,
    spread: spread!,
    valid: valid!,
  };
}

/** What a sum of losses is multiplied by; 0 where there is nothing to divide by. */
export function reductionFactor(reduction: TripletReduction, sums: TripletSums): number {
  if (reduction === 'sum') return 1;
  if (reduction === 'mean') return ratio(1, sums.considered);
  return ratio(1, reduction === 'mean-non-zero' ? sums.active : sums.pairs);
}

/** Writes the common entries of the output. */
export function writeEntries(output: Float32Array, sums: TripletSums, factor: number): void {
  output[0] = sums.loss * factor;
  output[1] = ratio(sums.active, sums.considered);
  output[2] = sums.considered;
  output[3] = ratio(sums.positive, sums.considered);
  output[4] = ratio(sums.negative, sums.considered);
}

/** @throws ShapeError naming the op and the attribute. */
export function checkTerm(
  op: string,
  attributes: TripletTermAttributes,
  reductions: readonly TripletReduction[],
): void {
  const { margin, distance = 'squaredEuclidean', softMargin = false, reduction = 'sum' } = attributes;
  checkMargin(op, 'margin', margin);
  checkName(op, 'distance', distance, Object.keys(lossDistances));
  checkName(op, 'reduction', reduction, reductions);
  if (typeof softMargin !== 'boolean')
    throw new ShapeError(`${op}: softMargin must be true or false, got ${JSON.stringify(softMargin)}`);
}
