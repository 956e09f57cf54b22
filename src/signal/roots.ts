import { direction } from '../core/angle.ts';

/** e^(−2πi·k/n) for k < ¾·n, (re, im) behind one another, with the same bits on every engine; n a power of two. */
export function rootsOfUnity(n: number): Float64Array {
  const count = Math.ceil(n * 0.75);
  const roots = new Float64Array(2 * count);
  for (let k = 0; k < count; k++) {
    const { cos, sin } = direction((360 * k) / n);
    roots[2 * k] = cos;
    roots[2 * k + 1] = -sin;
  }
  return roots;
}
