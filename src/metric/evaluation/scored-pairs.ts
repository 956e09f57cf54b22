import { InputError } from '../../core/errors.ts';

/** Two photos that were compared: how far apart they are, and whether they truly show one person. */
export interface ScoredPair {
  /** 0 and up. The decision "same" is distance ≤ threshold. */
  readonly distance: number;
  readonly same: boolean;
}

/**
 * Every decision that a threshold can make about some pairs. Cut c accepts the c smallest distinct distances:
 * cut 0 accepts no pair, the last cut all of them. Pairs at one distance are accepted together, whatever their order.
 */
export interface Cuts {
  /** A threshold of each cut: half way between the last distance it accepts and the first it does not. */
  readonly thresholds: readonly number[];
  /** Pairs of one person that each cut accepts. */
  readonly sameAccepted: readonly number[];
  /** Pairs of two people that each cut accepts. */
  readonly differentAccepted: readonly number[];
  /** Pairs of one person, and of two, in all. */
  readonly same: number;
  readonly different: number;
}

/**
 * Sorts the pairs once, n log n, and counts. The threshold of cut 0 is half the smallest distance, or −1 where that is 0;
 * the last cut's is the largest distance.
 *
 * @throws InputError where a distance is not a finite number of at least 0, or there are not both kinds of pair.
 */
export function cutsOf(who: string, pairs: readonly ScoredPair[]): Cuts {
  const wrong = pairs.find(({ distance }) => !(Number.isFinite(distance) && distance >= 0));
  if (wrong) throw new InputError(`${who}: expected finite distances of at least 0, got ${wrong.distance}`);
  const same = pairs.reduce((count, pair) => count + (pair.same ? 1 : 0), 0);
  const different = pairs.length - same;
  if (same === 0 || different === 0)
    throw new InputError(
      `${who}: expected pairs of one person and pairs of two, got ${same} of one and ${different} of two`,
    );

  const sorted = [...pairs].sort((a, b) => a.distance - b.distance);
  const lowest = sorted[0]!.distance;
  const thresholds = [lowest > 0 ? lowest / 2 : -1];
  const sameAccepted = [0];
  const differentAccepted = [0];
  let [sameSoFar, differentSoFar] = [0, 0];
  sorted.forEach(({ distance, same: isSame }, i) => {
    if (isSame) sameSoFar++;
    else differentSoFar++;
    const next = sorted[i + 1]?.distance ?? distance;
    if (next === distance && i + 1 < sorted.length) return;
    thresholds.push(between(distance, next));
    sameAccepted.push(sameSoFar);
    differentAccepted.push(differentSoFar);
  });
  return { thresholds, sameAccepted, differentAccepted, same, different };
}

/** Half way from `low` to a larger `high`; `low` where rounding would reach `high`. */
function between(low: number, high: number): number {
  const middle = low + (high - low) / 2;
  return middle < high ? middle : low;
}
