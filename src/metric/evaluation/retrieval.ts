import { InputError } from '../../core/errors.ts';
import { VectorIndex } from '../search/search.ts';
import { checkedEmbeddings, checkLabels, type Label, membersOf, unitVector } from './labelled.ts';

export interface RetrievalOptions {
  /** What nearness is. Default: `'euclidean'`. */
  readonly distance?: 'euclidean' | 'cosine';
}

/** How well the neighbours of embeddings are of their own class. Means over the queries, 0 … 1. */
export interface Retrieval {
  /** The share of queries whose nearest neighbour is of their class. */
  readonly precisionAt1: number;
  /** Of the R nearest neighbours, the share of the query's class; R is the number of others of its class. */
  readonly rPrecision: number;
  /** Mean average precision at R: 1/R · Σ over i ≤ R of precision@i where the i-th neighbour is of the query's class, else 0. */
  readonly mapAtR: number;
  readonly queries: number;
  /** Embeddings that are alone in their class: they are neighbours, but no queries. */
  readonly lone: number;
}

/** Searched together; a block of this many keeps what is found small. */
const QUERIES_AT_ONCE = 256;

/**
 * Retrieval figures of labelled embeddings: each is a query among all the others, exactly; of equal distances the one that
 * comes first is nearer. R does not count the query itself.
 *
 * @throws InputError where embeddings are not finite vectors of one dimension with a label each, there are fewer than two
 * classes, or every class has one member only.
 * @see Musgrave, Belongie and Lim 2020, "A Metric Learning Reality Check"
 */
export function retrieval(
  embeddings: readonly ArrayLike<number>[],
  labels: readonly Label[],
  { distance = 'euclidean' }: RetrievalOptions = {},
): Retrieval {
  const checked = checkedEmbeddings('retrieval', embeddings);
  checkLabels('retrieval', checked.length, labels);
  if (distance !== 'euclidean' && distance !== 'cosine')
    throw new InputError(`retrieval: distance must be 'euclidean' or 'cosine', got ${JSON.stringify(distance)}`);
  const vectors = distance === 'cosine' ? checked.map((vector) => unitVector('retrieval', vector)) : checked;
  const members = membersOf(labels);
  const others = labels.map((label) => members.get(label)!.length - 1);
  const queries = others.flatMap((r, i) => (r > 0 ? [i] : []));
  if (queries.length === 0)
    throw new InputError('retrieval: expected a class of at least two embeddings, every class has one');

  const sums = { precisionAt1: 0, rPrecision: 0, mapAtR: 0 };
  forNeighbours(vectors, queries, Math.max(...others) + 1, (query, neighbours) => {
    const right = neighbours.map((id) => labels[id] === labels[query]);
    const r = others[query]!;
    if (right[0]) sums.precisionAt1++;
    let hits = 0;
    let precisions = 0;
    for (let i = 0; i < r; i++) if (right[i]) precisions += ++hits / (i + 1);
    sums.rPrecision += hits / r;
    sums.mapAtR += precisions / r;
  });
  return {
    precisionAt1: sums.precisionAt1 / queries.length,
    rPrecision: sums.rPrecision / queries.length,
    mapAtR: sums.mapAtR / queries.length,
    queries: queries.length,
    lone: vectors.length - queries.length,
  };
}

/** Calls `use` with the positions of the nearest others of each query, nearest first. */
function forNeighbours(
  vectors: readonly Float32Array[],
  queries: readonly number[],
  count: number,
  use: (query: number, neighbours: readonly number[]) => void,
): void {
  const index = new VectorIndex(vectors[0]!.length);
  try {
    for (const vector of vectors) index.add(vector);
    for (let start = 0; start < queries.length; start += QUERIES_AT_ONCE) {
      const block = queries.slice(start, start + QUERIES_AT_ONCE);
      const found = index.nearest(
        block.map((query) => vectors[query]!),
        count,
      );
      block.forEach((query, i) => {
        use(
          query,
          found[i]!.map(({ id }) => id).filter((id) => id !== query),
        );
      });
    }
  } finally {
    index.close();
  }
}
