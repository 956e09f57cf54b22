import { direction } from '../core/angle.ts';

/**
 * Windows by name. `hann`: ½ − ½·cos(2πj/n), periodic, as librosa and SciPy have it for spectra; `hamming`: 0.54 −
 * 0.46·cos(2πj/(n − 1)), symmetric, as HTK has it; `rectangular`: 1.
 */
export type WindowName = 'hann' | 'hamming' | 'rectangular';

const cosine = (turn: number): number => direction(360 * turn).cos;

const windows: Readonly<Record<WindowName, (j: number, n: number) => number>> = {
  hann: (j, n) => 0.5 - 0.5 * cosine(j / n),
  hamming: (j, n) => (n === 1 ? 1 : 0.54 - 0.46 * cosine(j / (n - 1))),
  rectangular: () => 1,
};

export const windowNames = Object.keys(windows) as readonly WindowName[];

/** A window of `length` values in the middle of `size`, zeros around it; what is odd goes after, as in librosa. */
export function windowOf(name: WindowName, length: number, size = length): Float64Array {
  const values = new Float64Array(size);
  const first = Math.floor((size - length) / 2);
  for (let j = 0; j < length; j++) values[first + j] = windows[name](j, length);
  return values;
}
