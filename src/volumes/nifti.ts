import { VolumeError } from '../core/errors.ts';
import { elementsOf } from '../core/shape.ts';
import { inflate, isGzip } from './inflate.ts';
import { type NiftiHeader, readNiftiHeader } from './nifti-header.ts';
import { valueTypeOf } from './nifti-values.ts';
import { Volume } from './volume.ts';

export interface NiftiOptions {
  /** Which volume of a file that holds several (times, directions), from 0. Default: the first. */
  readonly frame?: number;
  /** Voxels that hold a colour: an error, or their luminance (0 … 255). Default: an error. */
  readonly colors?: 'refuse' | 'luminance';
  /** What NaN and infinities become, as statistical maps have outside of the brain. Default: an error naming the first. */
  readonly notFinite?: 'refuse' | number;
  /** Bytes that a gzip file may unpack to. Default: 2³¹. */
  readonly maxBytes?: number;
}

const MOST_BYTES = 2 ** 31;

/**
 * Reads a volume of a NIfTI-1 or NIfTI-2 file: one file (.nii), plain or gzip, of either byte order, of whole numbers or
 * floats. Values are stored · scl_slope + scl_inter, or the stored ones where scl_slope is 0.
 *
 * @throws VolumeError where it is none, is damaged, ends early, or holds what cannot be read
 * @example
 * const { shape, spacing, orientation } = await readNifti(await readFile('brain.nii.gz'));
 */
export async function readNifti(bytes: Uint8Array, options: NiftiOptions = {}): Promise<Volume> {
  const { frame = 0, colors = 'refuse', notFinite = 'refuse', maxBytes = MOST_BYTES } = options;
  const plain = isGzip(bytes) ? await inflate(bytes, maxBytes) : bytes;
  const header = await readNiftiHeader(plain);
  if (!(Number.isInteger(frame) && frame >= 0 && frame < header.frames))
    throw new VolumeError(`nifti: frame must be a whole number from 0 to ${header.frames - 1}, got ${frame}`);
  const values = valuesOf(plain, header, frame, colors);
  if (notFinite !== 'refuse') replaceNotFinite(values, notFinite);
  return new Volume({ values, shape: header.shape, affine: header.affine });
}

/** What a NIfTI file says of itself, plain or gzip: its shape, how many frames it holds, its type and affine. */
export async function niftiHeader(bytes: Uint8Array, maxBytes = MOST_BYTES): Promise<NiftiHeader> {
  return readNiftiHeader(isGzip(bytes) ? await inflate(bytes, maxBytes) : bytes);
}

function valuesOf(bytes: Uint8Array, header: NiftiHeader, frame: number, colors: 'refuse' | 'luminance'): Float32Array {
  const { littleEndian, slope, intercept } = header;
  const { bytes: step, read } = valueTypeOf(header.datatype, colors);
  const count = elementsOf(header.shape);
  const end = header.offset + count * header.frames * step;
  if (bytes.length < end)
    throw new VolumeError(
      `nifti: it ends early: ${header.shape.join(' × ')} × ${header.frames} values need ${end} bytes, ${bytes.length} are there`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset + header.offset + frame * count * step, count * step);
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = read(view, i * step, littleEndian) * slope + intercept;
  return values;
}

function replaceNotFinite(values: Float32Array, by: number): void {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) values[i] = by;
}
