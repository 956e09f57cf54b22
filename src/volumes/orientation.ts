import { type Affine, columnOf, lengthOf } from './affine.ts';

/** The letters of each axis of the world, where it leads against its direction and along it: left, right; posterior, anterior; inferior, superior. */
const LETTERS = ['LR', 'PA', 'IS'] as const;
const ORDERS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;

/** For an axis of voxels: the axis of the world that it runs along (0 x, 1 y, 2 z), and whether along it (1) or against it (−1). */
export interface Heading {
  readonly axis: 0 | 1 | 2;
  readonly sign: 1 | -1;
}

/**
 * Where the voxel axes x, y, z lead: the assignment to the axes of the world with the largest sum of |cosines|; the first of
 * equal ones.
 */
export function headingsOf(affine: Affine): readonly Heading[] {
  const cosines = [0, 1, 2].map((axis) => {
    const column = columnOf(affine, axis);
    const length = lengthOf(column);
    return column.map((value) => value / length);
  });
  const agreement = (order: readonly number[]): number =>
    order.reduce((sum, world, axis) => sum + Math.abs(cosines[axis]![world]!), 0);
  const best = ORDERS.reduce((found, order) => (agreement(order) > agreement(found) ? order : found));
  return best.map((axis, voxelAxis) => ({ axis, sign: cosines[voxelAxis]![axis]! < 0 ? -1 : 1 }));
}

/** Three letters that say where the voxel axes x (width), y (height) and z (depth) lead: `RAS` = right, anterior, superior. */
export const orientationOf = (affine: Affine): string =>
  headingsOf(affine)
    .map(({ axis, sign }) => LETTERS[axis]![sign < 0 ? 0 : 1])
    .join('');

/** What an orientation says; undefined where it is none: three of the letters, one of each pair. */
export function parseOrientation(code: string): readonly Heading[] | undefined {
  const headings = [...code].map((letter): Heading | undefined => {
    const axis = LETTERS.findIndex((pair) => pair.includes(letter));
    return axis < 0 ? undefined : { axis: axis as Heading['axis'], sign: LETTERS[axis]![0] === letter ? -1 : 1 };
  });
  const axes = new Set(headings.map((heading) => heading?.axis));
  if (headings.length !== 3 || axes.size !== 3 || axes.has(undefined)) return undefined;
  return headings as readonly Heading[];
}
