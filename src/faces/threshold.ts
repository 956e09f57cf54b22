import { InputError } from '../core/errors.ts';

/** Largest Euclidean distance that still means the same person: what dlib states for its network. */
export const DEFAULT_THRESHOLD = 0.6;

/** @throws InputError unless it is a finite distance of at least 0: NaN would make everyone different from themselves. */
export function checkedThreshold(who: string, threshold: number): number {
  if (typeof threshold !== 'number' || !Number.isFinite(threshold) || threshold < 0)
    throw new InputError(`${who}: threshold must be a finite distance of at least 0, got ${threshold}`);
  return threshold;
}
