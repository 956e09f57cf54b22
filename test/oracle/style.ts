import type { Tensor } from '../support/run-op.ts';

const imagesOf = ({ shape }: Tensor): number => shape[0]!;
const channelsOf = ({ shape }: Tensor): number => shape.at(-1)!;
const positionsOf = (x: Tensor): number => x.values.length / (imagesOf(x) * channelsOf(x));

/** Calls `visit` for every product x[n,p,k] · x[n,p,l] → G[n,k,l], with flat indices. */
function eachProduct(x: Tensor, visit: (a: number, b: number, g: number) => void): void {
  const [images, positions, c] = [imagesOf(x), positionsOf(x), channelsOf(x)];
  for (let n = 0; n < images; n++)
    for (let p = 0; p < positions; p++)
      for (let k = 0; k < c; k++)
        for (let l = 0; l < c; l++) {
          const row = (n * positions + p) * c;
          visit(row + k, row + l, (n * c + k) * c + l);
        }
}

/** Gram matrices [N,C,C] of [N, …, C], in float64. */
export function gramOracle(x: Tensor, divisor = 1): Float64Array {
  const g = new Float64Array(imagesOf(x) * channelsOf(x) ** 2);
  eachProduct(x, (a, b, at) => {
    g[at] = g[at]! + (x.values[a]! * x.values[b]!) / divisor;
  });
  return g;
}

/** Gradient in x of ⟨gradient, G⟩. */
export function gramGradientOracle(x: Tensor, gradient: ArrayLike<number>, divisor = 1): Float64Array {
  const dx = new Float64Array(x.values.length);
  eachProduct(x, (a, b, at) => {
    dx[a] = dx[a]! + (gradient[at]! * x.values[b]!) / divisor;
    dx[b] = dx[b]! + (gradient[at]! * x.values[a]!) / divisor;
  });
  return dx;
}

/**
 * Style losses as their sources write them, of one layer of one image with M positions and C channels: `g` its Gram matrix,
 * `a` that of a style image as large, neither divided.
 */
export const styleFormulas: Readonly<
  Record<string, (g: Float64Array, a: Float64Array, m: number, c: number) => number>
> = {
  /** Gatys et al. 2015, equation 4. */
  gatys: (g, a, m, c) => squaredDifference(g, a) / (4 * c ** 2 * m ** 2),
  /** leongatys/PytorchNeuralStyleTransfer: GramMSELoss of Gram matrices over H · W. */
  'gatys-pytorch': (g, a, m, c) => squaredDifference(divided(g, m), divided(a, m)) / c ** 2,
  /** jcjohnson/neural-style: MSECriterion of Gram matrices over C · H · W. */
  johnson: (g, a, m, c) => squaredDifference(divided(g, m * c), divided(a, m * c)) / c ** 2,
};

const divided = (values: Float64Array, divisor: number): Float64Array => values.map((value) => value / divisor);

export function squaredDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum;
}

/** Style loss with `target` [C,C] or [N,C,C], already divided by its image's positions: the sum over images. */
export function styleLossOracle(x: Tensor, target: Tensor, normalization: string): number {
  const [images, m, c] = [imagesOf(x), positionsOf(x), channelsOf(x)];
  const g = gramOracle(x);
  let sum = 0;
  for (let n = 0; n < images; n++) {
    const from = target.shape.length === 2 ? 0 : n * c * c;
    const a = Float64Array.from({ length: c * c }, (_, i) => target.values[from + i]! * m);
    sum += styleFormulas[normalization]!(g.subarray(n * c * c, (n + 1) * c * c), a, m, c);
  }
  return sum;
}

/** Its gradients in features and target. */
export function styleLossGradients(x: Tensor, target: Tensor, normalization: string) {
  const [m, c] = [positionsOf(x), channelsOf(x)];
  const factor = { gatys: 1 / (4 * c ** 2), 'gatys-pytorch': 1 / c ** 2, johnson: 1 / c ** 4 }[normalization]!;
  const g = gramOracle(x, m);
  const to = target.shape.length === 2 ? (i: number) => i % (c * c) : (i: number) => i;
  const slopes = g.map((value, i) => 2 * factor * (value - target.values[to(i)]!));
  const inTarget = new Float64Array(target.values.length);
  for (const [i, slope] of slopes.entries()) inTarget[to(i)] = inTarget[to(i)]! - slope;
  return { features: gramGradientOracle(x, slopes, m), target: inTarget };
}
