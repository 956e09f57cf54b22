import { InputError } from '../../core/errors.ts';
import { exp, log, sigmoid } from '../../core/math.ts';
import type { ScoredPair } from '../evaluation/scored-pairs.ts';

/** σ(intercept + slope · distance). */
export interface Logistic {
  readonly intercept: number;
  readonly slope: number;
}

/** log(1 + eᶻ) without overflow. */
const softplus = (z: number): number => (z > 0 ? z + log(1 + exp(-z)) : log(1 + exp(z)));

/** Many more than Newton's method takes. */
const MOST_STEPS = 200;

/**
 * The logistic curve of "one person" over distance by maximum likelihood with Platt's targets, (n₊ + 1)/(n₊ + 2) for
 * pairs of one person and 1/(n₋ + 2) for pairs of two: finite also where a threshold parts the two without an error.
 * Newton's method with halved steps, until no step improves.
 *
 * @throws InputError where greater distances are no sign of two people.
 * @see Platt 1999; Lin, Lin and Weng 2007, "A note on Platt's probabilistic outputs for support vector machines"
 */
export function fitLogistic(pairs: readonly ScoredPair[], same: number, different: number): Logistic {
  const [high, low] = [(same + 1) / (same + 2), 1 / (different + 2)];
  const target = (pair: ScoredPair): number => (pair.same ? high : low);
  // Distances of any scale: the curve is fitted over their multiples of the mean.
  const unit = pairs.reduce((sum, { distance }) => sum + distance, 0) / pairs.length || 1;
  const loss = (intercept: number, slope: number): number =>
    pairs.reduce((sum, pair) => {
      const z = intercept + (slope * pair.distance) / unit;
      return sum + softplus(z) - target(pair) * z;
    }, 0);

  let [intercept, slope] = [log((same + 1) / (different + 1)), 0];
  let value = loss(intercept, slope);
  for (let step = 0; step < MOST_STEPS; step++) {
    const [byIntercept, bySlope] = newtonStep(pairs, target, unit, intercept, slope);
    let share = 1;
    let next = loss(intercept - byIntercept, slope - bySlope);
    while (!(next < value) && share > 1e-10) {
      share /= 2;
      next = loss(intercept - share * byIntercept, slope - share * bySlope);
    }
    if (!(next < value)) break;
    [intercept, slope, value] = [intercept - share * byIntercept, slope - share * bySlope, next];
  }
  if (!(slope < 0) || pairs.every(({ distance }) => distance === pairs[0]!.distance))
    throw new InputError(
      'fitProbability: in these pairs one person is not nearer than two: their distances give no probability',
    );
  return { intercept, slope: slope / unit };
}

/** Hessian⁻¹ · gradient. */
function newtonStep(
  pairs: readonly ScoredPair[],
  target: (pair: ScoredPair) => number,
  unit: number,
  intercept: number,
  slope: number,
): [number, number] {
  let [g0, g1, h00, h01, h11] = [0, 0, 1e-12, 0, 1e-12];
  for (const pair of pairs) {
    const x = pair.distance / unit;
    const p = sigmoid(intercept + slope * x);
    const off = p - target(pair);
    const weight = p * (1 - p);
    g0 += off;
    g1 += off * x;
    h00 += weight;
    h01 += weight * x;
    h11 += weight * x * x;
  }
  const determinant = h00 * h11 - h01 * h01;
  return [(h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant];
}
