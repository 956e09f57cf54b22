import type { Kernels } from '../runtime/generated/abi.ts';

/** One parameter as an update finds it; addresses in bytes. */
export interface Update {
  readonly name: string;
  readonly elements: number;
  /** Its values, which the update changes. */
  readonly values: number;
  readonly gradient: number;
  /** What the optimiser keeps of it: tensors of its size, zeros before the first update, in the order of `states`. */
  readonly states: readonly number[];
}

/** How a training plan changes parameters. It holds no numbers that change: those are the plan's, and in checkpoints. */
export interface Optimizer {
  readonly name: string;
  /** Names of the tensors that it keeps of each parameter, as checkpoints call them. */
  readonly states: readonly string[];
  /** The learning rate of an update, counted from 0. */
  learningRate(step: number): number;
  /** Updates one parameter. Allocates nothing. @param step counted from 0 */
  update(kernels: Kernels, parameter: Update, step: number): void;
}
