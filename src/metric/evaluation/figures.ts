/** Mean Euclidean distances over the pairs of a batch. */
export interface BatchDistances {
  /** Pairs of one class; 0 where there is none. */
  readonly positive: number;
  /** Pairs of two classes; 0 where there is none. */
  readonly negative: number;
  /** All pairs. */
  readonly all: number;
}

/** Means over the matrix of all distances of a batch. */
export function batchDistances(distances: Float32Array, labels: Float32Array): BatchDistances {
  const n = labels.length;
  const [sums, counts] = [
    [0, 0],
    [0, 0],
  ];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const same = labels[i] === labels[j] ? 0 : 1;
      sums[same]! += distances[i * n + j]!;
      counts[same]!++;
    }
  const mean = (sum: number, count: number): number => (count === 0 ? 0 : sum / count);
  return {
    positive: mean(sums[0]!, counts[0]!),
    negative: mean(sums[1]!, counts[1]!),
    all: mean(sums[0]! + sums[1]!, counts[0]! + counts[1]!),
  };
}

/** Below this share of the embeddings' own length, the mean distance says that all have become one. */
const COLLAPSED = 1e-3;

/** Whether embeddings, [rows, d], have collapsed into one: the loss alone does not tell (see docs/learning.md). */
export function isCollapsed(embeddings: Float32Array, rows: number, meanDistance: number): boolean {
  let squares = 0;
  for (const value of embeddings) squares += value * value;
  return meanDistance <= COLLAPSED * Math.sqrt(squares / rows);
}
