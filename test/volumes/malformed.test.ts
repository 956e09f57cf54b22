import { describe, expect, it } from 'vitest';
import { VolumeError } from '../../src/core/errors.ts';
import { readVolume } from '../../src/volumes/read.ts';
import { Volume } from '../../src/volumes/volume.ts';
import { dicomFile } from '../support/dicom-file.ts';
import { niftiFile } from '../support/nifti-file.ts';
import { randomFrom } from '../support/random.ts';

const data = Uint8Array.from({ length: 24 }, (_, i) => 9 * i);
const dicom = dicomFile({
  pixels: data,
  elements: {
    '0008,0060': 'MR',
    '0020,000E': '1.2.3',
    '0020,0032': ['1', '2', '3'],
    '0020,0037': ['1', '0', '0', '0', '1', '0'],
    '0028,0002': 1,
    '0028,0004': 'MONOCHROME2',
    '0028,0010': 3,
    '0028,0011': 4,
    '0028,0030': ['1', '1'],
    '0028,0100': 16,
    '0028,0101': 16,
    '0028,0102': 15,
    '0028,0103': 0,
  },
});

describe('damaged files', () => {
  it.each([
    ['NIfTI-1', niftiFile({ sizes: [4, 3, 2], data }), 0],
    ['NIfTI-2', niftiFile({ version: 2, sizes: [4, 3, 2], data }), 0],
    // What comes before is not read.
    ['DICOM', dicom, 132],
  ])('%s: are refused or read, and nothing else happens', async (_, sound, from) => {
    expect(await readVolume(sound)).toBeInstanceOf(Volume);
    const random = randomFrom(7);
    let refused = 0;
    for (let trial = 0; trial < 400; trial++) {
      const bytes = sound.slice();
      for (let changes = 1 + Math.floor(random() * 4); changes > 0; changes--)
        bytes[from + Math.floor(random() * (bytes.length - from))] = Math.floor(random() * 256);
      const cut = random() < 0.3 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes;
      const result = await readVolume(cut).catch((error: unknown) => error);
      if (!(result instanceof Volume)) {
        expect(result, `trial ${trial}`).toBeInstanceOf(VolumeError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(100);
    expect(refused).toBeLessThan(400);
  });
});
