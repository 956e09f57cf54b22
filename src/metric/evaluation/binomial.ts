/** Terms so small beside the largest one change nothing that is asked for. */
const NEGLIGIBLE = 1e-30;

/**
 * P(X ≥ least) for X successes in n trials of probability p. The terms of the distribution are summed as multiples of
 * the largest, each from its neighbour by the ratio (n − k)/(k + 1) · p/(1 − p): no factorial, no logarithm, the same
 * bits on every engine.
 */
export function binomialTail(least: number, n: number, p: number): number {
  if (least <= 0) return 1;
  if (least > n || p <= 0) return 0;
  if (p >= 1) return 1;
  const odds = p / (1 - p);
  const mode = Math.min(n, Math.floor((n + 1) * p));
  let total = 1;
  let tail = mode >= least ? 1 : 0;
  const add = (k: number, term: number): void => {
    total += term;
    if (k >= least) tail += term;
  };
  for (let k = mode + 1, term = 1; k <= n; k++) {
    term *= ((n - k + 1) / k) * odds;
    if (term < NEGLIGIBLE) break;
    add(k, term);
  }
  for (let k = mode - 1, term = 1; k >= 0; k--) {
    term *= (k + 1) / ((n - k) * odds);
    if (term < NEGLIGIBLE) break;
    add(k, term);
  }
  return tail / total;
}

/** The p in 0 … 1 at which an ascending function of it reaches `level`, by halving to one part in 10¹⁵. */
export function whereReached(level: number, ascending: (p: number) => number): number {
  let [low, high] = [0, 1];
  while (high - low > high * 1e-15) {
    const middle = low + (high - low) / 2;
    if (ascending(middle) < level) low = middle;
    else high = middle;
  }
  return high;
}
