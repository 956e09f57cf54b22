import { VolumeError } from '../core/errors.ts';

interface ValueType {
  readonly name: string;
  readonly bytes: number;
  readonly read: (view: DataView, at: number, little: boolean) => number;
}

/** NIfTI's codes of types that hold one number. */
const TYPES: Readonly<Record<number, ValueType>> = {
  2: { name: 'uint8', bytes: 1, read: (view, at) => view.getUint8(at) },
  4: { name: 'int16', bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  8: { name: 'int32', bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  16: { name: 'float32', bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  64: { name: 'float64', bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
  256: { name: 'int8', bytes: 1, read: (view, at) => view.getInt8(at) },
  512: { name: 'uint16', bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  768: { name: 'uint32', bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  1024: { name: 'int64', bytes: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
  1280: { name: 'uint64', bytes: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
};

const luminance = (view: DataView, at: number): number =>
  0.299 * view.getUint8(at) + 0.587 * view.getUint8(at + 1) + 0.114 * view.getUint8(at + 2);

/** Types of a colour a voxel, as their luminance (BT.601), 0 … 255. */
const COLOURS: Readonly<Record<number, ValueType>> = {
  128: { name: 'RGB24', bytes: 3, read: luminance },
  2304: { name: 'RGBA32', bytes: 4, read: luminance },
};

const REFUSED: Readonly<Record<number, string>> = {
  1: 'single bits',
  32: 'complex numbers',
  1536: 'floats of 128 bits',
  1792: 'complex numbers',
  2048: 'complex numbers',
};

/**
 * How values of a NIfTI type are read.
 * @throws VolumeError where the type is not supported, or holds colours and `colors` does not say what is to become of them
 */
export function valueTypeOf(datatype: number, colors: 'refuse' | 'luminance'): ValueType {
  const colour = COLOURS[datatype];
  if (colour && colors === 'refuse')
    throw new VolumeError(
      `nifti: it holds colours (${colour.name}), not measured values; their luminance is read with { colors: 'luminance' }`,
    );
  const type = colour ?? TYPES[datatype];
  if (!type)
    throw new VolumeError(`nifti: values of type ${datatype} (${REFUSED[datatype] ?? 'unknown'}) are not supported`);
  return type;
}
