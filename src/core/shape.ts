import { ShapeError } from './errors.ts';

/** Sizes of a tensor from outermost to innermost, channels last: [N, H, W, C]. */
export type Shape = readonly number[];

export const elementsOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);
export const formatShape = (shape: Shape): string => `[${shape.join(',')}]`;
export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((size, i) => size === b[i]);

/** Both numbers of an attribute that may be given once for both axes; whole numbers of at least `least`. */
export function pairOf(
  op: string,
  what: string,
  value: number | readonly [number, number] | undefined,
  otherwise: number,
  least: number,
): readonly [number, number] {
  const pair = value === undefined ? [otherwise, otherwise] : typeof value === 'number' ? [value, value] : value;
  if (pair.length !== 2 || !pair.every((v) => Number.isInteger(v) && v >= least))
    throw new ShapeError(`${op}: ${what} must be whole numbers of at least ${least}, got ${JSON.stringify(value)}`);
  return [pair[0]!, pair[1]!];
}
