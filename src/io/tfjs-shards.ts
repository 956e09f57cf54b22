import { WeightsError } from '../core/errors.ts';
import { formatShape } from '../core/shape.ts';
import type { StoredTensor } from '../core/stored-tensor.ts';
import { joined } from './joined.ts';
import { byteLength } from './tensors.ts';
import { type ManifestGroup, parseManifest } from './tfjs-manifest.ts';

/** Which tensors of a file are wanted, by the names of all that it holds. */
export type Choose = (names: readonly string[]) => readonly string[];

/**
 * Reads some tensors of a tfjs model, and only the files that hold them or stand before one that does.
 *
 * @param json The manifest, or a `model.json`, parsed.
 * @param read Reads one of the files that it names.
 * @throws WeightsError naming the tensor that is truncated.
 */
export async function readShards(
  json: unknown,
  choose: Choose,
  read: (path: string) => Promise<Uint8Array>,
): Promise<ReadonlyMap<string, StoredTensor>> {
  const groups = parseManifest(json);
  const wanted = new Set(choose(groups.flatMap(({ tensors }) => tensors.map(({ name }) => name))));
  const found = new Map<string, StoredTensor>();
  for (const group of groups) await readGroup(group, wanted, read, found);
  return found;
}

/** The wanted tensors of a group, whose bytes run on through its files: no file behind the last of them is read. */
async function readGroup(
  { paths, tensors }: ManifestGroup,
  wanted: ReadonlySet<string>,
  read: (path: string) => Promise<Uint8Array>,
  into: Map<string, StoredTensor>,
): Promise<void> {
  const files = paths[Symbol.iterator]();
  let held = new Uint8Array(0);
  let heldFrom = 0;
  let start = 0;
  for (const { name, type, shape, quantization } of tensors) {
    const end = start + byteLength(name, type, shape);
    if (wanted.has(name)) {
      while (heldFrom + held.length < end) {
        const { value: path, done } = files.next();
        if (done)
          throw new WeightsError(
            `weights: tensor "${name}" ${formatShape(shape)} is bytes ${start}–${end} of ${paths.join(' + ')}, which have ${heldFrom + held.length}: truncated?`,
          );
        const more = await read(path);
        const passed = Math.min(held.length, Math.max(0, start - heldFrom));
        held = joined(held.subarray(passed), more);
        heldFrom += passed;
      }
      const bytes = held.slice(start - heldFrom, end - heldFrom);
      into.set(name, { type, shape, bytes, ...(quantization && { quantization }) });
    }
    start = end;
  }
}
