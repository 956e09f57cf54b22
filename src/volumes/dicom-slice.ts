import type { DataSet } from 'dicom-parser';
import { VolumeError } from '../core/errors.ts';
import { dot, lengthOf, type Vector } from './affine.ts';
import { byteOrderOf } from './dicom-syntax.ts';
import { dicomValues } from './dicom-values.ts';

/** One DICOM file: a picture, where it lies, and what its values are. */
export interface DicomSlice {
  /** Its series' identifier. */
  readonly series: string;
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns] */
  readonly values: Float32Array;
  readonly unit: string;
  /** Directions of growing column and row numbers, in the patient's left, posterior, superior. */
  readonly along: readonly [columns: Vector, rows: Vector];
  /** Millimetres from row to row, from column to column. */
  readonly spacing: readonly [rows: number, columns: number];
  /** Millimetres from slice to slice, for lone ones. */
  readonly thickness: number;
  /** The middle of the first value: left, posterior, superior. */
  readonly position: Vector;
}

/** Whether bytes begin as a DICOM file does: 128 of anything, then DICM. */
export const isDicom = (bytes: Uint8Array): boolean => String.fromCharCode(...bytes.subarray(128, 132)) === 'DICM';

/**
 * Reads one DICOM file, uncompressed, with the library dicom-parser.
 * @throws VolumeError where it is none, ends early, is compressed, in colour, or lacks its place in the patient
 */
export async function readDicomSlice(bytes: Uint8Array): Promise<DicomSlice> {
  if (!isDicom(bytes))
    throw new VolumeError(`dicom: expected DICM at byte 128 of a file, which these ${bytes.length} bytes have not`);
  const library = await dicomParser();
  try {
    return sliceOf(library, bytes);
  } catch (error) {
    if (error instanceof VolumeError) throw error;
    // The library throws texts, errors, or an error beside what it could read; its getters too, where an element is damaged.
    const { exception = error } = (error ?? {}) as { exception?: unknown };
    const reason = exception instanceof Error ? exception.message : String(exception);
    throw new VolumeError(`dicom: damaged, or it ends early (${bytes.length} bytes): ${reason}`, { cause: error });
  }
}

type Library = typeof import('dicom-parser');

/** The library is CommonJS: its functions are in one of two places. */
async function dicomParser(): Promise<Library> {
  const module = (await import('dicom-parser')) as Library & { default?: Library };
  return module.default ?? module;
}

function sliceOf(library: Library, bytes: Uint8Array): DicomSlice {
  const order = byteOrderOf(library.readPart10Header(bytes).string('x00020010') ?? '');
  const dataSet = library.parseDicom(bytes);
  refuseUnusable(dataSet);
  const [rows, columns] = [sizeOf(dataSet, 'x00280010', 'rows'), sizeOf(dataSet, 'x00280011', 'columns')];
  const directions = numbers(dataSet, 'x00200037', 6, 'orientation (0020,0037)');
  const along = [directions.slice(0, 3), directions.slice(3)] as unknown as readonly [Vector, Vector];
  checkDirections(along);
  const spacing = numbers(dataSet, 'x00280030', 2, 'pixel spacing (0028,0030)') as unknown as [number, number];
  if (!spacing.every((side) => side > 0))
    throw new VolumeError(`dicom: pixel spacing must be above 0 mm, got ${spacing.join(' and ')}`);
  return {
    series: dataSet.string('x0020000e') ?? '',
    rows,
    columns,
    values: dicomValues(dataSet, rows * columns, order === 'little'),
    unit: unitOf(dataSet),
    along,
    spacing,
    thickness: dataSet.floatString('x00180088') || dataSet.floatString('x00180050') || 1,
    position: numbers(dataSet, 'x00200032', 3, 'position (0020,0032)') as unknown as Vector,
  };
}

function refuseUnusable(dataSet: DataSet): void {
  const photometric = dataSet.string('x00280004') ?? '';
  if ((dataSet.uint16('x00280002') ?? 1) !== 1 || !photometric.startsWith('MONOCHROME'))
    throw new VolumeError(`dicom: its pixels are ${photometric || 'of no known kind'}, expected one grey value each`);
  const frames = dataSet.intString('x00280008') ?? 1;
  if (frames !== 1) throw new VolumeError(`dicom: it holds ${frames} pictures in one file, expected one a file`);
  if (/\bMOSAIC\b/.test(dataSet.string('x00080008') ?? ''))
    throw new VolumeError(
      'dicom: a Siemens mosaic, many slices laid out in one picture: convert it first, as with dcm2niix',
    );
}

function sizeOf(dataSet: DataSet, tag: string, what: string): number {
  const size = dataSet.uint16(tag) ?? 0;
  if (size < 1) throw new VolumeError(`dicom: it states no ${what}`);
  return size;
}

function numbers(dataSet: DataSet, tag: string, count: number, what: string): number[] {
  const values = Array.from({ length: count }, (_, i) => dataSet.floatString(tag, i) ?? Number.NaN);
  if (!values.every(Number.isFinite))
    throw new VolumeError(`dicom: its ${what} must be ${count} numbers, got ${JSON.stringify(dataSet.string(tag))}`);
  return values;
}

function checkDirections([columns, rows]: readonly [Vector, Vector]): void {
  const off = Math.max(Math.abs(lengthOf(columns) - 1), Math.abs(lengthOf(rows) - 1), Math.abs(dot(columns, rows)));
  if (off > 1e-3)
    throw new VolumeError(`dicom: its orientation must be two directions at right angles, got ${columns} and ${rows}`);
}

/** Hounsfield units for rescaled CT, else what the file names, where it names one. */
function unitOf(dataSet: DataSet): string {
  const named = dataSet.string('x00281054')?.trim() ?? '';
  if (dataSet.string('x00080060')?.trim() === 'CT' && dataSet.elements.x00281052 && (named === '' || named === 'US'))
    return 'HU';
  return named === 'US' ? '' : named;
}
