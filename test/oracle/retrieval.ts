// Retrieval figures from their definitions: every query's whole ranking, in float64, ties to the first.

const squaredBetween = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) * (a[i]! - b[i]!);
  return sum;
};

export function retrieval(embeddings: readonly ArrayLike<number>[], labels: readonly unknown[]) {
  const figures: [number, number, number][] = [];
  for (let query = 0; query < embeddings.length; query++) {
    const relevant = labels.filter((label, i) => i !== query && label === labels[query]).length;
    if (relevant === 0) continue;
    const ranked = embeddings
      .map((embedding, i) => ({ i, distance: squaredBetween(embedding, embeddings[query]!) }))
      .filter(({ i }) => i !== query)
      .sort((a, b) => a.distance - b.distance || a.i - b.i)
      .map(({ i }) => labels[i] === labels[query]);
    const precisionAt = (k: number) => ranked.slice(0, k).filter(Boolean).length / k;
    let average = 0;
    for (let k = 1; k <= relevant; k++) if (ranked[k - 1]) average += precisionAt(k);
    figures.push([ranked[0] ? 1 : 0, precisionAt(relevant), average / relevant]);
  }
  const mean = (at: 0 | 1 | 2) => figures.reduce((sum, figure) => sum + figure[at], 0) / figures.length;
  return { precisionAt1: mean(0), rPrecision: mean(1), mapAtR: mean(2), queries: figures.length };
}
