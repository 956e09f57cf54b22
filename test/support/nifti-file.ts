/** Fields of a NIfTI header that a test states; the others are those of a sound file. */
export interface NiftiFile {
  readonly version?: 1 | 2;
  readonly little?: boolean;
  /** width, height, depth, frames … */
  readonly sizes: readonly number[];
  readonly datatype?: number;
  /** The values' bytes, in the byte order stated. */
  readonly data: Uint8Array;
  readonly spacings?: readonly number[];
  readonly slope?: number;
  readonly intercept?: number;
  readonly units?: number;
  readonly offset?: number;
  readonly axes?: number;
  readonly magic?: string;
  readonly qform?: { code: number; quaternion: readonly number[]; origin: readonly number[]; handed?: number };
  readonly sform?: { code: number; rows: readonly number[] };
}

/** Where the fields of each version stand, and how wide their numbers are (nifti1.h, nifti2.h). */
const LAYOUT = {
  1: {
    size: 348,
    magic: 344,
    dim: 40,
    type: 70,
    pixdim: 76,
    offset: 108,
    slope: 112,
    units: 123,
    codes: 252,
    quaternion: 256,
    rows: 280,
  },
  2: {
    size: 540,
    magic: 4,
    dim: 16,
    type: 12,
    pixdim: 104,
    offset: 168,
    slope: 176,
    units: 500,
    codes: 344,
    quaternion: 352,
    rows: 400,
  },
} as const;

/** A NIfTI file, byte by byte from the standard: nothing is shared with what reads it. */
export function niftiFile(file: NiftiFile): Uint8Array {
  const { version = 1, little = true, sizes, data, spacings = [1, 1, 1], units = 2 } = file;
  const at = LAYOUT[version];
  const offset = file.offset ?? at.size + 4;
  const bytes = new Uint8Array(Math.max(offset, at.size + 4) + data.length);
  const view = new DataView(bytes.buffer);
  const real = (where: number, values: readonly number[]): void => {
    for (const [i, value] of values.entries())
      version === 1 ? view.setFloat32(where + 4 * i, value, little) : view.setFloat64(where + 8 * i, value, little);
  };
  const whole = (where: number, value: number): void =>
    version === 1 ? view.setInt16(where, value, little) : view.setInt32(where, value, little);
  view.setInt32(0, at.size, little);
  for (const [i, value] of [file.axes ?? sizes.length, ...sizes].entries())
    version === 1
      ? view.setInt16(at.dim + 2 * i, value, little)
      : view.setBigInt64(at.dim + 8 * i, BigInt(value), little);
  view.setInt16(at.type, file.datatype ?? 2, little);
  real(at.pixdim, [file.qform?.handed ?? 1, ...spacings]);
  version === 1 ? view.setFloat32(at.offset, offset, little) : view.setBigInt64(at.offset, BigInt(offset), little);
  real(at.slope, [file.slope ?? 1, file.intercept ?? 0]);
  version === 1 ? view.setUint8(at.units, units) : view.setInt32(at.units, units, little);
  whole(at.codes, file.qform?.code ?? 0);
  whole(at.codes + (version === 1 ? 2 : 4), file.sform?.code ?? 0);
  real(at.quaternion, [...(file.qform?.quaternion ?? [0, 0, 0]), ...(file.qform?.origin ?? [0, 0, 0])]);
  real(at.rows, file.sform?.rows ?? []);
  bytes.set(Buffer.from(file.magic ?? `n+${version}\0`, 'latin1'), at.magic);
  bytes.set(data, Math.max(offset, at.size + 4));
  return bytes;
}
