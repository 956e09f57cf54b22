import { VolumeError } from '../core/errors.ts';
import { affineOf, dot, lengthOf, normalOf, type Vector } from './affine.ts';
import { type DicomSlice, readDicomSlice } from './dicom-slice.ts';
import { Volume } from './volume.ts';

/** How far a slice may lie from its even place, as a share of the distance between slices. */
const UNEVEN = 0.02;

const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const times = (a: Vector, by: number): Vector => [a[0] * by, a[1] * by, a[2] * by];

/**
 * Reads the files of one DICOM series, in any order: uncompressed pictures of grey values, one a file, of one size and
 * direction and evenly spaced. They are sorted by their places in the patient; those of a tilted gantry give a sheared affine.
 * CT comes in Hounsfield units.
 *
 * @throws VolumeError where a file cannot be read, the files are not of one series, or a slice is missing or there twice
 * @example
 * const thorax = await readDicomSeries(await Promise.all(paths.map((path) => readFile(path))));
 * const lungs = windowed(thorax, 'lung');
 */
export async function readDicomSeries(files: readonly Uint8Array[]): Promise<Volume> {
  if (files.length === 0) throw new VolumeError('dicom: a series needs a file or more, got none');
  const slices: DicomSlice[] = [];
  for (const [i, bytes] of files.entries()) slices.push(await numbered(i, files.length, bytes));
  checkAlike(slices);
  const [first] = slices as [DicomSlice];
  const [columns, rows] = first.along;
  const normal = normalOf(columns, rows);
  slices.sort((a, b) => dot(a.position, normal) - dot(b.position, normal));
  const { position } = slices[0]!;
  const count = slices.length;
  const step =
    count === 1 ? times(normal, first.thickness) : times(minus(slices[count - 1]!.position, position), 1 / (count - 1));
  checkPlaces(slices, step);
  const cells = first.rows * first.columns;
  const values = new Float32Array(count * cells);
  for (const [k, slice] of slices.entries()) values.set(slice.values, k * cells);
  return new Volume({
    values,
    shape: [count, first.rows, first.columns],
    affine: affineOf(
      rightAnterior(times(columns, first.spacing[1])),
      rightAnterior(times(rows, first.spacing[0])),
      rightAnterior(step),
      rightAnterior(position),
    ),
    unit: first.unit,
  });
}

/** DICOM counts to the left and the back, we to the right and the front. */
const rightAnterior = ([x, y, z]: Vector): Vector => [0 - x, 0 - y, z];

async function numbered(i: number, count: number, bytes: Uint8Array): Promise<DicomSlice> {
  try {
    return await readDicomSlice(bytes);
  } catch (error) {
    if (count === 1 || !(error instanceof VolumeError)) throw error;
    throw new VolumeError(`file ${i + 1} of ${count}: ${error.message}`, { cause: error });
  }
}

function checkAlike(slices: readonly DicomSlice[]): void {
  const traits: readonly (readonly [name: string, of: (slice: DicomSlice) => string])[] = [
    ['series', ({ series }) => series],
    ['size', ({ rows, columns }) => `${rows} × ${columns}`],
    [
      'direction',
      ({ along }) =>
        along
          .flat()
          .map((value) => value.toFixed(4))
          .join(' '),
    ],
    ['spacing', ({ spacing }) => spacing.map((value) => value.toFixed(4)).join(' × ')],
    ['unit', ({ unit }) => unit],
  ];
  for (const [name, of] of traits) {
    const kinds = [...new Set(slices.map(of))];
    if (kinds.length > 1)
      throw new VolumeError(
        `dicom: the files must be of one ${name}, got ${kinds.length}: ${kinds.slice(0, 3).join(', ')}`,
      );
  }
}

function checkPlaces(slices: readonly DicomSlice[], step: Vector): void {
  const distance = lengthOf(step);
  const start = slices[0]!.position;
  const gaps = slices.slice(1).map((slice, k) => lengthOf(minus(slice.position, slices[k]!.position)));
  const twice = gaps.findIndex((gap) => gap < UNEVEN * distance || gap === 0);
  if (twice >= 0)
    throw new VolumeError(
      `dicom: two files lie at ${slices[twice]!.position.join(', ')} mm: is it more than one volume?`,
    );
  for (const [k, { position }] of slices.entries()) {
    const place: Vector = [start[0] + step[0] * k, start[1] + step[1] * k, start[2] + step[2] * k];
    if (lengthOf(minus(position, place)) > UNEVEN * distance)
      throw new VolumeError(
        `dicom: the slices must be evenly spaced, got gaps from ${Math.min(...gaps).toFixed(3)} to ${Math.max(...gaps).toFixed(3)} mm: is one missing?`,
      );
  }
}
