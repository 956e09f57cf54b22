import { WeightsError } from '../../core/errors.ts';
import { type ByteRanges, readRange, type Sink } from '../../io/byte-ranges.ts';
import { looksLikeSafetensors } from '../../io/safetensors-header.ts';
import { type Run, readHeader, smallerFile } from '../../io/safetensors-parts.ts';
import { vgg19TensorOf } from '../vgg19-names.ts';
import type { Download } from './downloads.ts';

/** The bytes that are kept of a file. */
export interface KeptContent {
  readonly size: number;
  /** Gives the bytes from one on. */
  stream(from: number, sink: Sink): Promise<void>;
}

/**
 * What is kept of a file of weights: all of it, or the tensors that are needed as a smaller file.
 * @throws WeightsError where it cannot be the file that is wanted.
 */
export async function keptContent(download: Download, file: ByteRanges): Promise<KeptContent> {
  if (download.keeps) return convolutions(download, file);
  if (file.size !== undefined && file.size !== download.bytes)
    throw new WeightsError(`${download.name}: ${file.name} has ${file.size} bytes, expected ${download.bytes}`);
  return contentOf(file, new Uint8Array(0), [{ start: 0, end: download.bytes }]);
}

async function convolutions(download: Download, file: ByteRanges): Promise<KeptContent> {
  if (!looksLikeSafetensors(await readRange(file, 0, Math.min(file.size ?? 16, 16))))
    throw new WeightsError(`${download.name}: ${file.name} is no safetensors file`);
  const header = await readHeader(file);
  const chosen = header.entries.filter(({ name }) => vgg19TensorOf(name));
  const parameters = chosen.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  if (parameters !== download.parameters)
    throw new WeightsError(
      `${download.name}: ${file.name} holds ${parameters} numbers of its convolutions, expected ${download.parameters}`,
    );
  const { front, runs } = smallerFile(header, chosen);
  return contentOf(file, front, runs);
}

const contentOf = (file: ByteRanges, front: Uint8Array, runs: readonly Run[]): KeptContent => ({
  size: runs.reduce((sum, { start, end }) => sum + end - start, front.length),
  async stream(from, sink) {
    if (from < front.length) await sink(front.subarray(from));
    let at = front.length;
    for (const { start, end } of runs) {
      const passed = Math.max(0, from - at);
      if (passed < end - start) await file.stream(start + passed, end, sink);
      at += end - start;
    }
  },
});
