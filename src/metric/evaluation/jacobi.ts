/** Many more sweeps than any symmetric matrix takes: off-diagonal sums fall quadratically. */
const MOST_SWEEPS = 60;

/**
 * Eigenvalues, descending, and unit eigenvectors of a small symmetric matrix (rows of it) by cyclic Jacobi rotations:
 * √, + − · / only, in one order.
 */
export function symmetricEigen(matrix: readonly Float64Array[]): { values: number[]; vectors: Float64Array[] } {
  const n = matrix.length;
  const a = matrix.map((row) => row.slice());
  const v = matrix.map((_, i) => new Float64Array(n).fill(1, i, i + 1));
  for (let sweep = 0; sweep < MOST_SWEEPS && !isDiagonal(a); sweep++)
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, v, p, q);
  const order = a.map((_, i) => i).sort((i, j) => a[j]![j]! - a[i]![i]! || i - j);
  return { values: order.map((i) => a[i]![i]!), vectors: order.map((i) => v[i]!) };
}

/** True where what is off the diagonal no longer changes what is on it. */
function isDiagonal(a: readonly Float64Array[]): boolean {
  let [off, on] = [0, 0];
  a.forEach((row, i) => {
    row.forEach((value, j) => {
      if (i === j) on += value * value;
      else off += value * value;
    });
  });
  return off <= on * 1e-32;
}

/** Turns axes p and q so that the entry between them vanishes (Golub and Van Loan, Algorithm 8.5.1). Rows of v are vectors. */
function rotate(a: readonly Float64Array[], v: readonly Float64Array[], p: number, q: number): void {
  const between = a[p]![q]!;
  if (between === 0) return;
  const half = (a[q]![q]! - a[p]![p]!) / (2 * between);
  const tangent = (half < 0 ? -1 : 1) / (Math.abs(half) + Math.sqrt(1 + half * half));
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  const sine = tangent * cosine;
  const mix = (x: Float64Array, i: number, y: Float64Array, j: number): void => {
    const [before, after] = [x[i]!, y[j]!];
    x[i] = cosine * before - sine * after;
    y[j] = sine * before + cosine * after;
  };
  for (const row of a) mix(row, p, row, q);
  for (let k = 0; k < a.length; k++) mix(a[p]!, k, a[q]!, k);
  for (let k = 0; k < a.length; k++) mix(v[p]!, k, v[q]!, k);
}
