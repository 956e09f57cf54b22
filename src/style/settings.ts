import { InputError } from '../core/errors.ts';
import type { TotalVariationAttributes } from '../graph/ops/total-variation.ts';
import type { Optimizer } from '../graph/optimizer.ts';
import type { FeatureNetwork } from '../models/feature-network.ts';
import { adam } from '../optimize/adam.ts';
import { sgd } from '../optimize/sgd.ts';
import type { PreserveColors } from './colors.ts';
import { defaultsOf } from './defaults.ts';
import type { StyleNormalization } from './normalization.ts';
import type { LayerWeight } from './objective.ts';
import type { LayerShares, StylizeOptions } from './options.ts';
import type { TileOptions } from './tiling/choice.ts';

/** Options with their defaults, checked. */
export interface Settings {
  readonly styleScale: number;
  /** With α. */
  readonly contentLayers: readonly LayerWeight[];
  /** With β. */
  readonly styleLayers: readonly LayerWeight[];
  readonly normalization: StyleNormalization;
  readonly variation: TotalVariationAttributes & { readonly weight: number };
  readonly pooling: 'max' | 'average';
  readonly preserveColors: PreserveColors | undefined;
  readonly start: 'content' | 'normal' | 'uniform' | 'image';
  readonly seed: number;
  /** Pixels around the picture that are painted and cut off. */
  readonly margin: number;
  readonly optimizer: 'lbfgs' | Optimizer;
  readonly history: number | undefined;
  /** Iterations of each level, from the smallest. */
  readonly steps: readonly number[];
  readonly tolerance: number;
  readonly clamp: 'end' | 'step';
  readonly tiles: TileOptions;
}

/** Adam moves each value by about this many grey levels a step at first. */
const ADAM_RATE = 10;
/** The course's own G := G − ∂J/∂G. */
const DESCENT_RATE = 1;
const MOST_LEVELS = 12;
const MARGIN = 8;
const NORMALIZATIONS: readonly StyleNormalization[] = ['relative', 'gatys', 'gatys-pytorch', 'johnson'];
const COLORS: readonly PreserveColors[] = ['luminance', 'covariance', 'histogram'];

/** @throws InputError naming the option, what was expected and what came */
export function settingsOf(options: StylizeOptions): Settings {
  const { network, seed = 0, styleScale = 1, tolerance = 0, history, start } = options;
  const { margin = network.input.fixed ? 0 : MARGIN } = options;
  const normalization = oneOf('normalization', options.normalization, NORMALIZATIONS);
  const defaults = defaultsOf(network.name, normalization);
  const weightOf = (name: 'contentWeight' | 'styleWeight' | 'variationWeight'): number => {
    const weight = options[name] ?? defaults[name];
    if (!(weight >= 0 && weight <= Number.MAX_VALUE)) refuse(name, 'a finite number of at least 0', weight);
    return weight;
  };
  if (!Number.isSafeInteger(seed)) refuse('seed', 'a whole number', seed);
  if (!(styleScale > 0 && styleScale <= 8)) refuse('styleScale', 'a number above 0, at most 8', styleScale);
  if (!(tolerance >= 0 && tolerance < 1)) refuse('tolerance', 'a number from 0 to below 1', tolerance);
  if (!(Number.isInteger(margin) && margin >= 0 && margin <= 256))
    refuse('margin', 'a whole number from 0 to 256', margin);
  if (history !== undefined) checkWhole('history', history, 1);
  const contentLayers = layersOf(
    'contentLayers',
    network,
    options.contentLayers ?? network.content,
    weightOf('contentWeight'),
  );
  const styleLayers = layersOf('styleLayers', network, options.styleLayers ?? network.style, weightOf('styleWeight'));
  const variation = { ...variationOf(options.variation ?? 'squared'), weight: weightOf('variationWeight') };
  if (![...contentLayers, ...styleLayers, variation].some(({ weight }) => weight > 0))
    throw new InputError(
      'stylize: contentWeight, styleWeight and variationWeight are all 0: there is nothing to paint',
    );
  return {
    styleScale,
    contentLayers,
    styleLayers,
    normalization,
    variation,
    pooling: oneOf('pooling', options.pooling ?? defaults.pooling, ['max', 'average']),
    preserveColors: options.preserveColors && oneOf('preserveColors', options.preserveColors, COLORS),
    start: typeof start === 'object' ? 'image' : oneOf('start', start, ['content', 'normal', 'uniform']),
    seed,
    margin,
    optimizer: optimizerOf(options),
    history,
    steps: stepsOf(
      options.levels ?? (Array.isArray(options.steps) ? options.steps.length : defaults.levels),
      options.steps ?? defaults.steps,
    ),
    tolerance,
    clamp: oneOf('clamp', options.clamp, ['end', 'step']),
    tiles: { tile: options.tile, memory: options.memory },
  };
}

function refuse(name: string, expected: string, got: unknown): never {
  throw new InputError(
    `stylize: ${name} must be ${expected}, got ${typeof got === 'object' ? JSON.stringify(got) : got}`,
  );
}

function checkWhole(name: string, value: number, least: number): void {
  if (!(Number.isSafeInteger(value) && value >= least)) refuse(name, `a whole number of at least ${least}`, value);
}

/** @throws InputError unless `value` is one of the names; the first of them where it is missing */
function oneOf<T extends string>(name: string, value: T | undefined, names: readonly T[]): T {
  if (value === undefined) return names[0]!;
  if (!names.includes(value)) refuse(name, `one of ${names.join(', ')}`, value);
  return value;
}

/** Layers with their shares times a weight. */
function layersOf(name: string, network: FeatureNetwork, shares: LayerShares, weight: number): LayerWeight[] {
  const entries: (readonly [string, number])[] = Array.isArray(shares)
    ? shares.map((layer: string) => [layer, 1 / shares.length])
    : Object.entries(shares as Readonly<Record<string, number>>);
  if (entries.length === 0 && weight > 0) refuse(name, 'a layer or more', shares);
  return entries.map(([layer, share]) => {
    if (!network.layers.includes(layer))
      throw new InputError(
        `stylize: ${name}: ${network.name} has no layer "${layer}"; it has ${network.layers.join(', ')}`,
      );
    if (!(share >= 0 && share <= Number.MAX_VALUE)) refuse(`${name}.${layer}`, 'a finite number of at least 0', share);
    return { layer, weight: weight * share };
  });
}

function variationOf(form: NonNullable<StylizeOptions['variation']>): TotalVariationAttributes {
  if (typeof form !== 'object') return { form: oneOf('variation', form, ['squared', 'absolute', 'johnson']) };
  const { exponent } = form;
  if (!(exponent >= 1 && exponent <= 10)) refuse('variation.exponent', 'a number from 1 to 10', exponent);
  return { form: 'exponent', exponent };
}

function optimizerOf({ optimizer = 'lbfgs', learningRate }: StylizeOptions): 'lbfgs' | Optimizer {
  if (typeof optimizer === 'object' || optimizer === 'lbfgs') {
    if (learningRate !== undefined)
      throw new InputError('stylize: learningRate goes with the optimizers adam and descent; others have their own');
    return optimizer;
  }
  return oneOf('optimizer', optimizer, ['adam', 'descent']) === 'adam'
    ? adam({ learningRate: learningRate ?? ADAM_RATE })
    : sgd({ learningRate: learningRate ?? DESCENT_RATE });
}

function stepsOf(levels: number, steps: number | readonly number[]): readonly number[] {
  if (!(Number.isInteger(levels) && levels >= 1 && levels <= MOST_LEVELS))
    refuse('levels', `a whole number from 1 to ${MOST_LEVELS}`, levels);
  const each = typeof steps === 'number' ? new Array<number>(levels).fill(steps) : steps;
  if (each.length !== levels) refuse('steps', `one number or ${levels}, one a level`, steps);
  for (const count of each) checkWhole('steps', count, 1);
  return each;
}
