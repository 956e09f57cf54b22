import { WeightsError } from '../core/errors.ts';
import { Sha256 } from '../core/sha256.ts';
import { formatShape } from '../core/shape.ts';
import { type StoredTensor, valuesOf } from '../core/stored-tensor.ts';
import type { Tensor } from '../graph/checkpoint.ts';
import { isRecord } from '../io/json.ts';
import { readSafetensors, writeSafetensors } from '../io/safetensors.ts';
import type { Goal } from './objective.ts';
import type { Settings } from './settings.ts';

/** Where a painting is. */
export interface Place {
  /** Counted from 0, the smallest. */
  readonly level: number;
  /** Iterations that are done at this level, and at all levels. */
  readonly done: number;
  readonly iteration: number;
  /** J of the last iterations of the level, oldest first. */
  readonly recent: readonly number[];
  /** True where the level has ended before its last step. */
  readonly settled: boolean;
}

/** All that a painting needs to go on as if it had never stopped. */
export interface State {
  readonly place: Place;
  /** Says what is painted, from what and how. */
  readonly fingerprint: string;
  /** [H,W,C] */
  readonly picture: Tensor;
  readonly method: ReadonlyMap<string, Tensor>;
}

const KEY = 'facsimile.stylize';
const VERSION = 1;
const PICTURE = 'picture';
const METHOD = 'method/';

/** A state as a safetensors file. */
export function writeState({ place, fingerprint, picture, method }: State): Uint8Array {
  const stored = ({ shape, values }: Tensor): StoredTensor => ({
    type: 'F32',
    shape,
    bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  });
  const tensors = new Map([[PICTURE, stored(picture)]]);
  for (const [name, tensor] of method) tensors.set(METHOD + name, stored(tensor));
  return writeSafetensors(tensors, { [KEY]: JSON.stringify({ version: VERSION, fingerprint, ...place }) });
}

/** @throws WeightsError where the bytes are truncated, or no state of a painting of this version */
export function readState(bytes: Uint8Array): State {
  const { tensors, metadata } = readSafetensors(bytes);
  const { fingerprint, ...place } = parse(metadata[KEY]);
  const read = ({ shape, ...rest }: StoredTensor): Tensor => ({ shape, values: valuesOf({ shape, ...rest }) });
  const picture = tensors.get(PICTURE);
  if (!picture) throw new WeightsError(`stylize: the state has no tensor "${PICTURE}"`);
  const method = [...tensors]
    .filter(([name]) => name.startsWith(METHOD))
    .map(([name, tensor]): [string, Tensor] => [name.slice(METHOD.length), read(tensor)]);
  return { place, fingerprint, picture: read(picture), method: new Map(method) };
}

function parse(text: string | undefined): Place & { readonly fingerprint: string } {
  if (text === undefined) throw new WeightsError('stylize: this file holds tensors, but no state of a painting');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new WeightsError('stylize: the state says nothing that can be read of itself', { cause: error });
  }
  const { version, fingerprint, level, done, iteration, recent, settled } = isRecord(parsed) ? parsed : {};
  if (version !== VERSION)
    throw new WeightsError(`stylize: the state must be of version ${VERSION}, got ${JSON.stringify(version)}`);
  const counts = [level, done, iteration].every((count) => Number.isSafeInteger(count) && (count as number) >= 0);
  const numbers = Array.isArray(recent) && recent.every((value) => Number.isFinite(value));
  if (typeof fingerprint !== 'string' || !counts || !numbers || typeof settled !== 'boolean')
    throw new WeightsError(`stylize: the state says of itself what cannot be: ${text.slice(0, 200)}`);
  return { fingerprint, level, done, iteration, recent, settled } as Place & { fingerprint: string };
}

/**
 * Says what J is and how it is made small, all but the number of steps: targets depend on pictures, masks and weights, so
 * they stand for them.
 */
export function fingerprintOf(goal: Goal, settings: Settings): string {
  const hash = new Sha256();
  const { optimizer } = settings;
  const text = {
    ...settings,
    steps: undefined,
    tolerance: undefined,
    optimizer: optimizer === 'lbfgs' ? optimizer : [optimizer.name, optimizer.learningRate(0)],
    network: goal.network.name,
    size: goal.size,
  };
  hash.update(new TextEncoder().encode(JSON.stringify(text)));
  const floats = (values: Float32Array) =>
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  floats(goal.content);
  for (const { weight, grams, masks } of goal.styles) {
    floats(Float32Array.of(weight));
    for (const values of [...grams.values(), ...(masks?.values() ?? [])]) floats(values);
  }
  return hash.hex();
}

/** @throws WeightsError where a state belongs to another painting */
export function checkState({ fingerprint, picture }: State, expected: string, shape: readonly number[]): void {
  if (fingerprint !== expected)
    throw new WeightsError(
      'stylize: the state is of another painting; pictures, network and all options but steps and tolerance must be as they were',
    );
  if (formatShape(picture.shape) !== formatShape(shape))
    throw new WeightsError(
      `stylize: the state's picture must be ${formatShape(shape)}, got ${formatShape(picture.shape)}`,
    );
}
