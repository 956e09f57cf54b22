/**
 * A map of space, x′ = A·x + t: the rows of [A | t], one behind the other, 12 numbers. Of a volume it takes a voxel (x along
 * the width, y along the height, z along the depth; the middle of the first voxel is 0, 0, 0) to a place in millimetres:
 * x to the patient's right, y to the front (anterior), z up (superior): NIfTI's RAS+.
 */
export type Affine = readonly number[];

/** A place or a direction: x, y, z. */
export type Vector = readonly [x: number, y: number, z: number];

export const identity: Affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

/** From columns: where x, y and z lead, and where 0, 0, 0 lies. */
export const affineOf = (x: Vector, y: Vector, z: Vector, origin: Vector): Affine =>
  [0, 1, 2].flatMap((row) => [x[row]!, y[row]!, z[row]!, origin[row]!]);

/** A column: where x (0), y (1) or z (2) leads, or (3) where 0, 0, 0 lies. */
export const columnOf = (affine: Affine, column: number): Vector => [
  affine[column]!,
  affine[4 + column]!,
  affine[8 + column]!,
];

export const applied = (a: Affine, [x, y, z]: Vector): Vector => [
  a[0]! * x + a[1]! * y + a[2]! * z + a[3]!,
  a[4]! * x + a[5]! * y + a[6]! * z + a[7]!,
  a[8]! * x + a[9]! * y + a[10]! * z + a[11]!,
];

const applyLinear = (a: Affine, [x, y, z]: Vector): Vector => [
  a[0]! * x + a[1]! * y + a[2]! * z,
  a[4]! * x + a[5]! * y + a[6]! * z,
  a[8]! * x + a[9]! * y + a[10]! * z,
];

/** First `inner`, then `outer`. */
export const composed = (outer: Affine, inner: Affine): Affine =>
  affineOf(
    applyLinear(outer, columnOf(inner, 0)),
    applyLinear(outer, columnOf(inner, 1)),
    applyLinear(outer, columnOf(inner, 2)),
    applied(outer, columnOf(inner, 3)),
  );

const cross = ([a, b, c]: Vector, [d, e, f]: Vector): Vector => [b * f - c * e, c * d - a * f, a * e - b * d];
export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const lengthOf = (a: Vector): number => Math.sqrt(dot(a, a));
const scaled = (a: Vector, by: number): Vector => [a[0] * by, a[1] * by, a[2] * by];
/** The direction at right angles to two others, of length 1 where they are, and at right angles. */
export const normalOf = cross;

/** det A: the volume of a voxel, negative where the axes are left-handed. */
export const determinant = (a: Affine): number => dot(columnOf(a, 0), cross(columnOf(a, 1), columnOf(a, 2)));

/** The map back; numbers that are not finite where A has no inverse, which no volume's has. */
export function inverse(a: Affine): Affine {
  const [x, y, z] = [columnOf(a, 0), columnOf(a, 1), columnOf(a, 2)];
  const share = 1 / determinant(a);
  const rows = [cross(y, z), cross(z, x), cross(x, y)].map((row) => scaled(row, share));
  const origin = columnOf(a, 3);
  return rows.flatMap((row) => [...row, -dot(row, origin)]);
}
