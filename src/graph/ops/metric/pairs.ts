import { ShapeError } from '../../../core/errors.ts';
import { formatShape, type Shape, sameShape } from '../../../core/shape.ts';

/** Pairs of rows: two tensors [P,D], or one with the rows of a pair behind one another, [P,2,D] or [2P,D]. */
export interface Pairs {
  readonly count: number;
  readonly d: number;
  readonly interleaved: boolean;
}

/** @throws ShapeError naming the op and what came. */
export function pairsOf(op: string, inputs: readonly Shape[]): Pairs {
  const [a, b] = inputs;
  if (inputs.length === 2 && a!.length === 2 && sameShape(a!, b!))
    return { count: a![0]!, d: a![1]!, interleaved: false };
  if (inputs.length === 1 && a!.length === 3 && a![1] === 2) return { count: a![0]!, d: a![2]!, interleaved: true };
  if (inputs.length === 1 && a!.length === 2 && a![0]! % 2 === 0)
    return { count: a![0]! / 2, d: a![1]!, interleaved: true };
  throw new ShapeError(
    `${op}: takes pairs of rows as two [P,D] or as one [P,2,D] or [2P,D], got ${inputs.map(formatShape).join(' ')}`,
  );
}

/** Where the two sides of the pairs lie, from the addresses of the inputs or of their gradients, and bytes between rows. */
export function sidesOf(
  { d, interleaved }: Pairs,
  [first, second]: readonly number[],
): [a: number, b: number, row: number] {
  if (interleaved) return [first!, first! && first! + d * 4, d * 8];
  return [first!, second!, d * 4];
}
