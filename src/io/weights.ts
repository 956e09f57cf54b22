import { InputError, WeightsError } from '../core/errors.ts';
import { Parameters } from '../graph/parameters.ts';
import type { Engine } from '../runtime/engine.ts';
import { jsonOf, parseJson } from './json-source.ts';
import { beside, fetchLocation, inside, type Location, listFolder, locate, nameOf, readLocation } from './location.ts';
import { readSafetensors } from './safetensors.ts';
import { looksLikeSafetensors } from './safetensors-header.ts';
import { type BytesSource, readBytes } from './source.ts';
import { streamWeights } from './streamed-weights.ts';
import { parametersFrom } from './tensors.ts';
import { parseManifest } from './tfjs-manifest.ts';
import { readTfjsWeights } from './tfjs-weights.ts';

/** A tfjs weight manifest with its files at hand: bytes by the paths that the manifest names. */
export interface WeightFiles {
  /** The manifest (or a tfjs `model.json`): parsed JSON, or where to read it. */
  readonly manifest: BytesSource | object;
  readonly files: Readonly<Record<string, BytesSource>>;
}

export type WeightsSource = BytesSource | WeightFiles;

export interface LoadOptions {
  /**
   * What to read in a folder, or below a URL that ends with `/`: file names of tfjs manifests by network. Tensors are
   * then called `network/tensor`.
   */
  readonly manifests?: Readonly<Record<string, string>>;
  /**
   * Where given, a safetensors file that comes from the network is written into its memory as it arrives, and its tensors
   * are read from there.
   */
  readonly engine?: Engine;
}

const MANIFEST_SUFFIX = /(?:_model)?-?(?:weights_manifest|model)\.json$/;

/**
 * Loads weights and tells their form by their content: a safetensors file, a tfjs weight manifest or `model.json` with
 * its binary files beside it, or a folder (in Node) that holds one safetensors file or manifests. Several manifests are
 * read together, their tensors called `network/tensor`, where the network is `face_recognition` for
 * `face_recognition_model-weights_manifest.json`.
 *
 * All or nothing: what it returns is complete, in shape and finite.
 *
 * @throws WeightsError naming the tensor or the file that is missing, truncated, malformed or not finite.
 *
 * @example
 * const parameters = await loadParameters('https://example.org/faces.safetensors');
 */
export async function loadParameters(source: WeightsSource, options: LoadOptions = {}): Promise<Parameters> {
  try {
    if (isWeightFiles(source)) return await loadFiles(source);
    if (typeof source !== 'string' && !(source instanceof URL)) {
      if (source instanceof Response) return await loadResponse(source, options);
      return await loadBytes(await readBytes(source));
    }
    const location = locate(source);
    const names = await listFolder(location);
    if (names) return await loadFolder(location, names, options);
    if (options.manifests && nameOf(location).endsWith('/')) return await loadManifests(location, options.manifests);
    if ('url' in location) return await loadResponse(await fetchLocation(location), options);
    return await loadBytes(await readLocation(location), location);
  } catch (error) {
    if (error instanceof InputError && !(error instanceof WeightsError))
      throw new WeightsError(`weights: ${error.message}`, { cause: error });
    throw error;
  }
}

async function loadResponse(response: Response, { engine }: LoadOptions): Promise<Parameters> {
  const file = response.url === '' ? undefined : { url: new URL(response.url) };
  if (!engine) return loadBytes(await readBytes(response), file);
  const streamed = await streamWeights(response, engine);
  return streamed instanceof Uint8Array ? loadBytes(streamed, file) : streamed;
}

export const isWeightFiles = (source: WeightsSource): source is WeightFiles =>
  typeof source === 'object' && source !== null && 'manifest' in source && 'files' in source;

async function loadFiles({ manifest, files }: WeightFiles): Promise<Parameters> {
  const json = await jsonOf(manifest);
  const read = Object.entries(files).map(async ([path, source]) => [path, await readBytes(source)] as const);
  return readTfjsWeights(json, new Map(await Promise.all(read)));
}

async function loadFolder(folder: Location, names: readonly string[], options: LoadOptions): Promise<Parameters> {
  const safetensors = names.filter((name) => name.endsWith('.safetensors'));
  if (safetensors.length === 1) {
    const file = inside(folder, safetensors[0]!);
    return loadBytes(await readLocation(file), file);
  }
  if (options.manifests) return loadManifests(folder, options.manifests);
  const found = names.filter((name) => MANIFEST_SUFFIX.test(name));
  if (found.length === 1) return loadManifest(inside(folder, found[0]!));
  if (found.length === 0)
    throw new WeightsError(
      `weights: ${nameOf(folder)} holds neither one safetensors file nor a tfjs manifest, but ${names.join(', ') || 'nothing'}`,
    );
  return loadManifests(folder, Object.fromEntries(found.map((name) => [name.replace(MANIFEST_SUFFIX, ''), name])));
}

async function loadManifests(folder: Location, manifests: Readonly<Record<string, string>>): Promise<Parameters> {
  const networks = Object.entries(manifests).map(async ([network, name]) => {
    const parameters = await loadManifest(inside(folder, name)).catch((error) => {
      if (!(error instanceof InputError)) throw error;
      throw new WeightsError(`${network}: ${error.message}`, { cause: error });
    });
    return parameters.names.map((tensor) => [`${network}/${tensor}`, parameters.get(tensor)] as const);
  });
  return new Parameters((await Promise.all(networks)).flat());
}

const loadManifest = async (file: Location): Promise<Parameters> => loadBytes(await readLocation(file), file);

/** @param file Where the bytes came from: a manifest's files lie beside it. */
async function loadBytes(bytes: Uint8Array, file?: Location): Promise<Parameters> {
  const about = file ? nameOf(file) : 'these bytes';
  if (looksLikeSafetensors(bytes)) return parametersFrom(readSafetensors(bytes).tensors);
  const first = String.fromCharCode(...bytes.subarray(0, 64)).trimStart()[0];
  if (first !== '[' && first !== '{') throw new WeightsError(`weights: ${about}: ${describeStart(bytes)}`);
  const json = parseJson(bytes, about);
  const paths = parseManifest(json).flatMap((group) => group.paths);
  if (!file)
    throw new WeightsError(
      `weights: a manifest needs its files (${paths.join(', ')}): pass { manifest, files } or its URL`,
    );
  const files = paths.map(async (path) => [path, await readLocation(beside(file, path))] as const);
  return readTfjsWeights(json, new Map(await Promise.all(files)));
}

function describeStart(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'no bytes at all';
  const start = Array.from(bytes.subarray(0, 24), (byte) =>
    byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·',
  );
  return `neither a safetensors file nor a tfjs manifest, its ${bytes.length} bytes start with "${start.join('')}"`;
}
