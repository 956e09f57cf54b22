import { InputError } from '../core/errors.ts';
import { affineOf, applied, columnOf } from './affine.ts';
import { type Triple, Volume } from './volume.ts';

/**
 * A box of a volume's voxels, where it lies in the world.
 *
 * @param from Its first voxel along depth, height, width: a whole number; outside of the volume too.
 * @param outside What lies beside the volume. Default: 0.
 * @throws InputError where `from` is not whole; VolumeError where the shape is none
 */
export function cropped(volume: Volume, from: Triple, shape: Triple, outside = 0): Volume {
  if (from.length !== 3 || !from.every(Number.isInteger))
    throw new InputError(`cropped: from must be three whole numbers, got [${from.join(', ')}]`);
  const [depth, height, width] = shape;
  const [z0, y0, x0] = from;
  const [deep, tall, wide] = volume.shape;
  const values = new Float32Array(Math.max(0, depth * height * width)).fill(outside);
  const [first, last] = [Math.max(0, x0), Math.min(wide, x0 + width)];
  for (let k = Math.max(0, z0); k < Math.min(deep, z0 + depth); k++)
    for (let j = Math.max(0, y0); j < Math.min(tall, y0 + height); j++) {
      if (first >= last) continue;
      const row = (k * tall + j) * wide;
      const to = ((k - z0) * height + (j - y0)) * width + (first - x0);
      values.set(volume.values.subarray(row + first, row + last), to);
    }
  const { affine, unit } = volume;
  const origin = applied(affine, [x0, y0, z0]);
  return new Volume({
    values,
    shape,
    affine: affineOf(columnOf(affine, 0), columnOf(affine, 1), columnOf(affine, 2), origin),
    unit,
  });
}
