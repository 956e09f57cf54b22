import { describe, expect, it } from 'vitest';
import { sheppLogan } from '../../src/volumes/phantom.ts';
import { projectionPicture, slicePicture } from '../../src/volumes/picture.ts';
import { reorient } from '../../src/volumes/reorient.ts';
import { sliceSheet } from '../../src/volumes/slice-sheet.ts';
import { type Triple, Volume } from '../../src/volumes/volume.ts';
import { percentileWindow, windowed } from '../../src/volumes/window.ts';

const window = { centre: 0.5, width: 1 };

/** A dark volume of right, anterior, superior axes with one bright voxel (x, y, z). */
function lit([x, y, z]: Triple, shape: Triple = [5, 7, 9], spacing?: Triple): Volume {
  const values = new Float32Array(shape[0] * shape[1] * shape[2]);
  values[(z * shape[1] + y) * shape[2] + x] = 1;
  return new Volume({ values, shape, ...(spacing && { spacing }) });
}

/** Where the bright pixel of a picture is: column, row. */
function bright({ data, width }: { data: ArrayLike<number>; width: number }): number[] {
  const at = Array.from({ length: data.length / 4 }, (_, i) => data[4 * i]!).indexOf(255);
  return [at % width, Math.floor(at / width)];
}

describe('slicePicture', () => {
  // Far right, in front, low.
  const place: Triple = [8, 6, 0];
  it.each([
    ['axial', 'radiological', 0, [0, 0]],
    ['axial', 'neurological', 0, [8, 0]],
    ['coronal', 'radiological', 6, [0, 4]],
    ['coronal', 'neurological', 6, [8, 4]],
    ['sagittal', 'radiological', 8, [0, 4]],
    ['sagittal', 'neurological', 8, [0, 4]],
  ] as const)('shows %s slices as %s convention has them', (plane, convention, at, where) => {
    for (const code of ['RAS', 'LPS', 'SAR']) {
      const picture = slicePicture(reorient(lit(place), code), { plane, convention, at, window });
      expect(bright(picture)).toEqual(where);
    }
  });

  it('has square pixels, of the size asked for', () => {
    const volume = lit([4, 3, 2], [5, 7, 9], [4, 1, 2]);
    expect(slicePicture(volume, { plane: 'axial', window })).toMatchObject({ width: 18, height: 7 });
    expect(slicePicture(volume, { plane: 'coronal', window })).toMatchObject({ width: 9, height: 10 });
    expect(slicePicture(volume, { plane: 'sagittal', window, pixel: 0.5 })).toMatchObject({ width: 14, height: 40 });
  });

  it.each([
    [{ plane: 'axial', at: 5 }, 'at must be a whole number from 0 to 4, got 5'],
    [{ plane: 'axial', pixel: 0 }, 'pixel must be a finite number of millimetres above 0'],
    [{ plane: 'oblique' }, 'plane must be axial, coronal or sagittal'],
    [{ plane: 'axial', window: { centre: 0, width: -1 } }, 'a width above 0'],
    [{ plane: 'axial', window: 'brain' }, 'Hounsfield units'],
  ] as const)('refuses %j', (options, message) =>
    expect(() => slicePicture(lit([0, 0, 0]), options as never)).toThrow(message),
  );
});

describe('projectionPicture', () => {
  it('shows the largest value or the mean of each line of sight', () => {
    const volume = lit([3, 5, 2]);
    const largest = projectionPicture(volume, { plane: 'coronal', mode: 'maximum', window });
    expect(bright(largest)).toEqual([5, 2]);
    const mean = projectionPicture(volume, { plane: 'coronal', mode: 'mean', window });
    expect(Math.max(...mean.data.filter((_, i) => i % 4 === 0))).toBe(Math.round(255 / 7));
    expect(() => projectionPicture(volume, { plane: 'axial', mode: 'least' as never, window })).toThrow(
      "'maximum' or 'mean'",
    );
  });
});

describe('sliceSheet', () => {
  it('lays slices out in rows', () => {
    const sheet = sliceSheet(lit([4, 3, 2]), { plane: 'axial', count: 5, columns: 3, window });
    expect(sheet).toMatchObject({ width: 3 * 9 + 2 * 2, height: 2 * 7 + 2 });
    // The third of five slices: radiological, so mirrored; the middle stays.
    expect(bright(sheet)).toEqual([2 * 11 + 4, 3]);
    expect(() => sliceSheet(lit([0, 0, 0]), { plane: 'axial', count: 6 })).toThrow('from 1 to 5, got 6');
  });
});

describe('windows', () => {
  it('hold values within 0 and 1', () => {
    const volume = new Volume({ values: Float32Array.of(-1000, 0, 40, 240, 3000), shape: [1, 1, 5], unit: 'HU' });
    expect([...windowed(volume, 'softTissue').values].map((v) => +v.toFixed(4))).toEqual([0, 0.4, 0.5, 1, 1]);
    expect(() => windowed(volume, 'toString' as never)).toThrow('there is no window "toString"');
  });

  it('find percentiles, and the whole range where they fall together', () => {
    const ramp = new Volume({ values: Float32Array.from({ length: 101 }, (_, i) => 100 - i), shape: [1, 1, 101] });
    expect(percentileWindow(ramp, 10, 90)).toEqual({ centre: 50, width: 80 });
    expect(percentileWindow(lit([1, 1, 1]))).toEqual({ centre: 0.5, width: 1 });
    expect(percentileWindow(new Volume({ values: new Float32Array(8).fill(4), shape: [2, 2, 2] }))).toEqual({
      centre: 4,
      width: 1,
    });
    expect(() => percentileWindow(ramp, 50, 50)).toThrow('0 ≤ low < high ≤ 100');
  });
});

describe('sheppLogan', () => {
  it('has the values that the table gives at chosen points', () => {
    const head = sheppLogan(64, 2);
    const at = (x: number, y: number, z: number): number => {
      const cell = (v: number): number => Math.floor(((v + 1) / 2) * 64);
      return head.values[(cell(z) * 64 + cell(y)) * 64 + cell(x)]!;
    };
    expect(head.spacing).toEqual([2, 2, 2]);
    expect(at(0.97, 0, 0)).toBe(0);
    expect(at(0, 0.89, 0)).toBe(1);
    expect(at(-0.5, -0.3, 0)).toBeCloseTo(0.2, 6);
    expect(at(-0.22, 0, 0)).toBeCloseTo(0, 6);
    expect(at(0, 0.35, -0.15)).toBeCloseTo(0.3, 6);
    // Of an ellipsoid the share 4/3·π·abc / 8: the whole is Σ value · abc · π / 6.
    const mean = head.values.reduce((sum, value) => sum + value, 0) / head.values.length;
    const sum = 0.69 * 0.92 * 0.81 - 0.8 * 0.6624 * 0.874 * 0.78 - 0.2 * (0.11 * 0.31 * 0.22 + 0.16 * 0.41 * 0.28);
    expect(mean).toBeCloseTo(((sum + 0.1 * 0.21 * 0.25 * 0.41) * Math.PI) / 6, 2);
    expect(() => sheppLogan(0)).toThrow('whole number above 0');
  });
});
