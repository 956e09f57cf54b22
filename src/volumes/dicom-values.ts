import type { DataSet } from 'dicom-parser';
import { VolumeError } from '../core/errors.ts';

/**
 * The values of a DICOM picture: stored · slope + intercept, where each stored number is some bits of 8, 16 or 32, signed or
 * not (PS3.5 §8.1.1, PS3.3 C.11.1.1.2).
 *
 * @throws VolumeError where they end early or are stored in another way
 */
export function dicomValues(dataSet: DataSet, count: number, little: boolean): Float32Array {
  const element = dataSet.elements.x7fe00010;
  if (!element) throw new VolumeError('dicom: it holds no pixel data (7FE0,0010)');
  const allocated = dataSet.uint16('x00280100') ?? 0;
  const stored = dataSet.uint16('x00280101') ?? allocated;
  const high = dataSet.uint16('x00280102') ?? stored - 1;
  const low = high + 1 - stored;
  if (![8, 16, 32].includes(allocated) || stored < 1 || low < 0 || high >= allocated)
    throw new VolumeError(
      `dicom: values of ${allocated} bits, ${stored} of them used up to bit ${high}, are not supported (8, 16 or 32)`,
    );
  if (allocated === 8 && !little)
    throw new VolumeError('dicom: values of 8 bits in big-endian words are not supported');
  const bytes = allocated / 8;
  const there = Math.min(element.length, dataSet.byteArray.length - element.dataOffset);
  if (element.hadUndefinedLength || there < count * bytes)
    throw new VolumeError(`dicom: it ends early: ${count} values need ${count * bytes} bytes, ${there} are there`);

  const signed = (dataSet.uint16('x00280103') ?? 0) === 1;
  const slope = finite(dataSet, 'x00281053', 1);
  const intercept = finite(dataSet, 'x00281052', 0);
  const view = new DataView(dataSet.byteArray.buffer, dataSet.byteArray.byteOffset + element.dataOffset, count * bytes);
  const read = READERS[allocated]!;
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    // Bits beside the stored ones may hold overlays. The shifts leave the stored ones, with their sign where they have one.
    const raised = read(view, i * bytes, little) << (31 - high);
    const value = signed ? raised >> (32 - stored) : raised >>> (32 - stored);
    values[i] = value * slope + intercept;
  }
  return values;
}

const READERS: Readonly<Record<number, (view: DataView, at: number, little: boolean) => number>> = {
  8: (view, at) => view.getUint8(at),
  16: (view, at, little) => view.getUint16(at, little),
  32: (view, at, little) => view.getUint32(at, little),
};

function finite(dataSet: DataSet, tag: string, otherwise: number): number {
  const value = dataSet.floatString(tag) ?? otherwise;
  if (!Number.isFinite(value))
    throw new VolumeError(`dicom: its rescale slope and intercept must be numbers, got ${dataSet.string(tag)}`);
  return value;
}
