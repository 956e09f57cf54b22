import { VolumeError } from '../core/errors.ts';
import { composed } from './affine.ts';
import { type Triple, Volume } from './volume.ts';

/** An axis of the new grid on the old one: new cell i lies at i · step + start. */
interface Axis {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly start: number;
}

interface Cell {
  readonly first: number;
  readonly weights: Float64Array;
}

/** Of each new cell: the old ones that it is the mean of, weighed by a triangle of two cells of the coarser grid; the weights add up to 1. */
function cellsOf({ from, to, step, start }: Axis): Cell[] {
  const reach = Math.max(1, step);
  return Array.from({ length: to }, (_, i) => {
    const centre = i * step + start;
    const first = Math.max(0, Math.ceil(centre - reach));
    const last = Math.min(from - 1, Math.floor(centre + reach));
    const weights = Float64Array.from({ length: last - first + 1 }, (_, k) =>
      Math.max(0, 1 - Math.abs(first + k - centre) / reach),
    );
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}

/** [outer, from, inner] → [outer, to, inner]. */
function alongAxis(values: Float32Array, axis: Axis, outer: number, inner: number): Float32Array {
  if (axis.from === axis.to && axis.step === 1 && axis.start === 0) return values;
  const cells = cellsOf(axis);
  const out = new Float32Array(outer * axis.to * inner);
  const sums = new Float64Array(inner);
  for (let o = 0, at = 0; o < outer; o++)
    for (const { first, weights } of cells) {
      sums.fill(0);
      for (let k = 0; k < weights.length; k++) {
        const weight = weights[k]!;
        const row = (o * axis.from + first + k) * inner;
        for (let i = 0; i < inner; i++) sums[i]! += weight * values[row + i]!;
      }
      out.set(sums, at);
      at += inner;
    }
  return out;
}

/**
 * A volume on voxels of another spacing, its axes and its middle kept: trilinear where it grows; where it shrinks, each voxel
 * is the mean of what lies around it, weighed by a pyramid two voxels wide, so that it does not alias. An axis of n voxels
 * becomes one of n · old / new, rounded.
 *
 * @param spacing Millimetres: one for all axes, or along depth, height, width.
 * @throws VolumeError where a spacing is not a finite number above 0
 * @example
 * const even = resampleVolume(scan, 1); // 1 mm each way
 */
export function resampleVolume(volume: Volume, spacing: number | Triple): Volume {
  const wanted: Triple = typeof spacing === 'number' ? [spacing, spacing, spacing] : spacing;
  if (wanted.length !== 3 || !wanted.every((value) => Number.isFinite(value) && value > 0))
    throw new VolumeError(
      `resampleVolume: spacing must be a finite number above 0, or three along depth, height, width, got ${JSON.stringify(spacing)}`,
    );
  const [z, y, x] = volume.shape.map((from, i): Axis => {
    const step = wanted[i]! / volume.spacing[i]!;
    const to = Math.max(1, Math.round(from / step));
    return { from, to, step, start: (from - 1) / 2 - ((to - 1) / 2) * step };
  }) as [Axis, Axis, Axis];
  // Whole numbers of voxels would wrap a Float32Array of that length to nothing.
  if (z.to * y.to * x.to > 2 ** 31)
    throw new VolumeError(`resampleVolume: ${z.to} × ${y.to} × ${x.to} voxels are more than a volume may have`);
  const inX = alongAxis(volume.values, x, z.from * y.from, 1);
  const inY = alongAxis(inX, y, z.from, x.to);
  const inZ = alongAxis(inY, z, 1, y.to * x.to);
  return new Volume({
    values: inZ === volume.values ? inZ.slice() : inZ,
    shape: [z.to, y.to, x.to],
    affine: composed(volume.affine, [x.step, 0, 0, x.start, 0, y.step, 0, y.start, 0, 0, z.step, z.start]),
    unit: volume.unit,
  });
}
