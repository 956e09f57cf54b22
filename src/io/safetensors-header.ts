import { WeightsError } from '../core/errors.ts';
import { formatShape, type Shape } from '../core/shape.ts';
import { bytesPerNumber, type NumberType } from '../core/stored-tensor.ts';
import { isRecord, repeatedKey } from './json.ts';
import { byteLength } from './tensors.ts';

/** Bytes of the header's length, little-endian, in front of the header. */
export const LENGTH_BYTES = 8;
/** The most that a header may have, as in the reference implementation: 100 MB. */
const MAX_HEADER = 100_000_000;

export interface HeaderEntry {
  readonly name: string;
  readonly type: NumberType;
  readonly shape: Shape;
  /** First byte and the byte behind the last, from the end of the header. */
  readonly start: number;
  readonly end: number;
}

export interface Header {
  /** In the order of their bytes, without gaps: each starts where the one before ends. */
  readonly entries: readonly HeaderEntry[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Where the tensors' bytes begin in the file. */
  readonly dataStart: number;
}

/** Whether bytes begin as a safetensors file does: a length that fits, then `{`. */
export function looksLikeSafetensors(bytes: Uint8Array): boolean {
  return bytes.length > LENGTH_BYTES && bytes[LENGTH_BYTES] === 0x7b && headerLength(bytes) <= MAX_HEADER;
}

function headerLength(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getUint32(0, true) + view.getUint32(4, true) * 0x100000000;
}

/** Where a file's header ends, by its first bytes. @throws WeightsError where that cannot be. */
export function headerEnd(bytes: Uint8Array, size: number): number {
  if (bytes.length < LENGTH_BYTES + 2) refuse(`the file has ${bytes.length} bytes, too few for a header`);
  const length = headerLength(bytes);
  if (length > MAX_HEADER) refuse(`the header would have ${length} bytes, at most ${MAX_HEADER} are allowed`);
  if (LENGTH_BYTES + length > size)
    refuse(`the header has ${length} bytes, but only ${size - LENGTH_BYTES} follow: the file is truncated`);
  return LENGTH_BYTES + length;
}

/** The header as a file holds it: its length, then its JSON, filled up with spaces to a multiple of eight bytes. */
export function headerBytes(header: object): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(LENGTH_BYTES + length).fill(0x20, LENGTH_BYTES);
  new DataView(bytes.buffer).setUint32(0, length, true);
  bytes.set(json, LENGTH_BYTES);
  return bytes;
}

const refuse = (what: string): never => {
  throw new WeightsError(`safetensors: ${what}`);
};

/**
 * Reads and checks the header of a safetensors file: 8 bytes of length N, N bytes of JSON, then the tensors' bytes,
 * which must be covered exactly once.
 *
 * @param bytes The file, or its beginning up to the header's end.
 * @param size Bytes of the file, Infinity where nobody knows.
 * @throws WeightsError naming the tensor, where one is at fault.
 * @see https://huggingface.co/docs/safetensors/index#format
 */
export function parseHeader(bytes: Uint8Array, size = bytes.length): Header {
  const dataStart = headerEnd(bytes, size);
  const { __metadata__: metadata = {}, ...tensors } = parseJson(bytes.subarray(LENGTH_BYTES, dataStart));
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === 'string'))
    return refuse('__metadata__ must map names to texts');
  const entries = Object.entries(tensors).map(([name, value]) => parseEntry(name, value));
  checkCoverage(entries, size - dataStart);
  return { entries, metadata: metadata as Record<string, string>, dataStart };
}

function parseJson(bytes: Uint8Array): Record<string, unknown> {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (error) {
    throw new WeightsError(`safetensors: the header is not JSON: ${(error as Error).message}`, { cause: error });
  }
  if (!isRecord(header)) return refuse('the header must be an object');
  const repeated = repeatedKey(text);
  if (repeated !== undefined) refuse(`"${repeated}" is there twice in the header`);
  return header;
}

function parseEntry(name: string, value: unknown): HeaderEntry {
  const about = `tensor "${name}"`;
  if (!isRecord(value)) return refuse(`${about} must be an object, got ${JSON.stringify(value)}`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !Object.hasOwn(bytesPerNumber, dtype))
    refuse(`${about} has dtype ${JSON.stringify(dtype)}; known are ${Object.keys(bytesPerNumber).join(', ')}`);
  const type = dtype as NumberType;
  const expected = byteLength(name, type, shape as Shape);
  const [start, end] = Array.isArray(offsets) && offsets.length === 2 ? offsets : [];
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start)
    refuse(`${about} has data_offsets ${JSON.stringify(offsets)}, expected [start, end]`);
  if (end - start !== expected)
    refuse(
      `${about} ${type} ${formatShape(shape as Shape)} needs ${expected} bytes, its data_offsets span ${end - start}`,
    );
  return { name, type, shape: shape as Shape, start, end };
}

/** Sorts entries by place; together they must be every byte once. */
function checkCoverage(entries: HeaderEntry[], available: number): void {
  entries.sort((a, b) => a.start - b.start || a.end - b.end);
  let at = 0;
  for (const { name, start, end } of entries) {
    if (start !== at)
      refuse(
        `tensor "${name}" starts at byte ${start}, ${start < at ? 'inside of' : 'apart from'} the one before, which ends at ${at}`,
      );
    if (end > available)
      refuse(`tensor "${name}" ends at byte ${end}, but only ${available} are there: the file is truncated`);
    at = end;
  }
  if (at !== available && available !== Number.POSITIVE_INFINITY)
    refuse(`the tensors fill ${at} bytes, but ${available} follow the header`);
}
