import { VolumeError } from '../core/errors.ts';
import { type Affine, composed } from './affine.ts';
import { headingsOf, parseOrientation } from './orientation.ts';
import { type Triple, Volume } from './volume.ts';

/**
 * The same voxels with their axes turned and swapped until they lead where the letters say: the nearest that needs no new
 * values. Every value stays in its place of the world.
 *
 * @param to Where x (width), y (height) and z (depth) shall lead: `RAS`, `LPS`, `LIA` …
 * @throws VolumeError where `to` is no orientation
 */
export function reorient(volume: Volume, to: string): Volume {
  const wanted = parseOrientation(to);
  if (!wanted)
    throw new VolumeError(
      `reorient: expected three letters, one each of L or R, P or A, I or S, got ${JSON.stringify(to)}`,
    );
  if (volume.orientation === to) return volume;
  const headings = headingsOf(volume.affine);
  // For each new axis x, y, z: the old axis, its length, and whether it runs the other way.
  const axes = wanted.map(({ axis, sign }) => {
    const from = headings.findIndex((heading) => heading.axis === axis);
    return { from, size: volume.shape[2 - from]!, turned: headings[from]!.sign !== sign };
  });
  const [, height, width] = volume.shape;
  const strides = [1, width, width * height];
  const steps = axes.map(({ from, turned }) => (turned ? -strides[from]! : strides[from]!));
  const start = axes.reduce((sum, { from, size, turned }) => sum + (turned ? (size - 1) * strides[from]! : 0), 0);
  const [x, y, z] = axes.map(({ size }) => size) as [number, number, number];
  const values = new Float32Array(volume.values.length);
  let at = 0;
  for (let k = 0; k < z; k++)
    for (let j = 0; j < y; j++) {
      let source = start + k * steps[2]! + j * steps[1]!;
      for (let i = 0; i < x; i++, source += steps[0]!) values[at++] = volume.values[source]!;
    }
  const shape: Triple = [z, y, x];
  return new Volume({ values, shape, affine: composed(volume.affine, backOf(axes)), unit: volume.unit });
}

/** New voxel → old voxel. */
function backOf(axes: readonly { from: number; size: number; turned: boolean }[]): Affine {
  const rows = new Array<number>(12).fill(0);
  for (const [to, { from, size, turned }] of axes.entries()) {
    rows[4 * from + to] = turned ? -1 : 1;
    rows[4 * from + 3] = turned ? size - 1 : 0;
  }
  return rows;
}
