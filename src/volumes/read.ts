import { VolumeError } from '../core/errors.ts';
import { nodeModule } from '../core/host.ts';
import { type BytesSource, readBytes } from '../io/source.ts';
import { readDicomSeries } from './dicom.ts';
import { isDicom } from './dicom-slice.ts';
import { isGzip } from './inflate.ts';
import { type NiftiOptions, readNifti } from './nifti.ts';
import { isNifti } from './nifti-header.ts';
import type { Volume } from './volume.ts';

/** What people have a volume in: a file, or the files of a DICOM series; in Node also the folder that holds them. */
export type VolumeSource = BytesSource | readonly BytesSource[];

/**
 * Reads a volume: a NIfTI file, plain or gzip, or a DICOM series, told apart by what is in them.
 *
 * @throws VolumeError where it is neither, or cannot be read
 * @throws InputError where a file cannot be reached
 * @example
 * const brain = await readVolume('brain.nii.gz');
 * const thorax = await readVolume('scans/thorax/'); // a folder of DICOM files
 */
export async function readVolume(source: VolumeSource, options: NiftiOptions = {}): Promise<Volume> {
  if (Array.isArray(source)) {
    const files: Uint8Array[] = [];
    for (const file of source as readonly BytesSource[]) files.push(await readBytes(file));
    return readDicomSeries(files);
  }
  const one = source as BytesSource;
  if (typeof one === 'string') {
    const files = await filesIn(one);
    if (files) return readDicomSeries(files);
  }
  const bytes = await readBytes(one);
  if (isDicom(bytes)) return readDicomSeries([bytes]);
  if (isGzip(bytes) || isNifti(bytes)) return readNifti(bytes, options);
  throw new VolumeError(
    `readVolume: expected a NIfTI file (.nii, .nii.gz) or DICOM files, got ${bytes.length} bytes that are neither`,
  );
}

/** The DICOM files of a folder by name; undefined where the path is none. */
async function filesIn(path: string): Promise<Uint8Array[] | undefined> {
  const fs = nodeModule<typeof import('node:fs')>('node:fs')?.promises;
  const stats = await fs?.stat(path).catch(() => undefined);
  if (!fs || !stats?.isDirectory()) return undefined;
  const files: Uint8Array[] = [];
  for (const entry of (await fs.readdir(path, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!entry.isFile()) continue;
    const bytes = await fs.readFile(`${path}/${entry.name}`);
    if (isDicom(bytes) && entry.name !== 'DICOMDIR') files.push(bytes);
  }
  if (files.length === 0) throw new VolumeError(`readVolume: ${path} holds no DICOM file`);
  return files;
}
