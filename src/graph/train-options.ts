import type { Optimizer } from './optimizer.ts';
import type { Trainable } from './trainable.ts';

/** How a graph is trained. */
export interface TrainOptions {
  /** The node whose output starts with the loss. Its other entries carry no gradient. */
  readonly loss: string;
  readonly optimizer: Optimizer;
  /**
   * The parameters that learn, by name or by a test of names; all others are frozen, and no work is done for gradients
   * below the first that learns. Default: all that the loss depends on. Running averages (batchNorm's `mean` and
   * `variance`) do not learn unless a list names them.
   */
  readonly trainable?: Trainable;
  /** Largest Euclidean norm of all gradients together: longer ones are scaled down to it. Default: no limit. */
  readonly clipNorm?: number;
  /** Calls of `step` to an update, which then takes the mean of their gradients. Default: 1. */
  readonly accumulate?: number;
  /**
   * Keep less for the backward pass and compute it again, with the same bits: between the nodes that are named, or, if
   * true, between about √n of n steps. Default: false.
   */
  readonly recompute?: boolean | readonly string[];
}

/** What a call of `step` did. */
export interface StepReport {
  readonly loss: number;
  /** Whether parameters changed: false where gradients are still being gathered. */
  readonly updated: boolean;
  /** Of this update, or of the one that gradients are gathered for. */
  readonly learningRate: number;
  /** Euclidean norm of the gradient, before clipping: of the update's, or of this call's where there was none. */
  readonly gradientNorm: number;
  readonly clipped: boolean;
}
