import { InputError } from '../../core/errors.ts';
import { exp } from '../../core/math.ts';

/** 1/√(2π) */
const DENSITY_AT_0 = 0.3989422804014327;

/** Φ(z) − ½ for z ≥ 0: φ(z)·(z + z³/3 + z⁵/(3·5) + …), all of one sign, so that nothing cancels. */
function probabilityBelow(z: number): number {
  let term = z;
  let sum = z;
  for (let n = 3; term > sum * 1e-17; n += 2) {
    term *= (z * z) / n;
    sum += term;
  }
  return DENSITY_AT_0 * exp((-z * z) / 2) * sum;
}

/**
 * How many standard deviations to each side of its mean hold the given share of a normal distribution: 1.96 for 0.95.
 * @throws InputError unless 0 < confidence < 1.
 */
export function normalWidth(confidence: number): number {
  checkConfidence('normalWidth', confidence);
  const target = confidence / 2;
  let z = 0;
  // Φ is concave above 0: from the left, Newton's steps never overshoot, so the first that does not ascend is the last.
  for (;;) {
    const next = z + (target - probabilityBelow(z)) / (DENSITY_AT_0 * exp((-z * z) / 2));
    if (!(next > z)) return z;
    z = next;
  }
}

/** @throws InputError unless 0 < confidence < 1. */
export function checkConfidence(who: string, confidence: number): void {
  if (!(confidence > 0 && confidence < 1))
    throw new InputError(`${who}: confidence must lie between 0 and 1, such as 0.95, got ${confidence}`);
}
