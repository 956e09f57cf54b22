import type { Shape } from './shape.ts';

/** Bytes of one number of each kind that files hold, little-endian; the names are those of safetensors. */
export const bytesPerNumber = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  U64: 8,
  I32: 4,
  U32: 4,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;

export type NumberType = keyof typeof bytesPerNumber;

/** Linear quantisation of whole numbers q: value = q·scale + min in float64, then rounded to float32. */
export interface Quantization {
  readonly scale: number;
  readonly min: number;
  /** True where the values are whole numbers themselves: value = round(q·scale + min). */
  readonly whole?: boolean;
}

/** A tensor as it lies in a file. */
export interface StoredTensor {
  readonly type: NumberType;
  readonly shape: Shape;
  /** Exactly its numbers, from outermost to innermost axis; they may start at any offset of a larger buffer. */
  readonly bytes: Uint8Array;
  /** Only for `U8` and `U16`. */
  readonly quantization?: Quantization;
}

/** How many numbers a stored tensor holds. */
const countOf = ({ type, bytes }: StoredTensor): number => bytes.byteLength / bytesPerNumber[type];

/** The float32 values of a stored tensor, in a new array or in one of the caller's, as long as it. */
export function valuesOf(tensor: StoredTensor, values: Float32Array = new Float32Array(countOf(tensor))): Float32Array {
  const { type, bytes, quantization } = tensor;
  if (type === 'F32') {
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength).set(bytes);
    return values;
  }
  if (type === 'U8' && quantization) {
    // Only 256 values: five times as fast as computing each.
    const table = Float32Array.from({ length: 256 }, (_, q) => dequantized(q, quantization));
    for (let i = 0; i < values.length; i++) values[i] = table[bytes[i]!]!;
    return values;
  }
  const read = reader(type, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  for (let i = 0; i < values.length; i++) values[i] = quantization ? dequantized(read(i), quantization) : read(i);
  return values;
}

function dequantized(q: number, { scale, min, whole }: Quantization): number {
  const value = q * scale + min;
  return whole ? Math.round(value) : value;
}

/** Index of the first NaN or infinity among the values of a stored tensor, −1 where all are finite. */
export function firstNotFinite(tensor: StoredTensor): number {
  const { type, quantization } = tensor;
  if (quantization) {
    const least = Math.fround(quantization.min);
    const most = Math.fround((type === 'U8' ? 255 : 65535) * quantization.scale + quantization.min);
    if (Number.isFinite(least) && Number.isFinite(most)) return -1;
  } else if (type !== 'F32' && type !== 'F64' && type !== 'F16' && type !== 'BF16') return -1;
  const { bytes } = tensor;
  const values =
    type === 'F32' && bytes.byteOffset % 4 === 0
      ? new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
      : valuesOf(tensor);
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}

function reader(type: Exclude<NumberType, 'F32'>, view: DataView): (index: number) => number {
  switch (type) {
    case 'F64':
      return (i) => view.getFloat64(i * 8, true);
    case 'F16':
      return (i) => fromHalf(view.getUint16(i * 2, true));
    case 'BF16':
      return (i) => fromBits(view.getUint16(i * 2, true) << 16);
    case 'I64':
      return (i) => Number(view.getBigInt64(i * 8, true));
    case 'U64':
      return (i) => Number(view.getBigUint64(i * 8, true));
    case 'I32':
      return (i) => view.getInt32(i * 4, true);
    case 'U32':
      return (i) => view.getUint32(i * 4, true);
    case 'I16':
      return (i) => view.getInt16(i * 2, true);
    case 'U16':
      return (i) => view.getUint16(i * 2, true);
    case 'I8':
      return (i) => view.getInt8(i);
    case 'U8':
      return (i) => view.getUint8(i);
    case 'BOOL':
      return (i) => (view.getUint8(i) === 0 ? 0 : 1);
  }
}

const scratch = new DataView(new ArrayBuffer(4));

function fromBits(bits: number): number {
  scratch.setInt32(0, bits);
  return scratch.getFloat32(0);
}

/** 2⁻²⁴: what one step of a binary16 without an exponent is worth. */
const HALF_SUBNORMAL = 5.9604644775390625e-8;

/** IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits. */
function fromHalf(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 31;
  const fraction = half & 0x3ff;
  if (exponent === 0) return (sign < 0 ? -1 : 1) * fraction * HALF_SUBNORMAL;
  if (exponent === 31) return fromBits(sign | 0x7f800000 | (fraction << 13));
  return fromBits(sign | ((exponent + 112) << 23) | (fraction << 13));
}
