import { metrics } from './distance.ts';

/** Loss of one pair by its distance, and its derivative, for each convention of `contrastiveLoss`. `same` is whose pair it is. */
export const conventions: Readonly<
  Record<
    string,
    (distance: number, same: boolean, margin: number, least: number) => readonly [loss: number, slope: number]
  >
> = {
  squared: (distance, same, margin) =>
    same ? [distance ** 2, 2 * distance] : [Math.max(margin - distance, 0) ** 2, -2 * Math.max(margin - distance, 0)],
  hadsell(distance, same, margin) {
    const [loss, slope] = conventions.squared!(distance, same, margin, 0);
    return [loss / 2, slope / 2];
  },
  pml: (distance, same, margin, least) =>
    same
      ? [Math.max(distance - least, 0), distance > least ? 1 : 0]
      : [Math.max(margin - distance, 0), margin > distance ? -1 : 0],
};

/** Losses of pairs a[i], b[i], and what each of their gradients is, before they are reduced. */
export function contrastiveOracle(
  a: readonly Float64Array[],
  b: readonly Float64Array[],
  same: readonly boolean[],
  convention: string,
  margin: number,
  least: number,
) {
  return a.map((row, i) => {
    const distance = metrics.euclidean.distance(row, b[i]!);
    const [loss, slope] = conventions[convention]!(distance, same[i]!, margin, least);
    const inA = metrics.euclidean.gradient(row, b[i]!).map((value) => value * slope);
    return { distance, loss, inA, same: same[i]! };
  });
}

/** What the loss of a pair counts, by its kind. */
export function contrastiveShares(
  pairs: readonly { readonly loss: number; readonly same: boolean }[],
  reduction: string,
): (same: boolean) => number {
  const active = pairs.filter(({ loss }) => loss > 0);
  const inverse = (count: number) => (count === 0 ? 0 : 1 / count);
  if (reduction === 'sum') return () => 1;
  if (reduction === 'mean') return () => inverse(pairs.length);
  if (reduction === 'mean-non-zero') return () => inverse(active.length);
  return (kind) => inverse(active.filter(({ same }) => same === kind).length);
}
