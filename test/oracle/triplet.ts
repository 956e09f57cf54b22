import { mix } from './random-key.ts';

/** Three rows by number: anchor, positive, negative. */
export type Triplet = readonly [a: number, p: number, n: number];

/** A batch: distances[i][j] of all rows, and their labels. */
export interface Batch {
  readonly distances: readonly ArrayLike<number>[];
  readonly labels: readonly number[];
}

/** Every triplet that a batch holds. */
export function allTriplets({ labels }: Batch): Triplet[] {
  const rows = labels.map((_, i) => i);
  return rows.flatMap((a) =>
    rows
      .filter((p) => p !== a && labels[p] === labels[a])
      .flatMap((p) => rows.filter((n) => labels[n] !== labels[a]).map((n): Triplet => [a, p, n])),
  );
}

/** The row of `rows` that comes first in order of `key`, of equals the lowest. */
const first = (rows: readonly number[], key: (row: number) => number): number | undefined =>
  rows.reduce<number | undefined>((best, row) => (best === undefined || key(row) < key(best) ? row : best), undefined);

type Mining = (batch: Batch, margin: number, key: number) => Triplet[];

function picked(batch: Batch, pick: (a: number, positives: number[], negatives: number[]) => Triplet[]): Triplet[] {
  const rows = batch.labels.map((_, i) => i);
  return rows.flatMap((a) =>
    pick(
      a,
      rows.filter((p) => p !== a && batch.labels[p] === batch.labels[a]),
      rows.filter((n) => batch.labels[n] !== batch.labels[a]),
    ),
  );
}

/** Every mining of `tripletLoss`, by explicit loops over its definition. */
export const minings: Readonly<Record<string, Mining>> = {
  hard: (batch) =>
    picked(batch, (a, positives, negatives) => {
      const p = first(positives, (row) => -batch.distances[a]![row]!);
      const n = first(negatives, (row) => batch.distances[a]![row]!);
      return p === undefined || n === undefined ? [] : [[a, p, n]];
    }),
  // TensorFlow Addons, losses/triplet.py: maxima and minima over nothing are those of the whole row, the other way round.
  'hard tfa': (batch) =>
    picked(batch, (a, positives, negatives) => {
      const row = Array.from(batch.distances[a]!);
      const p = first(positives, (j) => -row[j]!) ?? row.indexOf(Math.min(...row));
      const n = first(negatives, (j) => row[j]!) ?? row.indexOf(Math.max(...row));
      return [[a, p, n]];
    }),
  'semi-hard facenet': (batch, margin) =>
    picked(batch, (a, positives, negatives) =>
      positives.flatMap((p): Triplet[] => {
        const row = batch.distances[a]!;
        const band = negatives.filter((n) => row[n]! > row[p]! && row[n]! - row[p]! < margin);
        const n = first(band, (j) => row[j]!);
        return n === undefined ? [] : [[a, p, n]];
      }),
    ),
  'semi-hard tfa': (batch) =>
    picked(batch, (a, positives, negatives) =>
      positives.map((p): Triplet => {
        const row = Array.from(batch.distances[a]!);
        const beyond = negatives.filter((n) => row[n]! > row[p]!);
        const n = first(beyond, (j) => row[j]!) ?? first(negatives, (j) => -row[j]!) ?? row.indexOf(Math.min(...row));
        return [a, p, n];
      }),
    ),
  'semi-hard pml': (batch, margin) =>
    allTriplets(batch).filter(([a, p, n]) => {
      const gap = batch.distances[a]![n]! - batch.distances[a]![p]!;
      return gap > 0 && gap <= margin;
    }),
  all: allTriplets,
  random: (batch, _, key) =>
    picked(batch, (a, positives, negatives) =>
      negatives.length === 0
        ? []
        : positives.map((p): Triplet => {
            const hash = mix(mix(a * batch.labels.length + p) ^ key);
            return [a, p, negatives[Math.floor((hash / 2 ** 32) * negatives.length)]!];
          }),
    ),
};

/** The loss of one triplet by d(a,n) − d(a,p), and its derivative. */
export const term = (gap: number, margin: number, soft: boolean): number =>
  soft ? Math.max(-gap, 0) + Math.log1p(Math.exp(-Math.abs(gap))) : Math.max(margin - gap, 0);
export const termSlope = (gap: number, margin: number, soft: boolean): number =>
  soft ? -1 / (1 + Math.exp(gap)) : margin - gap > 0 ? -1 : 0;

/** Losses of triplets, reduced. `pairs`: ordered pairs of one label. */
export function reduced(losses: readonly number[], reduction: string, pairs: number): number {
  const sum = losses.reduce((total, loss) => total + loss, 0);
  const parts = {
    sum: 1,
    mean: losses.length,
    'mean-non-zero': losses.filter((loss) => loss > 0).length,
    'mean-positive-pairs': pairs,
  }[reduction]!;
  return parts === 0 ? 0 : sum / parts;
}

/** Ordered pairs of two rows with one label. */
export const positivePairs = ({ labels }: Batch): number =>
  labels.reduce((count, label, i) => count + labels.filter((other, j) => j !== i && other === label).length, 0);
