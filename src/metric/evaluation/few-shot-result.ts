import type { Interval } from './interval.ts';
import { normalWidth } from './normal.ts';

/** How right few-shot classification was, episode by episode: an episode is a support set and what was asked about it. */
export interface FewShotResult {
  readonly trials: number;
  readonly correct: number;
  /** correct / trials, 0 … 1. */
  readonly accuracy: number;
  /** Mean of the episodes ± z standard errors, within 0 … 1; all of it where there is one episode. */
  readonly interval: Interval;
  /** The accuracy of each episode. */
  readonly episodes: readonly number[];
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Sums up episodes, of which each has its correct answers and its trials. */
export function resultOf(correct: readonly number[], trials: readonly number[], confidence: number): FewShotResult {
  const episodes = correct.map((count, i) => count / trials[i]!);
  const mean = sum(episodes) / episodes.length;
  const variance = sum(episodes.map((value) => (value - mean) * (value - mean))) / (episodes.length - 1);
  const reach = episodes.length > 1 ? normalWidth(confidence) * Math.sqrt(variance / episodes.length) : 1;
  return {
    trials: sum(trials),
    correct: sum(correct),
    accuracy: sum(correct) / sum(trials),
    interval: { low: Math.max(0, mean - reach), high: Math.min(1, mean + reach), confidence },
    episodes,
  };
}
