import { VolumeError } from '../core/errors.ts';
import { type Affine, affineOf, type Vector } from './affine.ts';
import type { Triple } from './volume.ts';

/** What a NIfTI file says of itself. */
export interface NiftiHeader {
  readonly version: 1 | 2;
  readonly littleEndian: boolean;
  readonly shape: Triple;
  /** Volumes in the file: times, directions, components. */
  readonly frames: number;
  /** NIfTI's code of the values' type. */
  readonly datatype: number;
  /** First byte of the values. */
  readonly offset: number;
  /** value = stored · slope + intercept; 1 and 0 where the file states none. */
  readonly slope: number;
  readonly intercept: number;
  readonly affine: Affine;
}

/** By version: bytes of the header, where its magic stands, the texts of one file and of a pair, where the rows of its affine stand. */
const VERSIONS = {
  1: { size: 348, magicAt: 344, single: 'n+1\0', pair: 'ni1\0', rowsAt: 280 },
  2: { size: 540, magicAt: 4, single: 'n+2\0', pair: 'ni2\0', rowsAt: 400 },
} as const;

/** Millimetres in one of NIfTI's units of space: unknown (taken as mm), metre, millimetre, micrometre. */
const MILLIMETRES = [1, 1000, 1, 0.001] as const;

const textAt = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));

const versionOf = (bytes: Uint8Array): 1 | 2 | undefined =>
  ([1, 2] as const).find((version) => {
    const { magicAt, single, pair } = VERSIONS[version];
    return [single, pair].includes(textAt(bytes, magicAt) as typeof single);
  });

/** Whether (unpacked) bytes begin as a NIfTI file does. */
export const isNifti = (bytes: Uint8Array): boolean => versionOf(bytes) !== undefined;

/**
 * Reads a NIfTI-1 or NIfTI-2 header of either byte order, with the library nifti-reader-js. The affine is the sform where it
 * has a code, else the qform where that has one, else the spacing alone, in millimetres.
 *
 * @throws VolumeError where it is none, ends early, or states sizes, spacings or an order of values that cannot be
 */
export async function readNiftiHeader(bytes: Uint8Array): Promise<NiftiHeader> {
  const version = versionOf(bytes);
  if (!version)
    throw new VolumeError(
      `nifti: expected the magic n+1 at byte 344 or n+2 at byte 4, got ${JSON.stringify(textAt(bytes, 344))} and ${JSON.stringify(textAt(bytes, 4))} (${bytes.length} bytes)`,
    );
  const { size, magicAt, pair, rowsAt } = VERSIONS[version];
  if (textAt(bytes, magicAt) === pair)
    throw new VolumeError('nifti: this is the header of a pair .hdr and .img: make one .nii file of them');
  if (bytes.length < size)
    throw new VolumeError(`nifti: it ends early: a header has ${size} bytes, ${bytes.length} are there`);
  const { readHeader } = await import('nifti-reader-js');
  // Without what follows the header: extensions are not read, whatever sizes they state.
  const head = bytes.slice(0, size).buffer;
  const header = read(() => readHeader(head));
  if (!header) throw new VolumeError('nifti: its header cannot be read');
  const { shape, frames } = sizesOf(header.dims);
  const rows = rowsOf(new DataView(head), version, header.littleEndian, rowsAt);
  const offset = Math.max(header.vox_offset, size + 4);
  if (!Number.isInteger(offset)) throw new VolumeError(`nifti: its values begin at byte ${header.vox_offset}`);
  return {
    version,
    littleEndian: header.littleEndian,
    shape,
    frames,
    datatype: header.datatypeCode,
    offset,
    ...scalingOf(header.scl_slope, header.scl_inter),
    affine: inMillimetres(header.sform_code > 0 ? rows : affineWithout(header), header.xyzt_units),
  };
}

type LibraryHeader = NonNullable<ReturnType<typeof import('nifti-reader-js').readHeader>>;

function read(header: () => LibraryHeader | null): LibraryHeader | null {
  try {
    return header();
  } catch (error) {
    throw new VolumeError(`nifti: its header cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

function sizesOf(dims: readonly number[]): { shape: Triple; frames: number } {
  const axes = dims[0]!;
  if (!(axes >= 1 && axes <= 7)) throw new VolumeError(`nifti: it states ${axes} axes, expected 1 to 7`);
  const sizes = Array.from({ length: 7 }, (_, i) => (i < axes ? dims[i + 1]! : 1));
  if (!sizes.every((size) => Number.isSafeInteger(size) && size >= 1))
    throw new VolumeError(`nifti: sizes must be at least 1, got ${sizes.slice(0, axes).join(' × ')}`);
  const [width, height, depth, ...others] = sizes as [number, number, number, ...number[]];
  return { shape: [depth, height, width], frames: others.reduce((product, size) => product * size, 1) };
}

/** A slope of 0 means that the stored values are meant as they are, as does one that is no number. */
const scalingOf = (slope: number, intercept: number): { slope: number; intercept: number } =>
  slope !== 0 && Number.isFinite(slope) && Number.isFinite(intercept)
    ? { slope, intercept }
    : { slope: 1, intercept: 0 };

/** The sform's three rows. The library keeps them only where it prefers them, and it prefers a qform of a higher code. */
const rowsOf = (view: DataView, version: 1 | 2, little: boolean, at: number): Affine =>
  Array.from({ length: 12 }, (_, i) =>
    version === 1 ? view.getFloat32(at + 4 * i, little) : view.getFloat64(at + 8 * i, little),
  );

function affineWithout({
  pixDims,
  qform_code,
  quatern_b: b,
  quatern_c: c,
  quatern_d: d,
  ...header
}: LibraryHeader): Affine {
  const [x, y, z] = pixDims.slice(1, 4) as [number, number, number];
  if (![x, y, z].every((spacing) => Number.isFinite(spacing) && spacing > 0))
    throw new VolumeError(
      `nifti: spacings must be finite and above 0, got ${x}, ${y}, ${z} along width, height, depth`,
    );
  if (!(qform_code > 0)) return affineOf([x, 0, 0], [0, y, 0], [0, 0, z], [0, 0, 0]);
  const square = b * b + c * c + d * d;
  if (!(square <= 1 + 1e-6))
    throw new VolumeError(`nifti: b² + c² + d² of its quaternion must be at most 1, got ${square}`);
  const a = Math.sqrt(Math.max(0, 1 - square));
  const handed = pixDims[0]! < 0 ? -z : z;
  const column = (direction: Vector, by: number): Vector => [direction[0] * by, direction[1] * by, direction[2] * by];
  return affineOf(
    column([a * a + b * b - c * c - d * d, 2 * (b * c + a * d), 2 * (b * d - a * c)], x),
    column([2 * (b * c - a * d), a * a + c * c - b * b - d * d, 2 * (c * d + a * b)], y),
    column([2 * (b * d + a * c), 2 * (c * d - a * b), a * a + d * d - b * b - c * c], handed),
    [header.qoffset_x, header.qoffset_y, header.qoffset_z],
  );
}

function inMillimetres(affine: Affine, units: number): Affine {
  const by = MILLIMETRES[units & 7];
  if (by === undefined) throw new VolumeError(`nifti: it states the unit of space ${units & 7}, expected 0 to 3`);
  return affine.map((value) => value * by);
}
