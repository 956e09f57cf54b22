import type { StyleNormalization } from './normalization.ts';

/** α, β and the factor of the variation. */
interface Weights {
  readonly contentWeight: number;
  readonly styleWeight: number;
  readonly variationWeight: number;
}

/** How a network paints well, found by looking: everything that is not asked for otherwise. */
export interface StyleDefaults extends Weights {
  readonly pooling: 'max' | 'average';
  readonly levels: number;
  /** Iterations of each level. */
  readonly steps: number;
}

/** With other normalisations: what was published with them, for VGG-19. */
const published: Readonly<Record<Exclude<StyleNormalization, 'relative'>, Weights>> = {
  /** Gatys et al. 2016: α / β = 1e-3. */
  gatys: { contentWeight: 1, styleWeight: 1e3, variationWeight: 0 },
  /** leongatys/PytorchNeuralStyleTransfer, whose layers have shares of 1 / C² each. */
  'gatys-pytorch': { contentWeight: 1, styleWeight: 1e3, variationWeight: 0 },
  /** jcjohnson/neural-style: `-content_weight 5 -style_weight 1e2 -tv_weight 1e-3`. */
  johnson: { contentWeight: 5, styleWeight: 100, variationWeight: 1e-3 },
};

const usual: StyleDefaults = {
  contentWeight: 1,
  styleWeight: 50,
  variationWeight: 3e-4,
  pooling: 'max',
  levels: 2,
  steps: 100,
};

const networks: Readonly<Record<string, Partial<StyleDefaults>>> = {
  // Its strides leave a grid behind max pooling.
  squeezenet: { pooling: 'average' },
};

export function defaultsOf(network: string, normalization: StyleNormalization): StyleDefaults {
  const own = Object.hasOwn(networks, network) ? networks[network] : {};
  return { ...usual, ...own, ...(normalization !== 'relative' && published[normalization]) };
}
