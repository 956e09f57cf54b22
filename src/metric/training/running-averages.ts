import type { Parameters } from '../../graph/parameters.ts';
import type { RunningNorm } from './training-graph.ts';

/**
 * Running averages of a batch normalisation after a step, from the batch's moments, [2, C]: each moves by `momentum` towards the batch's
 * mean, and towards its variance without bias, M / (M − 1) of it (as PyTorch does).
 */
export function movedAverages(
  parameters: Parameters,
  norm: RunningNorm,
  moments: Float32Array,
  momentum: number,
): { readonly mean: Float32Array; readonly variance: Float32Array } {
  const c = moments.length / 2;
  const unbiased = norm.values / (norm.values - 1);
  const mean = parameters.read(norm.mean);
  const variance = parameters.read(norm.variance);
  for (let i = 0; i < c; i++) {
    mean[i] = mean[i]! + momentum * (moments[i]! - mean[i]!);
    variance[i] = variance[i]! + momentum * (moments[c + i]! * unbiased - variance[i]!);
  }
  return { mean, variance };
}
