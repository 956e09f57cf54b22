import { InvalidArgumentError } from 'commander';
import { InputError } from '../core/errors.ts';
import type { AugmentOptions } from '../metric/training/augment.ts';
import {
  binaryHead,
  classifier,
  contrastive,
  episodes,
  type Objective,
  triplets,
} from '../metric/training/objectives.ts';
import type { TrainOptions } from '../metric/training/train-options.ts';

/** What `--augment` may be. Amounts are shares, angles degrees. */
export const augmentations: Readonly<Record<string, AugmentOptions | undefined>> = {
  none: undefined,
  mild: { rotate: 5, scale: 0.08, shear: 0.05, shift: 0.04, noise: 0.01 },
  strong: { rotate: 12, scale: 0.2, stretch: 0.15, shear: 0.2, shift: 0.08, elastic: 0.03, noise: 0.01 },
};

/** Losses by the names of `--loss`. */
const objectives = {
  triplets: ({ margin, mining }: LossOptions): Objective =>
    triplets({ mining: mining ?? 'semi-hard', margin: margin ?? 0.2, reduction: 'mean' }),
  episodes: ({ temperature }: LossOptions): Objective => episodes({ temperature: temperature ?? 0.1 }),
  classifier: (): Objective => classifier(),
  contrastive: ({ margin }: LossOptions): Objective => contrastive({ margin: margin ?? 1, reduction: 'mean' }),
  binary: (): Objective => binaryHead({ feature: 'absolute' }),
};
export const losses = Object.keys(objectives);
export const minings = ['all', 'hard', 'semi-hard', 'random'] as const;

export interface LossOptions {
  readonly loss: string;
  readonly margin?: number;
  readonly temperature?: number;
  readonly mining?: (typeof minings)[number];
  readonly classes: number;
  readonly each: number;
}

/** The objective that the options name, and its batches. */
export function objectiveOf(options: LossOptions): Pick<TrainOptions, 'objective' | 'batch'> {
  const { loss, mining, margin, temperature, classes, each } = options;
  const needs = (value: unknown, name: string, of: readonly string[]): void => {
    if (value !== undefined && !of.includes(loss))
      throw new InputError(`--${name} belongs to --loss ${of.join(' or ')}, not to ${loss}`);
  };
  needs(mining, 'mining', ['triplets']);
  needs(margin, 'margin', ['triplets', 'contrastive']);
  needs(temperature, 'temperature', ['episodes']);
  const objective = objectives[loss as keyof typeof objectives](options);
  if (objective.batches === 'classes') return { objective, batch: { classes, each } };
  // As many rows; half of the pairs are of one class.
  return { objective, batch: { pairs: 2 * Math.ceil((classes * each) / 4) } };
}

/** A number from the command line of at least `least`, whole where told. */
export const parseNumber =
  (least: number, whole = false) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value < least || (whole && !Number.isInteger(value)))
      throw new InvalidArgumentError(`It must be a ${whole ? 'whole ' : ''}number of at least ${least}.`);
    return value;
  };

/** A share from the command line. */
export function parseShare(text: string): number {
  const value = parseNumber(0)(text);
  if (value >= 1) throw new InvalidArgumentError('It must be a share from 0 to below 1.');
  return value;
}

/** Filters of the blocks: "64,64,64". */
export const parseFilters = (text: string): number[] => text.split(',').map(parseNumber(1, true));
