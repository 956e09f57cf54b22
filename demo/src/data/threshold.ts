import { DEFAULT_THRESHOLD } from 'facsimile/faces';
import { observable } from './observable.ts';

const KEY = 'facsimile.threshold';
export const LARGEST = 1.2;

function stored(): number {
  const value = Number(localStorage.getItem(KEY) ?? Number.NaN);
  return value > 0 && value <= LARGEST ? value : DEFAULT_THRESHOLD;
}

/** τ: the largest distance that still means the same person, in every room of the page. */
export const threshold = observable(stored());
threshold.watch((value) => localStorage.setItem(KEY, String(value)));

export { DEFAULT_THRESHOLD };
