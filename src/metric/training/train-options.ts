import { InputError } from '../../core/errors.ts';
import type { Shape } from '../../core/shape.ts';
import type { Optimizer } from '../../graph/optimizer.ts';
import type { Parameters } from '../../graph/parameters.ts';
import type { Engine } from '../../runtime/engine.ts';
import type { AugmentOptions } from './augment.ts';
import type { Objective } from './objectives.ts';
import type { ValidationOptions } from './validation.ts';

export interface TrainOptions {
  /** Values that training starts from: those of the encoder; heads of the objective start by themselves. */
  readonly parameters: Parameters;
  readonly objective: Objective;
  /** P classes × K examples; for objectives on pairs, how many. */
  readonly batch: { readonly classes: number; readonly each: number } | { readonly pairs: number };
  readonly optimizer: Optimizer;
  /** Steps in all, those before a resumed checkpoint included. */
  readonly steps: number;
  /** Decides every batch, augmentation and head: equal seeds give equal bits. Default: 0. */
  readonly seed?: number;
  /** Node that holds embeddings, [N, D]. Default: the graph's last one. */
  readonly output?: string;
  /** Shape of one row of the graph's input. Default: that of the examples; pictures are brought to it. */
  readonly shape?: Shape;
  /** How pictures are changed at random; `'own'`: as the dataset itself varies its examples. Default: not at all. */
  readonly augment?: AugmentOptions | 'own';
  /** Classes with one example: an error, or left out. Default: `'fail'`. */
  readonly lone?: 'fail' | 'skip';
  /** Which parameters learn. Default: all. */
  readonly trainable?: (name: string) => boolean;
  readonly clipNorm?: number;
  readonly accumulate?: number;
  readonly recompute?: boolean;
  /** How far running averages of batch normalisation move at each step. Default: 0.1. */
  readonly momentum?: number;
  /** A measure on classes that are held out, and when to stop. */
  readonly validation?: ValidationOptions;
  /** A file that is written every so many steps, at the end, and when the signal says stop. */
  readonly checkpoint?: { readonly path: string; readonly every: number };
  /** A checkpoint to go on from: the run ends with the bits of one that never stopped. */
  readonly resume?: Uint8Array;
  readonly signal?: AbortSignal;
  readonly engine?: Engine;
}

/** @throws InputError naming the option that is out of range. */
export function checkTrainOptions({
  objective,
  batch,
  steps,
  seed = 0,
  momentum = 0.1,
  checkpoint,
}: TrainOptions): void {
  const kind = 'pairs' in batch ? 'pairs' : 'classes';
  if (objective.batches !== kind)
    throw new InputError(
      `trainEmbedding: ${objective.name} takes batches of ${objective.batches}, got ${JSON.stringify(batch)}`,
    );
  if (!Number.isInteger(steps) || steps < 1)
    throw new InputError(`trainEmbedding: steps must be a whole number of at least 1, got ${steps}`);
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new InputError(`trainEmbedding: seed must be a whole number of at least 0, got ${seed}`);
  if (!(momentum > 0 && momentum <= 1))
    throw new InputError(`trainEmbedding: momentum must lie above 0 and be at most 1, got ${momentum}`);
  if (checkpoint && !(Number.isInteger(checkpoint.every) && checkpoint.every > 0))
    throw new InputError(
      `trainEmbedding: checkpoint.every must be a whole number of at least 1, got ${checkpoint.every}`,
    );
}
