import type { Interval } from '../metric/evaluation/interval.ts';

/** A share as a percentage: "98.33 %". */
export const percent = (share: number, digits = 2): string => `${(share * 100).toFixed(digits)} %`;

/** The ends of an interval of a share: "97.1 … 99.2 %". */
export const percentRange = ({ low, high }: Interval, digits = 2): string =>
  `${(low * 100).toFixed(digits)} … ${percent(high, digits)}`;

/** The ends of an interval of distances; open where nothing bounds it. */
export const distanceRange = ({ low, high }: Interval): string =>
  `${low.toFixed(3)} … ${Number.isFinite(high) ? high.toFixed(3) : 'unbounded'}`;
