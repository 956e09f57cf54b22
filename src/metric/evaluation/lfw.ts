import { InputError } from '../../core/errors.ts';
import { accuracyAt, bestThreshold } from './accuracy.ts';
import { auc, equalErrorRate, tarAtFar } from './roc.ts';
import type { ScoredPair } from './scored-pairs.ts';

/** One fold of the protocol: judged at a threshold that was chosen on the others. */
export interface LfwFold {
  readonly pairs: number;
  readonly tau: number;
  readonly accuracy: number;
}

/** What the LFW protocol says of a set of pairs. Rates are shares, 0 … 1. */
export interface LfwResult {
  /** Mean over the folds of the accuracy at the threshold chosen on the other folds. */
  readonly accuracy: number;
  /** Of that mean: √(Σ (accuracyᵢ − accuracy)² / (n − 1)) / √n over n folds. */
  readonly standardError: number;
  /** Mean of the thresholds of the folds. */
  readonly tau: number;
  /** Accuracy over all pairs at a distance of 0.6, the face network's own threshold. */
  readonly accuracyAt06: number;
  readonly auc: number;
  /** Equal error rate. */
  readonly eer: number;
  /** The true accept rate with at most one false accept in a hundred pairs of two people. */
  readonly tarAtFar1: number;
  readonly folds: readonly LfwFold[];
}

/**
 * The protocol of Labeled Faces in the Wild (Huang et al. 2007, image-restricted, outside data): each fold is decided at
 * the threshold that is most accurate on all the others (`bestThreshold`), and the accuracies are averaged.
 *
 * `folds[i]` is the fold of pair i. AUC, EER and TAR are over all pairs at once.
 *
 * @throws InputError where there are fewer than two folds, or both kinds of pair are not left without one of them.
 */
export function lfwProtocol(pairs: readonly ScoredPair[], folds: readonly number[]): LfwResult {
  if (folds.length !== pairs.length)
    throw new InputError(`lfwProtocol: expected the fold of each of ${pairs.length} pairs, got ${folds.length}`);
  const names = [...new Set(folds)].sort((a, b) => a - b);
  if (names.length < 2) throw new InputError(`lfwProtocol: expected at least two folds, got ${names.length}`);
  const results = names.map((name): LfwFold => {
    const held = pairs.filter((_, i) => folds[i] === name);
    const { threshold } = bestThreshold(pairs.filter((_, i) => folds[i] !== name));
    return { pairs: held.length, tau: threshold, accuracy: accuracyAt(held, threshold) };
  });
  const accuracy = meanOf(results.map((fold) => fold.accuracy));
  const squares = results.reduce((sum, fold) => sum + square(fold.accuracy - accuracy), 0);
  return {
    accuracy,
    standardError: Math.sqrt(squares / (results.length - 1)) / Math.sqrt(results.length),
    tau: meanOf(results.map((fold) => fold.tau)),
    accuracyAt06: accuracyAt(pairs, 0.6),
    auc: auc(pairs),
    eer: equalErrorRate(pairs),
    tarAtFar1: tarAtFar(pairs, 0.01).tar,
    folds: results,
  };
}

const square = (value: number): number => value * value;

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
