import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VolumeError } from '../../src/core/errors.ts';
import { applied } from '../../src/volumes/affine.ts';
import { readDicomSeries } from '../../src/volumes/dicom.ts';
import { readVolume } from '../../src/volumes/read.ts';
import { windowed } from '../../src/volumes/window.ts';
import { dataPath, hasData } from '../data.ts';
import { type DicomFile, dicomFile } from '../support/dicom-file.ts';

const PLAIN = '1.2.840.10008.1.2.1';
const words = (values: readonly number[], little = true): Uint8Array => {
  const bytes = new Uint8Array(2 * values.length);
  for (const [i, value] of values.entries()) new DataView(bytes.buffer).setInt16(2 * i, value, little);
  return bytes;
};

/** A slice of a thorax: 2 rows of 3, z millimetres up. */
function slice(z: number, more: Partial<DicomFile> = {}, little = true): Uint8Array {
  return dicomFile({
    pixels: words([0, 24, 1024, 1064, 1424, z], little),
    ...more,
    elements: {
      '0008,0060': 'CT',
      '0018,0050': '2.5',
      '0020,000E': '1.2.3',
      '0020,0032': ['-100', '-50', String(z)],
      '0020,0037': ['1', '0', '0', '0', '1', '0'],
      '0028,0002': 1,
      '0028,0004': 'MONOCHROME2',
      '0028,0010': 2,
      '0028,0011': 3,
      '0028,0030': ['0.5', '0.75'],
      '0028,0100': 16,
      '0028,0101': 16,
      '0028,0102': 15,
      '0028,0103': 1,
      '0028,1052': '-1024',
      '0028,1053': '1',
      ...more.elements,
    },
  });
}

describe('readDicomSeries', () => {
  it('sorts a series by place, in Hounsfield units, from LPS to RAS', async () => {
    const volume = await readDicomSeries([slice(30), slice(10), slice(20)]);
    expect(volume.shape).toEqual([3, 2, 3]);
    expect(volume.spacing).toEqual([10, 0.5, 0.75]);
    expect(volume.unit).toBe('HU');
    expect(volume.orientation).toBe('LPS');
    expect([...volume.values]).toEqual([10, 20, 30].flatMap((z) => [-1024, -1000, 0, 40, 400, z - 1024]));
    expect(applied(volume.affine, [2, 1, 2])).toEqual([100 - 1.5, 50 - 0.5, 30]);
    expect([...windowed(volume, 'softTissue').values.subarray(0, 5)].map((v) => +v.toFixed(3))).toEqual([
      0, 0, 0.4, 0.5, 1,
    ]);
  });

  it.each([
    ['1.2.840.10008.1.2', true],
    [PLAIN, true],
    ['1.2.840.10008.1.2.2', false],
  ] as const)('reads transfer syntax %s', async (syntax, little) => {
    const { values, spacing } = await readDicomSeries([slice(7, { syntax }, little)]);
    expect([...values]).toEqual([-1024, -1000, 0, 40, 400, 7 - 1024]);
    expect(spacing).toEqual([2.5, 0.5, 0.75]);
  });

  it('takes only the stored bits, signed or not, of 8, 16 and 32', async () => {
    const plain = { '0028,1052': undefined, '0028,1053': undefined, '0008,0060': 'MR' };
    const bits = (allocated: number, stored: number, high: number, signed: number) => ({
      ...plain,
      '0028,0100': allocated,
      '0028,0101': stored,
      '0028,0102': high,
      '0028,0103': signed,
    });
    const read = async (elements: Record<string, string | number | undefined>, pixels: Uint8Array) => {
      const volume = await readDicomSeries([slice(0, { elements, pixels })]);
      expect(volume.unit).toBe('');
      return [...volume.values];
    };
    const overlaid = words([0xf001, 0x0fff, 0x0800, 0x17ff, 5, 6]);
    expect(await read(bits(16, 12, 11, 0), overlaid)).toEqual([1, 4095, 2048, 2047, 5, 6]);
    expect(await read(bits(16, 12, 11, 1), overlaid)).toEqual([1, -1, -2048, 2047, 5, 6]);
    expect(await read(bits(16, 12, 15, 0), words([0x10, 0x25, 0, 0, 0, 0]))).toEqual([1, 2, 0, 0, 0, 0]);
    expect(await read(bits(8, 8, 7, 0), Uint8Array.of(255, 1, 2, 3, 4, 5))).toEqual([255, 1, 2, 3, 4, 5]);
    expect(await read(bits(8, 8, 7, 1), Uint8Array.of(255, 128, 2, 3, 4, 5))).toEqual([-1, -128, 2, 3, 4, 5]);
    const long = new Uint8Array(Uint32Array.of(4294967295, 1, 2, 3, 4, 5).buffer);
    expect(await read(bits(32, 32, 31, 0), long)).toEqual([2 ** 32, 1, 2, 3, 4, 5]);
    expect(await read(bits(32, 32, 31, 1), long)).toEqual([-1, 1, 2, 3, 4, 5]);
  });

  it('keeps the shear of a tilted gantry', async () => {
    const tilted = [0, 1, 2].map((k) =>
      slice(5 * k, { elements: { '0020,0032': ['-100', String(2 * k), String(5 * k)] } }),
    );
    const { affine } = await readDicomSeries(tilted);
    expect([affine[2], affine[6], affine[10]]).toEqual([0, -2, 5]);
  });

  it('reads a folder, and passes over what is not DICOM in it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'series-'));
    try {
      writeFileSync(join(folder, 'b.dcm'), slice(1));
      writeFileSync(join(folder, 'a.dcm'), slice(2));
      writeFileSync(join(folder, 'notes.txt'), 'seen on Monday');
      expect((await readVolume(folder)).shape).toEqual([2, 2, 3]);
      rmSync(join(folder, 'a.dcm'));
      rmSync(join(folder, 'b.dcm'));
      await expect(readVolume(folder)).rejects.toThrow('holds no DICOM file');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  const lone = (elements: DicomFile['elements']): Uint8Array[] => [slice(0, { elements })];
  it.each<[string, Uint8Array[], string]>([
    ['no files', [], 'a series needs a file or more'],
    ['what is no DICOM file', [new Uint8Array(200)], 'expected DICM at byte 128'],
    ['one bad file of two', [slice(0), new Uint8Array(9)], 'file 2 of 2: dicom: expected DICM'],
    [
      'JPEG',
      [slice(0, { syntax: '1.2.840.10008.1.2.4.50' })],
      'compressed with JPEG (transfer syntax 1.2.840.10008.1.2.4.50)',
    ],
    ['lossless JPEG', [slice(0, { syntax: '1.2.840.10008.1.2.4.70' })], 'compressed with lossless JPEG'],
    ['JPEG 2000', [slice(0, { syntax: '1.2.840.10008.1.2.4.90' })], 'compressed with JPEG 2000'],
    ['run lengths', [slice(0, { syntax: '1.2.840.10008.1.2.5' })], 'compressed with run lengths'],
    ['deflate', [slice(0, { syntax: '1.2.840.10008.1.2.1.99' })], 'compressed with deflate'],
    ['an unknown syntax', [slice(0, { syntax: '1.2.3' })], 'transfer syntax "1.2.3" is unknown'],
    ['a cut file', [slice(0).subarray(0, slice(0).length - 3)], 'dicom: '],
    ['a cut header', [slice(0).subarray(0, 180)], 'dicom: '],
    ['too few values', [slice(0, { pixels: words([1, 2]) })], '6 values need 12 bytes, 4 are there'],
    ['no values', [slice(0, { pixels: undefined } as never)], 'no pixel data'],
    ['colours', lone({ '0028,0002': 3, '0028,0004': 'RGB' }), 'its pixels are RGB'],
    ['several frames', lone({ '0028,0008': '4' }), 'it holds 4 pictures in one file'],
    ['a mosaic', lone({ '0008,0008': ['ORIGINAL', 'MOSAIC'] }), 'a Siemens mosaic'],
    ['no rows', lone({ '0028,0010': 0 }), 'it states no rows'],
    ['no place', lone({ '0020,0032': undefined }), 'position (0020,0032) must be 3 numbers'],
    ['a place that is no number', lone({ '0020,0032': ['a', '1', '2'] }), 'position (0020,0032) must be 3 numbers'],
    ['a skewed orientation', lone({ '0020,0037': ['1', '0', '0', '1', '0', '0'] }), 'two directions at right angles'],
    ['a spacing of 0', lone({ '0028,0030': ['0', '1'] }), 'pixel spacing must be above 0 mm, got 0 and 1'],
    ['a negative spacing', lone({ '0028,0030': ['1', '-1'] }), 'got 1 and -1'],
    ['24 bits', lone({ '0028,0100': 24 }), 'values of 24 bits'],
    ['two series', [slice(0), slice(1, { elements: { '0020,000E': '9' } })], 'must be of one series, got 2: 1.2.3, 9'],
    ['two sizes', [slice(0), slice(1, { elements: { '0028,0010': 1 } })], 'must be of one size, got 2: 2 × 3, 1 × 3'],
    ['a place twice', [slice(0), slice(1), slice(1)], 'two files lie at'],
    ['a missing slice', [slice(0), slice(1), slice(3)], 'gaps from 1.000 to 2.000 mm: is one missing?'],
  ])('refuses %s', async (_, files, message) => {
    const error = await readDicomSeries(files).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(VolumeError);
    expect((error as Error).message).toContain(message);
  });

  it('refuses the name of a window where nobody says that the values are Hounsfield units', async () => {
    const volume = await readDicomSeries(lone({ '0008,0060': 'MR' }));
    expect(() => windowed(volume, 'lung')).toThrow('the volume\'s unit is ""');
  });

  it.skipIf(!hasData)('says what the mosaic of nibabel is', async () => {
    const bytes = readFileSync(dataPath('volumes/nibabel/0.dcm'));
    await expect(readVolume(bytes)).rejects.toThrow('a Siemens mosaic, many slices laid out in one picture');
  });
});
