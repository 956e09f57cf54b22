import { WeightsError } from '../core/errors.ts';
import { bytesPerNumber, type Quantization, type StoredTensor } from '../core/stored-tensor.ts';
import { isRecord } from './json.ts';
import { type Header, type HeaderEntry, headerBytes, parseHeader } from './safetensors-header.ts';
import { checkFinite, checkTensor, quantizationOf } from './tensors.ts';

/** Entry of `__metadata__` that holds the quantisation of tensors: a JSON text, `{ [tensor]: { scale, min } }`. */
export const QUANTIZATION_KEY = 'facsimile.quantization';

export interface Safetensors {
  /** By name, in the order of their bytes. They are views of the file, not copies. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Texts of `__metadata__`, without what holds the quantisation. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads a safetensors file. Quantised tensors are those that `writeSafetensors` wrote: U8 or U16 with a scale and a least
 * value in the file's metadata.
 *
 * @throws WeightsError naming the tensor, where the file is truncated or its header lies.
 * @see https://huggingface.co/docs/safetensors/index#format
 */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  const header = parseHeader(bytes);
  return tensorsOf(header, header.entries, ({ start, end }) =>
    bytes.subarray(header.dataStart + start, header.dataStart + end),
  );
}

/** Some tensors of a file, by the bytes of each. */
export function tensorsOf(
  { entries, metadata }: Header,
  chosen: readonly HeaderEntry[],
  bytesOf: (entry: HeaderEntry) => Uint8Array,
): Safetensors {
  const { [QUANTIZATION_KEY]: quantizationText, ...rest } = metadata;
  const quantizations = parseQuantizations(quantizationText);
  for (const name of quantizations.keys())
    if (!entries.some((entry) => entry.name === name))
      throw new WeightsError(`safetensors: tensor "${name}" has a quantisation, but is not in the file`);
  const tensors = new Map<string, StoredTensor>();
  for (const entry of chosen) {
    const { name, type, shape } = entry;
    const quantization = quantizations.get(name);
    const tensor: StoredTensor = { type, shape, bytes: bytesOf(entry), ...(quantization && { quantization }) };
    checkTensor(name, tensor);
    tensors.set(name, tensor);
  }
  return { tensors, metadata: rest };
}

function parseQuantizations(text: string | undefined): Map<string, Quantization> {
  if (text === undefined) return new Map();
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new WeightsError(`safetensors: ${QUANTIZATION_KEY} is not JSON`, { cause: error });
  }
  if (!isRecord(parsed)) throw new WeightsError(`safetensors: ${QUANTIZATION_KEY} must be an object`);
  return new Map(Object.entries(parsed).map(([name, value]) => [name, quantizationOf(name, value)]));
}

/**
 * Writes tensors as a safetensors file: larger numbers first, then by name, so that equal tensors give equal files and
 * every tensor starts at a multiple of its number's size.
 *
 * @param metadata Texts for `__metadata__`, as a licence or a source.
 * @throws WeightsError naming the tensor whose bytes do not fill its shape, or that holds NaN or an infinity.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const sorted = [...tensors].sort(
    ([a, { type: p }], [b, { type: q }]) => bytesPerNumber[q] - bytesPerNumber[p] || (a < b ? -1 : 1),
  );
  const header: Record<string, unknown> = Object.create(null);
  const quantizations: Record<string, Quantization> = Object.create(null);
  let end = 0;
  for (const [name, tensor] of sorted) {
    if (name === '__metadata__') throw new WeightsError('safetensors: no tensor can be called "__metadata__"');
    checkTensor(name, tensor);
    checkFinite(name, tensor);
    const start = end;
    end += tensor.bytes.byteLength;
    header[name] = { dtype: tensor.type, shape: tensor.shape, data_offsets: [start, end] };
    if (tensor.quantization) quantizations[name] = tensor.quantization;
  }
  const texts = { ...metadata };
  if (Object.keys(quantizations).length > 0) texts[QUANTIZATION_KEY] = JSON.stringify(quantizations);
  const described = Object.keys(texts).length > 0 ? { __metadata__: texts, ...header } : header;
  const front = headerBytes(described);
  const file = new Uint8Array(front.length + end);
  file.set(front);
  let at = front.length;
  for (const [, { bytes }] of sorted) {
    file.set(bytes, at);
    at += bytes.byteLength;
  }
  return file;
}
