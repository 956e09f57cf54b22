import { describe, expect, it } from 'vitest';
import { applied } from '../../src/volumes/affine.ts';
import { cropped } from '../../src/volumes/crop.ts';
import { Volume } from '../../src/volumes/volume.ts';

const affine = [2, 0, 0, 5, 0, 3, 0, 6, 0, 0, 4, 7];
const volume = new Volume({
  values: Float32Array.from({ length: 24 }, (_, i) => i),
  shape: [2, 3, 4],
  affine,
  unit: 'HU',
});

describe('cropped', () => {
  it('takes a box where it lies in the world', () => {
    const box = cropped(volume, [1, 0, 2], [1, 2, 2]);
    expect([...box.values]).toEqual([14, 15, 18, 19]);
    expect(applied(box.affine, [0, 0, 0])).toEqual(applied(affine, [2, 0, 1]));
    expect(box.spacing).toEqual(volume.spacing);
    expect(box.unit).toBe('HU');
  });

  it('puts something beside the volume', () => {
    const box = cropped(volume, [-1, 2, -1], [2, 2, 3], -5);
    expect([...box.values]).toEqual([-5, -5, -5, -5, -5, -5, -5, 8, 9, -5, -5, -5]);
    expect(new Set(cropped(volume, [9, 9, 9], [1, 2, 3], 4).values)).toEqual(new Set([4]));
  });

  it('refuses a place or a shape that is none', () => {
    expect(() => cropped(volume, [0.5, 0, 0], [1, 1, 1])).toThrow('from must be three whole numbers');
    expect(() => cropped(volume, [0, 0, 0], [1, 0, 1])).toThrow('whole numbers above 0');
  });
});
