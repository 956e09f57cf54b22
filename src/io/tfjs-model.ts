import { WeightsError } from '../core/errors.ts';
import type { Parameters } from '../graph/parameters.ts';
import { jsonOf, parseJson } from './json-source.ts';
import { beside, inside, type Location, listFolder, locate, nameOf, readLocation } from './location.ts';
import type { BytesSource } from './source.ts';
import { readBytes } from './source.ts';
import { parseManifest } from './tfjs-manifest.ts';
import { readTfjsWeights } from './tfjs-weights.ts';
import { isWeightFiles, type WeightsSource } from './weights.ts';

/** A tfjs `model.json`, and its weights. */
export interface TfjsModel {
  readonly json: unknown;
  readonly parameters: Parameters;
}

/**
 * Reads a tfjs model: a URL or a path of its `model.json`, or of the folder that holds it, with its files of weights
 * beside it; or both in hand.
 *
 * @throws WeightsError naming the tensor or the file that is missing, truncated, malformed or not finite.
 */
export async function readTfjsModel(source: WeightsSource): Promise<TfjsModel> {
  if (isWeightFiles(source)) {
    const { files } = source;
    return withWeights(
      await jsonOf(source.manifest),
      (path) => readBytes(files[path] as BytesSource),
      Object.keys(files),
    );
  }
  if (typeof source !== 'string' && !(source instanceof URL))
    throw new WeightsError('weights: a model.json needs its files: pass { manifest, files }, its URL or its path');
  const location = locate(source);
  const file = await modelFile(location);
  return withWeights(parseJson(await readLocation(file), nameOf(file)), (path) => readLocation(beside(file, path)));
}

const modelFile = async (location: Location): Promise<Location> =>
  (await listFolder(location)) || nameOf(location).endsWith('/') ? inside(location, 'model.json') : location;

async function withWeights(
  json: unknown,
  read: (path: string) => Promise<Uint8Array>,
  held?: readonly string[],
): Promise<TfjsModel> {
  const paths = parseManifest(json).flatMap((group) => group.paths);
  const files = paths
    .filter((path) => held?.includes(path) ?? true)
    .map(async (path) => [path, await read(path)] as const);
  return { json, parameters: readTfjsWeights(json, new Map(await Promise.all(files))) };
}
