import { InvalidArgumentError } from 'commander';
import { InputError } from '../../core/errors.ts';
import type { LayerShares, Start, StyleImage, StylizeOptions } from '../../style/options.ts';
import { type PresetName, presets } from './presets.ts';

/** What the command line may say of a painting, parsed; what is missing is up to the preset and the library. */
export interface StyleWords {
  readonly preset?: PresetName;
  readonly network?: string;
  readonly weights?: string;
  readonly size?: number;
  readonly styleScale?: number;
  readonly styleWeights?: readonly number[];
  readonly mask?: readonly string[];
  readonly styleMask?: readonly string[];
  readonly contentWeight?: number;
  readonly styleWeight?: number;
  readonly variationWeight?: number;
  readonly variation?: NonNullable<StylizeOptions['variation']>;
  readonly contentLayers?: LayerShares;
  readonly styleLayers?: LayerShares;
  readonly normalization?: NonNullable<StylizeOptions['normalization']>;
  readonly pooling?: 'max' | 'average';
  readonly preserveColors?: NonNullable<StylizeOptions['preserveColors']>;
  readonly start?: string;
  readonly seed?: number;
  readonly optimizer?: 'lbfgs' | 'adam' | 'descent';
  readonly learningRate?: number;
  readonly history?: number;
  readonly levels?: number;
  readonly steps?: number | readonly number[];
  readonly tolerance?: number;
  readonly clamp?: 'end' | 'step';
  readonly tile?: number;
  /** Megabytes. */
  readonly memory?: number;
}

const MEGABYTE = 2 ** 20;
/** What stands for a style without a mask. */
const NONE = 'none';
const noises: readonly string[] = ['content', 'normal', 'uniform'];

/** The network that is asked for, by name, itself or by a preset. */
export const networkOf = ({ preset, network }: StyleWords): string | undefined =>
  network ?? (preset && presets[preset].network);

/** The library's options: those of the preset, and over them what was asked for. */
export function paintingOf(
  content: string,
  styles: readonly string[],
  words: StyleWords,
): Omit<StylizeOptions, 'network'> {
  const { preset, network: _, weights: __, styleWeights, mask, styleMask, start, memory, ...same } = words;
  const chosen: Partial<StylizeOptions> = preset ? presets[preset].options : {};
  // A list of the preset is for its own levels.
  const { steps, ...others } = chosen;
  const fits = same.levels === undefined || same.levels === chosen.levels;
  return {
    ...others,
    ...(fits && steps !== undefined && { steps }),
    ...same,
    ...(Array.isArray(same.steps) && same.levels === undefined && { levels: same.steps.length }),
    ...(start !== undefined && { start: startOf(start) }),
    ...(memory !== undefined && { memory: memory * MEGABYTE }),
    content,
    styles: stylesOf(styles, styleWeights, mask, styleMask),
  };
}

const startOf = (text: string): Start => (noises.includes(text) ? (text as Start) : { image: text }) as Start;

/** Styles with what belongs to each: the first weight and mask to the first, and so on. */
function stylesOf(
  styles: readonly string[],
  styleWeights: readonly number[] = [],
  mask: readonly string[] = [],
  styleMask: readonly string[] = [],
): StyleImage[] {
  for (const [flag, values] of Object.entries({
    '--style-weights': styleWeights,
    '--mask': mask,
    '--style-mask': styleMask,
  }))
    if (values.length > styles.length)
      throw new InputError(
        `${flag}: there are ${values.length} for ${styles.length} style${styles.length > 1 ? 's' : ''}`,
      );
  const file = (name: string | undefined): string | undefined => (name === NONE ? undefined : name);
  return styles.map((image, i) => {
    const [where, part] = [file(mask[i]), file(styleMask[i])];
    return {
      image,
      weight: styleWeights[i] ?? 1,
      ...(where !== undefined && { mask: where }),
      ...(part !== undefined && { imageMask: part }),
    };
  });
}

function parsePositive(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= Number.MAX_VALUE))
    throw new InvalidArgumentError(`It must be a number of at least 0, got ${text}.`);
  return value;
}

/** "2,1": numbers of at least 0. */
export const parseNumbers = (text: string): number[] => text.split(',').map(parsePositive);

/** "conv1_1,conv2_1", or with shares "conv1_1=1,conv2_1=0.5". */
export function parseLayers(text: string): LayerShares {
  const parts = text.split(',').map((part) => part.trim().split('='));
  if (parts.some(([name, ...rest]) => !name || rest.length > 1))
    throw new InvalidArgumentError('It must be names of layers, or names with shares: conv1_1=1,conv2_1=0.5.');
  const shared = parts.filter(([, share]) => share !== undefined);
  if (shared.length === 0) return parts.map(([name]) => name!);
  if (shared.length < parts.length) throw new InvalidArgumentError('Either all layers have a share, or none.');
  return Object.fromEntries(parts.map(([name, share]) => [name!, parsePositive(share!)]));
}

/** "200", or one number a level from the smallest: "100,60,30". */
export function parseSteps(text: string): number | readonly number[] {
  const steps = text.split(',').map((part) => {
    if (!/^[1-9]\d*$/.test(part.trim()))
      throw new InvalidArgumentError('It must be whole numbers of at least 1: 200, or 100,60,30.');
    return Number(part);
  });
  return steps.length === 1 ? steps[0]! : steps;
}

/** "squared", "absolute", "johnson", or the exponent of Σ (dx² + dy²)^(β/2). */
export function parseVariation(text: string): NonNullable<StylizeOptions['variation']> {
  if (text === 'squared' || text === 'absolute' || text === 'johnson') return text;
  const exponent = Number(text);
  if (text.trim() === '' || !(exponent >= 1 && exponent <= 10))
    throw new InvalidArgumentError('It must be squared, absolute, johnson, or an exponent from 1 to 10.');
  return { exponent };
}
