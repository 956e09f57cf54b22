import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { VolumeError } from '../../src/core/errors.ts';
import { niftiHeader, readNifti } from '../../src/volumes/nifti.ts';
import { readVolume } from '../../src/volumes/read.ts';
import { dataPath, hasData } from '../data.ts';
import { type NiftiFile, niftiFile } from '../support/nifti-file.ts';

const bytesOf = (count: number, from = 0): Uint8Array => Uint8Array.from({ length: count }, (_, i) => i + from);
const small = (more: Partial<NiftiFile> = {}): Uint8Array =>
  niftiFile({ sizes: [4, 3, 2], data: bytesOf(24), ...more });

describe('readNifti', () => {
  it.each([
    [1, true],
    [1, false],
    [2, true],
    [2, false],
  ] as const)('reads version %i, little-endian %s', async (version, little) => {
    const rows = [-2, 0, 0.5, 10, 0, 3, 0, -20, 0, 0, 4, 30];
    const volume = await readNifti(small({ version, little, sform: { code: 1, rows } }));
    expect(volume.shape).toEqual([2, 3, 4]);
    expect([...volume.values]).toEqual([...bytesOf(24)]);
    expect(volume.affine).toEqual(rows);
    expect(volume.orientation).toBe('LAS');
    expect(volume.spacing).toEqual([Math.sqrt(16.25), 3, 2]);
  });

  it('reads every type of number, in both byte orders', async () => {
    const stored = [0, 1, 2, 100, 3, 7];
    const types: [number, number, (view: DataView, at: number, value: number, little: boolean) => void][] = [
      [2, 1, (view, at, value) => view.setUint8(at, value)],
      [256, 1, (view, at, value) => view.setInt8(at, -value)],
      [4, 2, (view, at, value, little) => view.setInt16(at, -300 * value, little)],
      [512, 2, (view, at, value, little) => view.setUint16(at, 600 * value, little)],
      [8, 4, (view, at, value, little) => view.setInt32(at, -70000 * value, little)],
      [768, 4, (view, at, value, little) => view.setUint32(at, 40000000 * value, little)],
      [16, 4, (view, at, value, little) => view.setFloat32(at, value / 4, little)],
      [64, 8, (view, at, value, little) => view.setFloat64(at, -value / 8, little)],
      [1024, 8, (view, at, value, little) => view.setBigInt64(at, BigInt(-value) << 33n, little)],
      [1280, 8, (view, at, value, little) => view.setBigUint64(at, BigInt(value) << 57n, little)],
    ];
    const factors = [1, -1, -300, 600, -70000, 40000000, 1 / 4, -1 / 8, -(2 ** 33), 2 ** 57];
    for (const [i, [datatype, bytes, write]] of types.entries())
      for (const little of [true, false]) {
        const data = new Uint8Array(stored.length * bytes);
        for (const [at, value] of stored.entries()) write(new DataView(data.buffer), at * bytes, value, little);
        const { values } = await readNifti(niftiFile({ sizes: [3, 2, 1], little, datatype, data }));
        expect([...values], `type ${datatype}`).toEqual(stored.map((value) => Math.fround(value * factors[i]!) + 0));
      }
  });

  it('applies slope and intercept, and takes stored values where the slope is 0', async () => {
    const scaled = await readNifti(small({ slope: 0.5, intercept: -3 }));
    expect([...scaled.values.subarray(0, 3)]).toEqual([-3, -2.5, -2]);
    const plain = await readNifti(small({ slope: 0, intercept: 7 }));
    expect([...plain.values]).toEqual([...bytesOf(24)]);
  });

  it('takes the first frame of several, or the one asked for', async () => {
    const file = small({ sizes: [2, 2, 2, 3], data: bytesOf(24) });
    expect((await niftiHeader(file)).frames).toBe(3);
    expect([...(await readNifti(file)).values]).toEqual([...bytesOf(8)]);
    expect([...(await readNifti(file, { frame: 2 })).values]).toEqual([...bytesOf(8, 16)]);
    await expect(readNifti(file, { frame: 3 })).rejects.toThrow('frame must be a whole number from 0 to 2, got 3');
  });

  it('turns a quaternion into an affine, in millimetres', async () => {
    // A quarter turn about z takes x to y and y to −x; qfac −1 turns z round.
    const half = Math.SQRT1_2;
    const qform = { code: 1, quaternion: [0, 0, half], origin: [1, 2, 3], handed: -1 };
    const { affine } = await readNifti(small({ spacings: [2, 3, 4], qform, units: 1 }));
    const expected = [0, -3, 0, 1, 2, 0, 0, 2, 0, 0, -4, 3];
    for (const [i, value] of expected.entries()) expect(affine[i]! / 1000).toBeCloseTo(value, 5);
    const both = await readNifti(
      small({ qform: { ...qform, code: 4 }, sform: { code: 1, rows: [5, 0, 0, 0, 0, 5, 0, 0, 0, 0, 5, 0] } }),
    );
    expect(both.spacing).toEqual([5, 5, 5]);
  });

  it('takes the spacing alone where there is neither qform nor sform', async () => {
    const volume = await readNifti(small({ spacings: [2, 3, 4] }));
    expect(volume.affine).toEqual([2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 4, 0]);
  });

  it('unpacks gzip, and refuses colours unless their luminance is asked for', async () => {
    const file = gzipSync(
      niftiFile({ sizes: [2, 1, 1], datatype: 128, data: Uint8Array.of(255, 255, 255, 0, 100, 0) }),
    );
    await expect(readNifti(file)).rejects.toThrow(
      "it holds colours (RGB24), not measured values; their luminance is read with { colors: 'luminance' }",
    );
    const { values } = await readNifti(file, { colors: 'luminance' });
    expect(values[0]).toBeCloseTo(255, 4);
    expect(values[1]).toBeCloseTo(58.7, 4);
  });

  it('refuses NaN, or puts what is asked for in its place', async () => {
    const data = new Uint8Array(Float32Array.of(1, Number.NaN, Number.POSITIVE_INFINITY, 4).buffer);
    const file = niftiFile({ sizes: [4], datatype: 16, data });
    await expect(readNifti(file)).rejects.toThrow('value 1 of 4 is NaN');
    expect([...(await readNifti(file, { notFinite: 0 })).values]).toEqual([1, 0, 0, 4]);
  });

  const nan = Number.NaN;
  it.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'expected the magic n+1'],
    ['a header without its magic', small({ magic: 'n+3\0' }), 'expected the magic n+1 at byte 344 or n+2 at byte 4'],
    ['a pair’s header', small({ magic: 'ni1\0' }), 'a pair .hdr and .img'],
    ['half a header', small({ version: 2 }).subarray(0, 300), 'a header has 540 bytes, 300 are there'],
    ['half the values', small().subarray(0, 364), '2 × 3 × 4 × 1 values need 376 bytes, 364 are there'],
    ['a header size that is none', small().fill(7, 0, 4), 'its header cannot be read'],
    ['no axes', small({ axes: 0 }), 'it states 0 axes, expected 1 to 7'],
    ['too many axes', small({ axes: 9 }), 'it states 9 axes'],
    ['a size of 0', small({ sizes: [4, 0, 2] }), 'sizes must be at least 1, got 4 × 0 × 2'],
    ['a negative size', small({ sizes: [4, 3, -2] }), 'sizes must be at least 1'],
    ['more than there is', small({ sizes: [32767, 32767, 32767] }), 'ends early'],
    ['a spacing of 0', small({ spacings: [1, 0, 1] }), 'spacings must be finite and above 0, got 1, 0, 1'],
    ['a negative spacing', small({ spacings: [1, 1, -2] }), 'got 1, 1, -2 along width, height, depth'],
    ['a spacing that is no number', small({ spacings: [nan, 1, 1] }), 'got NaN, 1, 1'],
    ['a flat affine', small({ sform: { code: 1, rows: [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0] } }), 'lie in one plane'],
    ['an empty affine', small({ sform: { code: 1, rows: [] } }), 'spacing must be above 0 mm along each axis'],
    ['an affine of NaN', small({ sform: { code: 1, rows: [nan] } }), 'must be 12 finite numbers'],
    ['no quaternion', small({ qform: { code: 1, quaternion: [1, 1, 0], origin: [] } }), 'must be at most 1, got 2'],
    ['an unknown unit', small({ units: 5 }), 'unit of space 5'],
    ['complex numbers', small({ datatype: 32 }), 'type 32 (complex numbers) are not supported'],
    ['an unknown type', small({ datatype: 99 }), 'type 99 (unknown)'],
    ['gzip cut short', gzipSync(small()).subarray(0, 60), 'gzip: damaged, or it ends early'],
    ['gzip of nothing', gzipSync(new Uint8Array(0)), 'expected the magic'],
  ])('refuses %s', async (_, bytes, message) => {
    const error = await readNifti(bytes).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(VolumeError);
    expect((error as Error).message).toContain(message);
  });

  it('refuses gzip with a wrong checksum, and one that unpacks to more than allowed', async () => {
    const damaged = gzipSync(small());
    damaged[damaged.length - 6]! ^= 1;
    await expect(readNifti(damaged)).rejects.toThrow('gzip: damaged');
    await expect(readNifti(gzipSync(new Uint8Array(100000)), { maxBytes: 1000 })).rejects.toThrow(
      'more than the 1000 bytes of maxBytes',
    );
  });

  it('reads a view into a larger buffer', async () => {
    const file = small();
    const larger = new Uint8Array(file.length + 13);
    larger.set(file, 13);
    expect([...(await readVolume(larger.subarray(13))).values]).toEqual([...bytesOf(24)]);
  });
});

/** File, shape, least, largest and mean value, the voxel at half the depth, a third of the height, a quarter of the width: by NumPy. */
const FILES: [string, number[], number, number, number, number, string][] = [
  ['nibabel/anatomical.nii', [25, 41, 33], -610, 30393, 8401.06673, 9795, 'LAS'],
  ['nibabel/example4d.nii.gz', [24, 96, 128], 0, 1162, 172.913944, 61, 'LAS'],
  ['nibabel/example_nifti2.nii.gz', [12, 20, 32], 49, 742, 450.748438, 355, 'LAS'],
  ['nibabel/functional.nii', [3, 21, 17], 762.542437, 5538.06576, 3626.28063, 3567.15382, 'LAS'],
  ['nibabel/someones_anatomy.nii.gz', [56, 67, 57], 6.6783638, 96.5554198, 45.9838641, 81.399681, 'RAS'],
  ['nibabel/someones_epi.nii.gz', [33, 61, 53], 7.7425518, 103.766622, 45.6798437, 50.2943945, 'RAS'],
  ['niivue/FA.nii.gz', [56, 92, 84], 0, 1.2247448, 0.121056331, 0.128227353, 'LAS'],
  ['niivue/FLAIR.nii.gz', [140, 160, 124], 0, 255, 41.4860477, 132, 'RAS'],
  ['niivue/avg152T1_RL_nifti.nii.gz', [91, 109, 91], 0, 255, 82.8971615, 255, 'RAS'],
  ['niivue/ct_perfusion.nii.gz', [15, 286, 256], 0, 255, 36.0233843, 152.927, 'LAS'],
  ['niivue/inia19-t1-brain.nii.gz', [128, 206, 168], 0, 255, 17.0107316, 111, 'RAS'],
  ['niivue/mean_func.nii.gz', [36, 64, 64], -26.3459988, 18141.1504, 2951.91135, 11518.1904, 'RAS'],
];

describe.skipIf(!hasData)('NIfTI files of nibabel and niivue', () => {
  it.each(FILES)('%s', async (name, shape, least, largest, mean, one, orientation) => {
    const volume = await readVolume(dataPath(`volumes/${name}`), { colors: 'luminance' });
    expect(volume.shape).toEqual(shape);
    expect(volume.orientation).toBe(orientation);
    const [depth, height, width] = volume.shape;
    const at = (Math.floor(depth / 2) * height + Math.floor(height / 3)) * width + Math.floor(width / 4);
    const sum = volume.values.reduce((total, value) => total + value, 0);
    const range = [volume.values.reduce((a, b) => Math.min(a, b)), volume.values.reduce((a, b) => Math.max(a, b))];
    const close = (actual: number, expected: number): void =>
      expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-6 * Math.abs(largest));
    close(range[0]!, least);
    close(range[1]!, largest);
    close(sum / volume.values.length, mean);
    close(volume.values[at]!, one);
  });
});
