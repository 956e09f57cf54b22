import { InputError, WeightsError } from '../core/errors.ts';
import type { StoredTensor } from '../core/stored-tensor.ts';
import type { Parameters } from '../graph/parameters.ts';
import { type ByteRanges, readRange } from './byte-ranges.ts';
import type { HttpOptions } from './http-ranges.ts';
import { jsonOf, parseJson } from './json-source.ts';
import { beside, inside, type Location, listFolder, locate, nameOf } from './location.ts';
import { openRanges } from './open-ranges.ts';
import { looksLikeSafetensors } from './safetensors-header.ts';
import { readHeader, readTensors } from './safetensors-parts.ts';
import { type BytesSource, readBytes } from './source.ts';
import { parametersFrom } from './tensors.ts';
import { type Choose, readShards } from './tfjs-shards.ts';
import { isWeightFiles, type WeightsSource } from './weights.ts';

/**
 * Loads some of the tensors of a file and not the others: of a safetensors file by range requests (by reading at its
 * places where it lies in the file system), of a tfjs manifest only the files up to the last that holds one.
 *
 * @param source As for `loadParameters`: a folder must hold one safetensors file or one manifest.
 * @throws WeightsError naming the tensor or the file that is missing, truncated, malformed or not finite.
 *
 * @example
 * const weights = await loadTensors('https://example.org/model.safetensors', (names) =>
 *   names.filter((name) => name.startsWith('features.0.')),
 * );
 */
export async function loadTensors(
  source: WeightsSource,
  choose: Choose,
  options: HttpOptions = {},
): Promise<Parameters> {
  try {
    if (isWeightFiles(source)) {
      const manifest = await jsonOf(source.manifest);
      return parametersFrom(await readShards(manifest, choose, (path) => filesOf(source.files, path)));
    }
    const isLocated = typeof source === 'string' || source instanceof URL;
    const location = isLocated ? await fileAt(locate(source)) : undefined;
    return parametersFrom(await readFile(location ? sourceOf(location) : source, location, choose, options));
  } catch (error) {
    if (error instanceof InputError && !(error instanceof WeightsError))
      throw new WeightsError(`weights: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Bytes that tell what a file is. */
const PEEK = 16;

type Tensors = ReadonlyMap<string, StoredTensor>;

const sourceOf = (location: Location): URL | string => ('url' in location ? location.url : location.path);

/** The one file of weights in a folder; a file is itself. */
async function fileAt(location: Location): Promise<Location> {
  const names = await listFolder(location);
  if (!names) return location;
  const found = names.filter((name) => /\.safetensors$|(?:weights_manifest|model)\.json$/.test(name));
  if (found.length !== 1)
    throw new WeightsError(
      `weights: ${nameOf(location)} must hold one safetensors file or tfjs manifest, got ${found.join(', ') || 'none'}`,
    );
  return inside(location, found[0]!);
}

async function readFile(
  source: BytesSource,
  location: Location | undefined,
  choose: Choose,
  options: HttpOptions,
): Promise<Tensors> {
  const file = await openRanges(source, options);
  try {
    const start = await readRange(file, 0, Math.min(file.size ?? PEEK, PEEK));
    if (looksLikeSafetensors(start)) return await readSome(file, choose);
    if (!/^\s*[[{]/.test(String.fromCharCode(...start)))
      throw new WeightsError(`weights: ${file.name} is neither a safetensors file nor a tfjs manifest`);
    const manifest = parseJson(await readWhole(file, source), file.name);
    return await readShards(manifest, choose, (path) => {
      if (!location) throw new WeightsError('weights: a manifest needs its files: pass { manifest, files } or its URL');
      return readAll(sourceOf(beside(location, path)), options);
    });
  } finally {
    await file.close();
  }
}

async function readSome(file: ByteRanges, choose: Choose): Promise<Tensors> {
  const header = await readHeader(file);
  const wanted = new Set(choose(header.entries.map(({ name }) => name)));
  const chosen = header.entries.filter(({ name }) => wanted.has(name));
  return (await readTensors(file, header, chosen)).tensors;
}

/** All bytes of an open file; where nobody says how many there are, those of its source. */
const readWhole = (file: ByteRanges, source: BytesSource): Promise<Uint8Array> =>
  file.size === undefined ? readBytes(source) : readRange(file, 0, file.size);

async function readAll(source: BytesSource, options: HttpOptions): Promise<Uint8Array> {
  const file = await openRanges(source, options);
  try {
    return await readWhole(file, source);
  } finally {
    await file.close();
  }
}

const filesOf = (files: Readonly<Record<string, BytesSource>>, path: string): Promise<Uint8Array> => {
  const source = files[path];
  if (source === undefined) throw new WeightsError(`weights: file "${path}" is missing`);
  return readBytes(source);
};
