import { WeightsError } from '../core/errors.ts';
import { type ByteRanges, readRange } from './byte-ranges.ts';
import { QUANTIZATION_KEY, type Safetensors, tensorsOf } from './safetensors.ts';
import {
  type Header,
  type HeaderEntry,
  headerBytes,
  headerEnd,
  LENGTH_BYTES,
  parseHeader,
} from './safetensors-header.ts';

/** Bytes between two tensors that are read along: less than another request costs. */
const GAP = 65_536;

/** Bytes that are read for a tensor, or for several that lie side by side. */
export interface Run {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads the header of a safetensors file, and nothing else.
 * @throws WeightsError where it is malformed or does not agree with the file's size.
 */
export async function readHeader(file: ByteRanges): Promise<Header> {
  const size = file.size ?? Number.POSITIVE_INFINITY;
  const first = await readRange(file, 0, Math.min(size, LENGTH_BYTES + 2));
  return parseHeader(await readRange(file, 0, headerEnd(first, size)), size);
}

/** The stretches of a file that hold some tensors, in order; those that lie near one another are read together. */
function runsOf({ dataStart }: Header, chosen: readonly HeaderEntry[], gap = GAP): Run[] {
  const runs: { start: number; end: number }[] = [];
  for (const { start, end } of [...chosen].sort((a, b) => a.start - b.start)) {
    const last = runs.at(-1);
    if (last && dataStart + start - last.end <= gap) last.end = dataStart + end;
    else runs.push({ start: dataStart + start, end: dataStart + end });
  }
  return runs;
}

/**
 * Reads some tensors of a safetensors file and not the others.
 * @throws WeightsError naming the tensor, where the file is malformed; InputError where it cannot be read.
 */
export async function readTensors(
  file: ByteRanges,
  header: Header,
  chosen: readonly HeaderEntry[],
): Promise<Safetensors> {
  const held: { readonly start: number; readonly bytes: Uint8Array }[] = [];
  for (const { start, end } of runsOf(header, chosen))
    held.push({ start: start - header.dataStart, bytes: await readRange(file, start, end) });
  return tensorsOf(header, chosen, ({ start, end }) => {
    const run = held.findLast((candidate) => candidate.start <= start)!;
    return run.bytes.subarray(start - run.start, end - run.start);
  });
}

/**
 * A safetensors file of some tensors of another: what stands in front, and the stretches of the other file that follow.
 * @throws WeightsError where tensors are quantised, which only that file's own metadata tells.
 */
export function smallerFile(
  header: Header,
  chosen: readonly HeaderEntry[],
): { readonly front: Uint8Array; readonly runs: readonly Run[] } {
  if (header.metadata[QUANTIZATION_KEY] !== undefined)
    throw new WeightsError('safetensors: a file of quantised tensors cannot be made smaller');
  const tensors: Record<string, unknown> = Object.create(null);
  let at = 0;
  for (const { name, type, shape, start, end } of [...chosen].sort((a, b) => a.start - b.start)) {
    tensors[name] = { dtype: type, shape, data_offsets: [at, at + end - start] };
    at += end - start;
  }
  return { front: headerBytes(tensors), runs: runsOf(header, chosen, 0) };
}
