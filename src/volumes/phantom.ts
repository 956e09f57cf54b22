import { direction } from '../core/angle.ts';
import { InputError } from '../core/errors.ts';
import { Volume } from './volume.ts';

/** Added value · half axes x, y, z · middle x, y, z · degrees about z. */
type Ellipsoid = readonly [number, number, number, number, number, number, number, number];

/**
 * The head of Shepp & Logan (1974) in three dimensions: Kak & Slaney, *Principles of Computerized Tomographic Imaging* (1988),
 * table 3.2 for the axes, with the contrasts of P. Toft, *The Radon Transform* (1996), as in M. Schabel's phantom3d.
 */
const HEAD: readonly Ellipsoid[] = [
  [1, 0.69, 0.92, 0.81, 0, 0, 0, 0],
  [-0.8, 0.6624, 0.874, 0.78, 0, -0.0184, 0, 0],
  [-0.2, 0.11, 0.31, 0.22, 0.22, 0, 0, -18],
  [-0.2, 0.16, 0.41, 0.28, -0.22, 0, 0, 18],
  [0.1, 0.21, 0.25, 0.41, 0, 0.35, -0.15, 0],
  [0.1, 0.046, 0.046, 0.05, 0, 0.1, 0.25, 0],
  [0.1, 0.046, 0.046, 0.05, 0, -0.1, 0.25, 0],
  [0.1, 0.046, 0.023, 0.05, -0.08, -0.605, 0, 0],
  [0.1, 0.023, 0.023, 0.02, 0, -0.606, 0, 0],
  [0.1, 0.023, 0.046, 0.02, 0.06, -0.605, 0, 0],
];

/**
 * Shepp and Logan's head: ellipsoids of even value in a cube that reaches from −1 to 1 along x (right), y (front), z (up), each
 * voxel the mean of 2 × 2 × 2 points. 0 outside, 1 the skull, 0.2 the brain, 0 … 0.4 within.
 *
 * @param size Voxels along each side.
 * @param spacing Millimetres from voxel to voxel. Default: such that the cube is 240 mm long.
 * @throws InputError where the size is no whole number above 0
 */
export function sheppLogan(size: number, spacing = 240 / size): Volume {
  if (!(Number.isInteger(size) && size > 0))
    throw new InputError(`sheppLogan: size must be a whole number above 0, got ${size}`);
  const fine = Float64Array.from({ length: 2 * size }, (_, i) => (i + 0.5) / size - 1);
  const sums = new Float64Array(size * size * size);
  for (const [value, a, b, c, x0, y0, z0, degrees] of HEAD) {
    const { cos, sin } = direction(degrees);
    for (const [k, z] of fine.entries())
      for (const [j, y] of fine.entries()) {
        const row = ((k >> 1) * size + (j >> 1)) * size;
        const w = (z - z0) / c;
        const rest = 1 - w * w;
        if (rest <= 0) break;
        for (const [i, x] of fine.entries()) {
          const u = ((x - x0) * cos + (y - y0) * sin) / a;
          const v = ((y - y0) * cos - (x - x0) * sin) / b;
          if (u * u + v * v <= rest) sums[row + (i >> 1)]! += value / 8;
        }
      }
  }
  const middle = (-(size - 1) * spacing) / 2;
  return new Volume({
    values: Float32Array.from(sums),
    shape: [size, size, size],
    affine: [spacing, 0, 0, middle, 0, spacing, 0, middle, 0, 0, spacing, middle],
  });
}
