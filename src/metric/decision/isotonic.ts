import type { ScoredPair } from '../evaluation/scored-pairs.ts';

/** A curve through points: straight between them, level before the first and after the last. */
export interface Steps {
  /** Ascending. */
  readonly distances: readonly number[];
  /** The share of pairs of one person there, descending. */
  readonly shares: readonly number[];
}

interface Block {
  readonly from: number;
  readonly to: number;
  readonly same: number;
  readonly count: number;
}

/**
 * The descending curve of "one person" over distance that is nearest, in squares, to what the pairs were: neighbours
 * that would ascend are pooled to their mean until none do (pool adjacent violators). Assumes nothing but the order.
 *
 * @see Ayer et al. 1955; Zadrozny and Elkan 2002
 */
export function fitIsotonic(pairs: readonly ScoredPair[]): Steps {
  const blocks: Block[] = [];
  const share = ({ same, count }: Block): number => same / count;
  for (const block of pairsByDistance(pairs)) {
    let pooled = block;
    while (blocks.length > 0 && share(blocks.at(-1)!) <= share(pooled)) {
      const before = blocks.pop()!;
      pooled = {
        from: before.from,
        to: pooled.to,
        same: before.same + pooled.same,
        count: before.count + pooled.count,
      };
    }
    blocks.push(pooled);
  }
  const ends = blocks.flatMap((block) =>
    (block.from === block.to ? [block.from] : [block.from, block.to]).map(
      (distance) => [distance, share(block)] as const,
    ),
  );
  return { distances: ends.map(([distance]) => distance), shares: ends.map(([, value]) => value) };
}

/** Pairs at one distance as one block, ascending. */
function pairsByDistance(pairs: readonly ScoredPair[]): Block[] {
  const blocks: Block[] = [];
  for (const { distance, same } of [...pairs].sort((a, b) => a.distance - b.distance)) {
    const last = blocks.at(-1);
    const own = { from: distance, to: distance, same: same ? 1 : 0, count: 1 };
    if (last?.to === distance)
      blocks[blocks.length - 1] = { ...last, same: last.same + own.same, count: last.count + 1 };
    else blocks.push(own);
  }
  return blocks;
}

/** The height of the curve at a distance. */
export function heightAt({ distances, shares }: Steps, distance: number): number {
  const after = distances.findIndex((end) => end >= distance);
  if (after < 0) return shares.at(-1)!;
  if (after === 0 || distances[after] === distance) return shares[after]!;
  const [low, high] = [distances[after - 1]!, distances[after]!];
  return shares[after - 1]! + (shares[after]! - shares[after - 1]!) * ((distance - low) / (high - low));
}
