import { WeightsError } from '../core/errors.ts';
import { formatShape } from '../core/shape.ts';
import type { StoredTensor } from '../core/stored-tensor.ts';
import type { Parameters } from '../graph/parameters.ts';
import { joined } from './joined.ts';
import { byteLength, parametersFrom } from './tensors.ts';
import { type ManifestGroup, parseManifest } from './tfjs-manifest.ts';

/**
 * Reads weights in the format of tfjs: a manifest that names tensors in the order of their bytes, and binary files.
 * Quantised tensors stay quantised until they are read.
 *
 * @param manifest The manifest, or a tfjs `model.json`, parsed from JSON.
 * @param files Bytes by the paths that the manifest names.
 * @throws WeightsError naming the tensor or the file: missing, truncated, longer than its tensors, malformed or not finite.
 */
export function readTfjsWeights(manifest: unknown, files: ReadonlyMap<string, Uint8Array>): Parameters {
  const tensors = new Map<string, StoredTensor>();
  for (const group of parseManifest(manifest)) readGroup(group, files, tensors);
  return parametersFrom(tensors);
}

function readGroup(
  { paths, tensors }: ManifestGroup,
  files: ReadonlyMap<string, Uint8Array>,
  into: Map<string, StoredTensor>,
): void {
  const label = paths.join(' + ') || 'no file';
  const bytes = joined(
    ...paths.map((path) => {
      const file = files.get(path);
      if (!file) throw new WeightsError(`weights: file "${path}" is missing, it holds tensor "${tensors[0]?.name}"`);
      return file;
    }),
  );
  let start = 0;
  for (const { name, type, shape, quantization } of tensors) {
    const end = start + byteLength(name, type, shape);
    if (end > bytes.length)
      throw new WeightsError(
        `weights: tensor "${name}" ${formatShape(shape)} is bytes ${start}–${end} of ${label}, which has ${bytes.length}: truncated?`,
      );
    into.set(name, { type, shape, bytes: bytes.subarray(start, end), ...(quantization && { quantization }) });
    start = end;
  }
  if (start !== bytes.length)
    throw new WeightsError(
      `weights: ${label} has ${bytes.length} bytes, its tensors fill ${start} (the last is "${tensors.at(-1)?.name}")`,
    );
}
