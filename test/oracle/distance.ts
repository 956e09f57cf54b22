/** Σ (aᵢ − bᵢ)² in float64. */
export function squaredEuclidean(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum;
}

const norm = (a: ArrayLike<number>): number => Math.hypot(...Array.from(a));
/** ∂f/∂aᵢ for each i. */
type Slope = (a: ArrayLike<number>, b: ArrayLike<number>) => Float64Array;

/** A distance in float64, with its gradient in the first vector; all are symmetric. */
export interface Metric {
  readonly distance: (a: ArrayLike<number>, b: ArrayLike<number>) => number;
  readonly gradient: Slope;
}

const each = (a: ArrayLike<number>, b: ArrayLike<number>, slope: (x: number, y: number) => number): Float64Array =>
  Float64Array.from(a, (x, i) => slope(x, b[i]!));
const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
const chiSquareTerm = (x: number, y: number): number => (x + y <= 0 ? 0 : (x - y) ** 2 / (x + y));

/** Every metric of `pairwiseDistance`, as it is defined. */
export const metrics = {
  squaredEuclidean: { distance: squaredEuclidean, gradient: (a, b) => each(a, b, (x, y) => 2 * (x - y)) },
  euclidean: {
    distance: (a, b) => Math.sqrt(squaredEuclidean(a, b)),
    gradient(a, b) {
      const distance = Math.sqrt(squaredEuclidean(a, b));
      return each(a, b, (x, y) => (distance === 0 ? 0 : (x - y) / distance));
    },
  },
  cosine: {
    distance(a, b) {
      const lengths = norm(a) * norm(b);
      return lengths === 0 ? 1 : 1 - sum(each(a, b, (x, y) => x * y)) / lengths;
    },
    gradient(a, b) {
      const [la, lb] = [norm(a), norm(b)];
      if (la * lb === 0) return new Float64Array(a.length);
      const cosine = sum(each(a, b, (x, y) => x * y)) / (la * lb);
      return each(a, b, (x, y) => ((cosine * x) / la - y / lb) / la);
    },
  },
  manhattan: {
    distance: (a, b) => sum(each(a, b, (x, y) => Math.abs(x - y))),
    gradient: (a, b) => each(a, b, (x, y) => Math.sign(x - y)),
  },
  chiSquare: {
    distance: (a, b) => sum(each(a, b, chiSquareTerm)),
    gradient: (a, b) => each(a, b, (x, y) => (x + y <= 0 ? 0 : ((x - y) * (x + 3 * y)) / (x + y) ** 2)),
  },
} satisfies Record<string, Metric>;

/** Rows of `d` numbers. */
export const rowsOf = (values: ArrayLike<number>, d: number): Float64Array[] =>
  Array.from({ length: values.length / d }, (_, i) => Float64Array.from(values).subarray(i * d, (i + 1) * d));

/** d(a[i], b[j]) for all rows, one row of results after another. */
export const pairwise = (metric: Metric, a: readonly Float64Array[], b: readonly Float64Array[]): Float64Array =>
  Float64Array.from(a.flatMap((x) => b.map((y) => metric.distance(x, y))));

/** Gradient in the rows of a, from those in the distances to the rows of b. */
export function pairwiseGradient(
  metric: Metric,
  a: readonly Float64Array[],
  b: readonly Float64Array[],
  gradientAt: (i: number, j: number) => number,
): Float64Array {
  const d = a[0]!.length;
  const out = new Float64Array(a.length * d);
  for (const [i, x] of a.entries())
    for (const [j, y] of b.entries()) {
      const slope = metric.gradient(x, y);
      for (let k = 0; k < d; k++) out[i * d + k]! += gradientAt(i, j) * slope[k]!;
    }
  return out;
}
