import { type LinePoint, strongWolfe } from '../../src/optimize/lbfgs-line-search.ts';

export type Value = (x: Float64Array) => { readonly value: number; readonly gradient: Float64Array };

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

/**
 * The points of L-BFGS with room for all pairs, in float64, with the inverse Hessian written out as a matrix: H = γ·1, then
 * H ← (1 − ρ s yᵀ) H (1 − ρ y sᵀ) + ρ s sᵀ for each pair, oldest first (Nocedal & Wright 2006, equation 7.16).
 */
export function bfgsPath(f: Value, start: ArrayLike<number>, iterations: number, firstStep: number): Float64Array[] {
  const n = start.length;
  let x = Float64Array.from(start);
  let { value, gradient } = f(x);
  const pairs: { s: Float64Array; y: Float64Array }[] = [];
  const path: Float64Array[] = [];
  for (let k = 0; k < iterations; k++) {
    const h = inverseHessian(n, pairs);
    const direction = Float64Array.from(h, (row) => -dot(row, gradient));
    const at = (step: number) => x.map((v, i) => v + step * direction[i]!);
    const along = (step: number): LinePoint => {
      const there = f(at(step));
      return { step, value: there.value, slope: dot(there.gradient, direction) };
    };
    const slope = dot(gradient, direction);
    const first = k === 0 ? firstStep / Math.sqrt(-slope) : 1;
    const options = { decrease: 1e-4, curvature: 0.9, evaluations: 20 };
    const next = at(strongWolfe(along, { step: 0, value, slope }, first, options)!.step);
    const there = f(next);
    pairs.push({ s: next.map((v, i) => v - x[i]!), y: there.gradient.map((g, i) => g - gradient[i]!) });
    x = next;
    ({ value, gradient } = there);
    path.push(x);
  }
  return path;
}

function inverseHessian(n: number, pairs: readonly { s: Float64Array; y: Float64Array }[]): Float64Array[] {
  const last = pairs.at(-1);
  const scale = last ? dot(last.s, last.y) / dot(last.y, last.y) : 1;
  let h = Array.from({ length: n }, (_, i) => new Float64Array(n).fill(scale, i, i + 1));
  for (const { s, y } of pairs) {
    const rho = 1 / dot(s, y);
    const hy = Float64Array.from(h, (row) => dot(row, y));
    const yhy = dot(y, hy);
    h = h.map((row, i) =>
      row.map(
        (value, j) =>
          value - rho * (s[i]! * hy[j]! + hy[i]! * s[j]!) + rho * rho * yhy * s[i]! * s[j]! + rho * s[i]! * s[j]!,
      ),
    );
  }
  return h;
}

/** Σ 100 (x[2i+1] − x[2i]²)² + (1 − x[2i])²: minimum 0 where all are 1. */
export const rosenbrock: Value = (x) => {
  const gradient = new Float64Array(x.length);
  let value = 0;
  for (let i = 0; i < x.length; i += 2) {
    const [a, b] = [x[i]!, x[i + 1]!];
    value += 100 * (b - a * a) ** 2 + (1 - a) ** 2;
    gradient[i] = -400 * a * (b - a * a) - 2 * (1 - a);
    gradient[i + 1] = 200 * (b - a * a);
  }
  return { value, gradient };
};
