import { VolumeError } from '../core/errors.ts';
import { elementsOf, formatShape } from '../core/shape.ts';
import { type Affine, applied, columnOf, determinant, lengthOf, type Vector } from './affine.ts';
import { orientationOf } from './orientation.ts';

/** A number for each axis of a volume, in the order of its values: depth, height, width. */
export type Triple = readonly [depth: number, height: number, width: number];

export interface VolumeParts {
  /** [depth, height, width], the width running fastest. */
  readonly values: Float32Array;
  readonly shape: Triple;
  /** Voxel (x, y, z) → millimetres. Default: `spacing` along the axes, the first voxel at 0. */
  readonly affine?: Affine;
  /** Millimetres from voxel to voxel, for volumes without an affine. Default: 1 each. */
  readonly spacing?: Triple;
  /** What the values are: `HU` for Hounsfield units; empty where nobody knows. Default: empty. */
  readonly unit?: string;
}

/** Of the product of a voxel's sides: below it the sides lie in one plane. */
const FLAT = 1e-6;

/**
 * A CT, an MRI or another scan: numbers on a grid, and where in the patient each lies.
 *
 * Every Volume is sound: as many values as its shape says, each finite; a spacing above 0 along each axis; axes that span
 * space.
 *
 * @throws VolumeError naming what is not
 * @example
 * const block = new Volume({ values: new Float32Array(24), shape: [2, 3, 4], spacing: [5, 1, 1] });
 */
export class Volume {
  /** [depth, height, width], the width running fastest. */
  readonly values: Float32Array;
  readonly shape: Triple;
  /** Voxel (x, y, z) → millimetres (right, anterior, superior). */
  readonly affine: Affine;
  /** Millimetres from voxel to voxel: along depth, height, width. */
  readonly spacing: Triple;
  /** Where the axes x (width), y (height), z (depth) lead, by the nearest axes of the patient: `RAS`, `LPS` … */
  readonly orientation: string;
  readonly unit: string;

  constructor({ values, shape, spacing = [1, 1, 1], affine = along(spacing), unit = '' }: VolumeParts) {
    if (shape.length !== 3 || !shape.every((size) => Number.isInteger(size) && size > 0))
      throw new VolumeError(
        `volume: its shape must be [depth, height, width] of whole numbers above 0, got ${formatShape(shape)}`,
      );
    if (values.length !== elementsOf(shape))
      throw new VolumeError(`volume: ${formatShape(shape)} needs ${elementsOf(shape)} values, got ${values.length}`);
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) throw new VolumeError(`volume: value ${at} of ${values.length} is ${values[at]}`);
    checkAffine(affine);
    this.values = values;
    this.shape = shape;
    this.affine = affine;
    this.spacing = [2, 1, 0].map((axis) => lengthOf(columnOf(affine, axis))) as unknown as Triple;
    this.orientation = orientationOf(affine);
    this.unit = unit;
  }
}

const along = ([depth, height, width]: Triple): Affine => [width, 0, 0, 0, 0, height, 0, 0, 0, 0, depth, 0];

/** @throws VolumeError where a number is not finite, a spacing is 0, or the axes lie in one plane */
function checkAffine(affine: Affine): void {
  if (affine.length !== 12 || !affine.every(Number.isFinite))
    throw new VolumeError(`volume: its affine must be 12 finite numbers, got [${affine.join(', ')}]`);
  const sides = [0, 1, 2].map((axis) => lengthOf(columnOf(affine, axis)));
  if (!sides.every((side) => side > 0))
    throw new VolumeError(
      `volume: the spacing must be above 0 mm along each axis, got ${sides.join(', ')} along width, height, depth`,
    );
  if (Math.abs(determinant(affine)) < FLAT * sides[0]! * sides[1]! * sides[2]!)
    throw new VolumeError(`volume: the axes of its affine lie in one plane: [${affine.join(', ')}]`);
}

/** Where the middle of a volume lies, in millimetres. */
export const centreOf = ({ shape: [depth, height, width], affine }: Volume): Vector =>
  applied(affine, [(width - 1) / 2, (height - 1) / 2, (depth - 1) / 2]);
