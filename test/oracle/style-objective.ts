import { resolveWindow } from '../../src/core/window.ts';
import type { TotalVariationAttributes } from '../../src/graph/ops/total-variation.ts';
import type { StyleNormalization } from '../../src/style/normalization.ts';
import type { Tensor } from '../support/run-op.ts';
import { convolution } from './convolution.ts';
import { averagePoolOracle, maxPoolOracle } from './pool.ts';
import { styleFormulas } from './style.ts';
import { totalVariationOracle } from './total-variation.ts';

/** A style as J is defined: a picture, its share, what of the result it is for and what of it counts. */
interface OracleStyle {
  readonly picture: Tensor;
  readonly weight: number;
  /** Factors t of the positions, by layer. */
  readonly mask?: Readonly<Record<string, Float64Array>>;
  readonly imageMask?: Readonly<Record<string, Float64Array>>;
}

export interface OracleObjective {
  readonly features: (picture: Tensor) => Readonly<Record<string, Tensor>>;
  readonly content: Tensor;
  /** α times shares. */
  readonly contentLayers: Readonly<Record<string, number>>;
  readonly styles: readonly OracleStyle[];
  /** β · λ[l]. */
  readonly styleLayers: Readonly<Record<string, number>>;
  readonly normalization: StyleNormalization;
  readonly variation: TotalVariationAttributes & { readonly weight: number };
}

interface NetworkOptions {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly mean: readonly number[];
  readonly divisor: number;
  readonly pooling: 'max' | 'average';
}

/** The activations of a → b → pool → c in float64. */
export const smallFeatures =
  ({ tensors, mean, divisor, pooling }: NetworkOptions) =>
  (picture: Tensor): Record<string, Tensor> => {
    const layer = (x: Tensor, name: string): Tensor => {
      const [filters, bias] = [tensors[`${name}/filters`]!, tensors[`${name}/bias`]!];
      const window = resolveWindow('conv', x.shape, [3, 3], { padding: 'same' });
      const linear = convolution({ x, filters, window, groups: 1 }, bias.values);
      return { shape: [...x.shape.slice(0, -1), filters.shape.at(-1)!], values: linear.map((v) => Math.max(v, 0)) };
    };
    const seen = Float64Array.from(picture.values, (v, i) => (v - mean[i % 3]!) / divisor);
    const a = layer({ shape: picture.shape, values: seen }, 'a');
    const b = layer(a, 'b');
    const [n, h, w, c] = b.shape as [number, number, number, number];
    const pool = pooling === 'max' ? maxPoolOracle : averagePoolOracle;
    const small = { shape: [n, Math.floor(h / 2), Math.floor(w / 2), c], values: pool.forward({ x0: b }, { size: 2 }) };
    return { a, b, c: layer(small, 'c') };
  };

/** Gram matrix of features behind factors t: Σ t² a a′ / Σ t², the plain one over the positions without. */
function guidedGram({ shape, values }: Tensor, t?: Float64Array): Float64Array {
  const c = shape.at(-1)!;
  const positions = values.length / c;
  const g = new Float64Array(c * c);
  let sum = 0;
  for (let p = 0; p < positions; p++) {
    const share = t ? t[p]! ** 2 : 1;
    sum += share;
    for (let k = 0; k < c; k++)
      for (let l = 0; l < c; l++) g[k * c + l]! += share * values[p * c + k]! * values[p * c + l]!;
  }
  return g.map((value) => value / sum);
}

const squares = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, v) => sum + v * v, 0);

/** J as a function of the picture, each style compared for itself, in float64. */
export function styleObjectiveOracle(j: OracleObjective) {
  const wanted = j.features(j.content);
  const relative = j.normalization === 'relative';
  const grams = j.styles.map(({ picture, imageMask }) => {
    const features = j.features(picture);
    return Object.fromEntries(Object.entries(features).map(([l, f]) => [l, guidedGram(f, imageMask?.[l])]));
  });

  const contentLoss = (seen: Readonly<Record<string, Tensor>>): number => {
    let sum = 0;
    for (const [layer, weight] of Object.entries(j.contentLayers)) {
      const [a, t] = [seen[layer]!.values, wanted[layer]!.values];
      const factor = relative ? 1 / squares(t) : j.normalization === 'gatys' ? 1 / 2 : 1 / t.length;
      sum += weight * factor * squares(Float64Array.from(a, (v, i) => v - t[i]!));
    }
    return sum;
  };

  const styleLoss = (seen: Readonly<Record<string, Tensor>>): number => {
    let sum = 0;
    for (const [layer, weight] of Object.entries(j.styleLayers)) {
      const c = seen[layer]!.shape.at(-1)!;
      const scale = j.styles.reduce((total, { weight: share }, i) => total + share * squares(grams[i]![layer]!), 0);
      for (const [i, { weight: share, mask }] of j.styles.entries()) {
        const [g, a] = [guidedGram(seen[layer]!, mask?.[layer]), grams[i]![layer]!];
        const loss = relative
          ? squares(g.map((v, k) => v - a[k]!)) / scale
          : styleFormulas[j.normalization]!(g, a, 1, c);
        sum += weight * share * loss;
      }
    }
    return sum;
  };

  return (picture: Tensor) => {
    const seen = j.features(picture);
    const { weight, ...form } = j.variation;
    const parts = {
      content: contentLoss(seen),
      style: styleLoss(seen),
      variation: weight * (totalVariationOracle(picture, form).value / (relative ? picture.values.length : 1)),
    };
    return { ...parts, total: parts.content + parts.style + parts.variation };
  };
}
