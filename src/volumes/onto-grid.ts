import { VolumeError } from '../core/errors.ts';
import { type Affine, composed, inverse, lengthOf, type Vector } from './affine.ts';
import { resampleVolume } from './resample.ts';
import { type Triple, Volume } from './volume.ts';

/** Voxels in the world that are yet to get values. */
export interface Grid {
  readonly shape: Triple;
  /** Voxel (x, y, z) → millimetres. */
  readonly affine: Affine;
}

/** How much coarser a grid may be before what it cannot hold is taken out first. */
const COARSER = 1.01;

/**
 * What a volume holds at the voxels of another grid, wherever that lies: trilinear, in millimetres. Where the grid is coarser
 * the volume is brought to its spacing first, so that it does not alias.
 *
 * @param outside Value of what the volume does not cover. Default: 0.
 * @throws VolumeError where the grid is none
 */
export function ontoGrid(volume: Volume, { shape, affine }: Grid, outside = 0): Volume {
  if (!Number.isFinite(outside)) throw new VolumeError(`ontoGrid: outside must be finite, got ${outside}`);
  const map = composed(inverse(volume.affine), affine);
  // Steps of the grid, in voxels of the volume, along its depth, height and width.
  const steps = [2, 1, 0].map((row) => lengthOf(map.slice(4 * row, 4 * row + 3) as unknown as Vector));
  if (steps.some((step) => step > COARSER)) {
    const spacing = volume.spacing.map((old, i) => old * Math.max(1, steps[i]!)) as unknown as Triple;
    const coarse = resampleVolume(volume, spacing);
    return sampled(coarse, { shape, affine }, composed(inverse(coarse.affine), affine), outside);
  }
  return sampled(volume, { shape, affine }, map, outside);
}

function sampled(volume: Volume, { shape, affine }: Grid, map: Affine, outside: number): Volume {
  const [depth, height, width] = shape;
  const values = new Float32Array(depth * height * width);
  const [ax, bx, cx, dx, ay, by, cy, dy, az, bz, cz, dz] = map as readonly number[] as readonly [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const read = reader(volume, outside);
  let at = 0;
  for (let k = 0; k < depth; k++)
    for (let j = 0; j < height; j++) {
      const x = bx * j + cx * k + dx;
      const y = by * j + cy * k + dy;
      const z = bz * j + cz * k + dz;
      for (let i = 0; i < width; i++) values[at++] = read(ax * i + x, ay * i + y, az * i + z);
    }
  return new Volume({ values, shape, affine, unit: volume.unit });
}

/** The trilinear value between voxels; a voxel beyond the edge counts as `outside`. */
function reader({ values, shape: [depth, height, width] }: Volume, outside: number) {
  const plane = width * height;
  const voxel = (x: number, y: number, z: number): number =>
    x < 0 || y < 0 || z < 0 || x >= width || y >= height || z >= depth ? outside : values[z * plane + y * width + x]!;
  return (x: number, y: number, z: number): number => {
    const [x0, y0, z0] = [Math.floor(x), Math.floor(y), Math.floor(z)];
    if (x0 < -1 || y0 < -1 || z0 < -1 || x0 >= width || y0 >= height || z0 >= depth) return outside;
    const [fx, fy, fz] = [x - x0, y - y0, z - z0];
    let a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number;
    if (x0 >= 0 && y0 >= 0 && z0 >= 0 && x0 < width - 1 && y0 < height - 1 && z0 < depth - 1) {
      const i = z0 * plane + y0 * width + x0;
      a = values[i]!;
      b = values[i + 1]!;
      c = values[i + width]!;
      d = values[i + width + 1]!;
      e = values[i + plane]!;
      f = values[i + plane + 1]!;
      g = values[i + plane + width]!;
      h = values[i + plane + width + 1]!;
    } else {
      a = voxel(x0, y0, z0);
      b = voxel(x0 + 1, y0, z0);
      c = voxel(x0, y0 + 1, z0);
      d = voxel(x0 + 1, y0 + 1, z0);
      e = voxel(x0, y0, z0 + 1);
      f = voxel(x0 + 1, y0, z0 + 1);
      g = voxel(x0, y0 + 1, z0 + 1);
      h = voxel(x0 + 1, y0 + 1, z0 + 1);
    }
    const low = (a + (b - a) * fx) * (1 - fy) + (c + (d - c) * fx) * fy;
    const high = (e + (f - e) * fx) * (1 - fy) + (g + (h - g) * fx) * fy;
    return low * (1 - fz) + high * fz;
  };
}
