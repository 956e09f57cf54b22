import { readFileSync } from 'node:fs';
import { decode as decodeJpeg } from 'jpeg-js';
import { Plan } from '../../src/graph/plan.ts';
import type { Box } from '../../src/image/geometry.ts';
import { Photo } from '../../src/image/photo.ts';
import { readImage } from '../../src/image/read.ts';
import { loadParameters } from '../../src/io/weights.ts';
import { type Architecture, inputShape } from '../../src/models/architecture.ts';
import { dataPath, faceApiPath, hasData } from '../data.ts';

/** What @vladmandic/face-api gave for one layer: its shape, statistics and first values. */
export interface LayerStatistics {
  readonly shape: readonly number[];
  readonly mean: number;
  readonly std: number;
  readonly min: number;
  readonly max: number;
  readonly first8: readonly number[];
}

export const readJson = (name: string) => JSON.parse(readFileSync(dataPath(name), 'utf8'));

/** Layer by layer statistics and results of the peer; empty without the shared data. */
export const peer = hasData ? readJson('refs/faceapi_peer_layers.json') : { nets: {}, pipeline: {} };

/** Weights of one network from the installed package. */
export const weightsOf = (network: string) =>
  loadParameters(faceApiPath(`model/${network}_model-weights_manifest.json`));

export const openPhoto = async (name: string): Promise<Photo> => new Photo(await readImage(dataPath(`faces/${name}`)));

/** The photo as the peer saw it: its references were decoded by jpeg-js, which differs from libjpeg by a few levels. */
export const openAsPeer = (name: string): Photo =>
  new Photo(decodeJpeg(readFileSync(dataPath(`faces/${name}`)), { useTArray: true }));

export const wholeOf = ({ width, height }: { width: number; height: number }): Box => ({ x: 0, y: 0, width, height });

/** A network with its published weights, ready to run on parts of photos. */
export async function openNetwork(
  architecture: Architecture,
  options: { size?: number; outputs?: readonly string[] } = {},
) {
  const bound = architecture.bind(await weightsOf(architecture.name));
  const { input } = architecture;
  const size = options.size ?? input.size;
  const plan = new Plan(architecture.graph, {
    parameters: bound,
    inputs: { [input.name]: inputShape(architecture, size) },
    outputs: options.outputs ?? architecture.outputs,
  });
  const run = (photo: Photo, region: Box = wholeOf(photo)) =>
    plan.run({ [input.name]: photo.square(region, { ...input, size }) });
  return { bound, plan, run };
}

/** Largest difference of a layer to the peer's statistics and first values, as a share of the layer's largest value. */
export function layerError(values: Float32Array, reference: LayerStatistics): number {
  const { length } = values;
  const mean = values.reduce((sum, value) => sum + value, 0) / length;
  const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / length);
  const min = values.reduce((least, value) => Math.min(least, value));
  const max = values.reduce((most, value) => Math.max(most, value));
  const { first8 } = reference;
  const differences = [
    mean - reference.mean,
    std - reference.std,
    min - reference.min,
    max - reference.max,
    ...first8.map((value, i) => values[i]! - value),
  ];
  return Math.max(...differences.map(Math.abs)) / Math.max(Math.abs(reference.min), Math.abs(reference.max));
}

export const euclidean = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.hypot(...Array.from(a, (value, i) => value - b[i]!));
