import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applied, composed, identity, inverse, type Vector } from '../../src/volumes/affine.ts';
import { motionAffine, moved } from '../../src/volumes/motion.ts';
import { ontoGrid } from '../../src/volumes/onto-grid.ts';
import { reorient } from '../../src/volumes/reorient.ts';
import { resampleVolume } from '../../src/volumes/resample.ts';
import { centreOf, type Triple, Volume } from '../../src/volumes/volume.ts';
import { randomArray } from '../support/random.ts';

const TILTED = [1.9, 0.2, -0.3, 5, -0.2, 2.8, 0.4, -7, 0.1, -0.3, 3.9, 11];
const scan = (shape: Triple, affine: readonly number[] = TILTED, seed = 1): Volume =>
  new Volume({ values: randomArray(shape[0] * shape[1] * shape[2], seed), shape, affine });

/** Every value with the place of the world that it lies in. */
function places({ values, shape: [depth, height, width], affine }: Volume): Map<string, number> {
  const all = new Map<string, number>();
  for (let k = 0; k < depth; k++)
    for (let j = 0; j < height; j++)
      for (let i = 0; i < width; i++) {
        const place = applied(affine, [i, j, k]).map((v) => (Math.round(v * 1e6) / 1e6 + 0).toFixed(6));
        all.set(place.join(' '), values[(k * height + j) * width + i]!);
      }
  return all;
}

/** A scan whose value at a place is a linear function of it: what trilinear sampling must give back. */
function linear(shape: Triple, affine: readonly number[]): { volume: Volume; at: (place: Vector) => number } {
  const at = ([x, y, z]: Vector): number => 3 * x - 2 * y + 0.5 * z + 7;
  const [depth, height, width] = shape;
  const values = new Float32Array(depth * height * width);
  for (let k = 0; k < depth; k++)
    for (let j = 0; j < height; j++)
      for (let i = 0; i < width; i++) values[(k * height + j) * width + i] = at(applied(affine, [i, j, k]));
  return { volume: new Volume({ values, shape, affine }), at };
}

describe('Volume', () => {
  it('knows its spacing and orientation', () => {
    const volume = scan([2, 3, 4], [0, 0, -3, 0, -2, 0, 0, 0, 0, 1, 0, 0]);
    expect(volume.spacing).toEqual([3, 1, 2]);
    expect(volume.orientation).toBe('PSL');
  });

  it.each<[string, ConstructorParameters<typeof Volume>[0], string]>([
    ['no whole size', { values: new Float32Array(3), shape: [1.5, 2, 1] }, 'whole numbers above 0, got [1.5,2,1]'],
    ['too few values', { values: new Float32Array(3), shape: [1, 2, 2] }, '[1,2,2] needs 4 values, got 3'],
    ['NaN', { values: Float32Array.of(1, Number.NaN), shape: [1, 1, 2] }, 'value 1 of 2 is NaN'],
    ['no spacing', { values: new Float32Array(1), shape: [1, 1, 1], spacing: [1, 0, 1] }, 'above 0 mm along each axis'],
  ])('refuses %s', (_, parts, message) => expect(() => new Volume(parts)).toThrow(message));
});

describe('affine', () => {
  it('is undone by its inverse', () => {
    const back = composed(inverse(TILTED), TILTED);
    for (const [i, value] of identity.entries()) expect(back[i]).toBeCloseTo(value, 12);
  });
});

describe('reorient', () => {
  it('leaves every value in its place of the world, and comes back', () => {
    const codes = ['RAS', 'LPS', 'LIA', 'PIR', 'SAR', 'ILP', 'RSA', 'ARI'];
    const shapes = fc.tuple(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 6 }),
    );
    fc.assert(
      fc.property(shapes, fc.constantFrom(...codes), fc.constantFrom(...codes), (shape, first, then) => {
        const original = scan(shape);
        const turned = reorient(original, first);
        expect(turned.orientation).toBe(first);
        expect(places(turned)).toEqual(places(original));
        const back = reorient(reorient(turned, then), original.orientation);
        expect([...back.values]).toEqual([...original.values]);
      }),
      { numRuns: 60 },
    );
  });

  it.each(['RA', 'RAR', 'RLS', 'XYZ', 'ras', ''])('refuses %j', (code) =>
    expect(() => reorient(scan([1, 2, 3]), code)).toThrow('expected three letters'),
  );
});

describe('resampleVolume', () => {
  it('gives the stated spacing, keeps the middle and what is linear', () => {
    const { volume, at } = linear([12, 14, 16], TILTED);
    const fine = resampleVolume(volume, [1, 1.5, 0.75]);
    expect(fine.spacing.map((v) => +v.toFixed(9))).toEqual([1, 1.5, 0.75]);
    const [before, after] = [centreOf(volume), centreOf(fine)];
    for (let i = 0; i < 3; i++) expect(after[i]).toBeCloseTo(before[i]!, 9);
    const [depth, height, width] = fine.shape;
    for (const [i, j, k] of [
      [4, 4, 5],
      [width - 5, height - 4, depth - 6],
    ] as Vector[])
      expect(fine.values[(k * height + j) * width + i]).toBeCloseTo(at(applied(fine.affine, [i, j, k])), 3);
  });

  it('keeps a constant where it shrinks, and takes out what the coarse grid cannot hold', () => {
    const shape: Triple = [8, 8, 32];
    const even = new Volume({ values: new Float32Array(2048).fill(3), shape });
    for (const value of resampleVolume(even, 3.3).values) expect(value).toBeCloseTo(3, 6);
    const stripes = Float32Array.from({ length: 2048 }, (_, i) => (i % 2 ? 1 : -1));
    const coarse = resampleVolume(new Volume({ values: stripes, shape }), [1, 1, 4]);
    expect(coarse.shape).toEqual([8, 8, 8]);
    const inner = coarse.values.filter((_, i) => i % 8 > 0 && i % 8 < 7);
    for (const value of inner) expect(Math.abs(value)).toBeLessThan(1e-6);
  });

  it('gives the same values for the same spacing, as a copy', () => {
    const volume = scan([3, 4, 5]);
    const same = resampleVolume(volume, volume.spacing);
    expect(same.values).toEqual(volume.values);
    expect(same.values).not.toBe(volume.values);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses a spacing of %d', (spacing) =>
    expect(() => resampleVolume(scan([2, 2, 2]), spacing)).toThrow('must be a finite number above 0'),
  );

  it('refuses a spacing that would not fit into memory', () =>
    expect(() => resampleVolume(scan([2, 2, 2]), 1e-5)).toThrow('more than a volume may have'));
});

describe('ontoGrid', () => {
  it('finds what is linear wherever the grid lies, and puts `outside` where there is nothing', () => {
    const { volume, at } = linear([9, 10, 11], TILTED);
    const shape: Triple = [3, 4, 5];
    const turned = motionAffine({ rotation: [10, 20, -30], translation: [1, 2, 3] }, centreOf(volume));
    const affine = composed(turned, [1, 0, 0, 14, 0, 1, 0, 6, 0, 0, 1, 24]);
    const grid = ontoGrid(volume, { shape, affine });
    for (let at_ = 0, k = 0; k < 3; k++)
      for (let j = 0; j < 4; j++)
        for (let i = 0; i < 5; i++, at_++) expect(grid.values[at_]).toBeCloseTo(at(applied(affine, [i, j, k])), 3);
    const away = ontoGrid(volume, { shape, affine: [1, 0, 0, 1000, 0, 1, 0, 0, 0, 0, 1, 0] }, -5);
    expect(new Set(away.values)).toEqual(new Set([-5]));
  });

  it('smooths first where the grid is coarser', () => {
    const stripes = Float32Array.from({ length: 4096 }, (_, i) => (i % 2 ? 1 : -1));
    const volume = new Volume({ values: stripes, shape: [16, 16, 16] });
    const grid = ontoGrid(volume, { shape: [2, 2, 2], affine: [4, 0, 0, 5.5, 0, 4, 0, 5.5, 0, 0, 4, 5.5] });
    for (const value of grid.values) expect(Math.abs(value)).toBeLessThan(1e-6);
  });
});

describe('moved', () => {
  it('turns by right angles exactly, about the middle', () => {
    const volume = scan([3, 5, 5], [2, 0, 0, 1, 0, 2, 0, 2, 0, 0, 2, 3]);
    const turned = moved(volume, { rotation: [0, 0, 90] });
    // x leads to y: what lay at (i, j) lies at (4 − j, i).
    for (let k = 0; k < 3; k++)
      for (let j = 0; j < 5; j++)
        for (let i = 0; i < 5; i++)
          expect(turned.values[(k * 5 + i) * 5 + (4 - j)]).toBeCloseTo(volume.values[(k * 5 + j) * 5 + i]!, 5);
  });

  it('shifts by whole voxels exactly, and leaves nothing behind', () => {
    const volume = scan([2, 2, 4], [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0]);
    const { values } = moved(volume, { translation: [4, 0, 0] });
    for (let row = 0; row < 4; row++) {
      expect([...values.subarray(4 * row, 4 * row + 2)]).toEqual([0, 0]);
      expect([...values.subarray(4 * row + 2, 4 * row + 4)]).toEqual([...volume.values.subarray(4 * row, 4 * row + 2)]);
    }
  });
});
