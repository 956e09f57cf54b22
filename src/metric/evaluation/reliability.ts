import { InputError } from '../../core/errors.ts';
import { log } from '../../core/math.ts';

/** Cases whose probability lies between two tenths, or whatever the steps are. */
export interface ReliabilityBin {
  readonly low: number;
  readonly high: number;
  readonly count: number;
  /** Mean of the probabilities that were said. */
  readonly predicted: number;
  /** Share of the cases that came true. */
  readonly observed: number;
}

/** How right probabilities were. */
export interface Reliability {
  /** Those that hold a case, ascending. */
  readonly bins: readonly ReliabilityBin[];
  /** Brier score, the mean of (p − y)²: 0 is perfect, 0.25 is saying ½ always. */
  readonly brier: number;
  /** Mean of −log p of what came true: ln 2 is saying ½ always, infinite where 0 or 1 was said and wrong. */
  readonly logLoss: number;
  /** Expected calibration error: the mean over the cases of |predicted − observed| of their bins. */
  readonly calibrationError: number;
}

/**
 * Compares probabilities with what came true. Take other cases than those of the fit.
 * @throws InputError where there are none, their numbers differ, a probability is not in 0 … 1, or bins is no number of bins.
 */
export function reliability(
  probabilities: ArrayLike<number>,
  outcomes: ArrayLike<boolean>,
  { bins = 10 }: { readonly bins?: number } = {},
): Reliability {
  const n = probabilities.length;
  if (n === 0 || outcomes.length !== n)
    throw new InputError(`reliability: expected a probability for each outcome, got ${n} for ${outcomes.length}`);
  if (!Number.isInteger(bins) || bins < 1)
    throw new InputError(`reliability: bins must be a whole number of at least 1, got ${bins}`);
  const sums = Array.from({ length: bins }, () => ({ count: 0, predicted: 0, observed: 0 }));
  let [brier, loss] = [0, 0];
  for (let i = 0; i < n; i++) {
    const p = probabilities[i]!;
    if (!(p >= 0 && p <= 1)) throw new InputError(`reliability: probability ${i} must be in 0 … 1, got ${p}`);
    const y = outcomes[i] ? 1 : 0;
    const bin = sums[Math.min(bins - 1, Math.floor(p * bins))]!;
    bin.count++;
    bin.predicted += p;
    bin.observed += y;
    brier += (p - y) * (p - y);
    loss -= log(y === 1 ? p : 1 - p);
  }
  const filled = sums.flatMap(({ count, predicted, observed }, i): ReliabilityBin[] =>
    count === 0
      ? []
      : [{ low: i / bins, high: (i + 1) / bins, count, predicted: predicted / count, observed: observed / count }],
  );
  return {
    bins: filled,
    brier: brier / n,
    logLoss: loss / n,
    calibrationError: filled.reduce((sum, bin) => sum + bin.count * Math.abs(bin.predicted - bin.observed), 0) / n,
  };
}
