import { WeightsError } from '../../core/errors.ts';
import { formatShape, sameShape } from '../../core/shape.ts';
import { type StoredTensor, valuesOf } from '../../core/stored-tensor.ts';
import type { Tensor } from '../../graph/checkpoint.ts';
import { type Parameters, parametersOf } from '../../graph/parameters.ts';
import { isRecord } from '../../io/json.ts';
import { readSafetensors, writeSafetensors } from '../../io/safetensors.ts';

/** All that a training needs to go on as if it had never stopped. */
export interface Checkpoint {
  /** Steps that are done. */
  readonly step: number;
  readonly seed: number;
  /** Says which graph and objective it belongs to. */
  readonly graph: string;
  /** Learned parameters and running averages. */
  readonly parameters: ReadonlyMap<string, Tensor>;
  /** The optimiser's state. */
  readonly optimizer: ReadonlyMap<string, Tensor>;
  /** The best parameters by validation, where there is one, and how many validations ago that was. */
  readonly best?: {
    readonly score: number;
    readonly step: number;
    readonly since: number;
    readonly parameters: ReadonlyMap<string, Tensor>;
  };
}

const KEY = 'facsimile.checkpoint';
const groups = { parameters: 'parameters/', optimizer: 'optimizer/', best: 'best/' } as const;

/** A checkpoint as a safetensors file. */
export function writeCheckpoint({ step, seed, graph, parameters, optimizer, best }: Checkpoint): Uint8Array {
  const tensors = new Map<string, StoredTensor>();
  const add = (prefix: string, from: ReadonlyMap<string, Tensor>): void => {
    for (const [name, { shape, values }] of from)
      tensors.set(prefix + name, {
        type: 'F32',
        shape,
        bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
      });
  };
  add(groups.parameters, parameters);
  add(groups.optimizer, optimizer);
  if (best) add(groups.best, best.parameters);
  const about = {
    version: 1,
    step,
    seed,
    graph,
    ...(best && { best: { score: best.score, step: best.step, since: best.since } }),
  };
  return writeSafetensors(tensors, { [KEY]: JSON.stringify(about) });
}

/**
 * Reads a checkpoint.
 * @throws WeightsError where the file is truncated, or no checkpoint, or not of this graph.
 */
export function readCheckpoint(bytes: Uint8Array, graph: string): Checkpoint {
  const { tensors, metadata } = readSafetensors(bytes);
  const about = parse(metadata[KEY]);
  if (!about) throw new WeightsError('checkpoint: this file holds weights, but no state of a training');
  if (about.graph !== graph)
    throw new WeightsError(
      'checkpoint: it belongs to another graph or objective; build both as they were, or start anew from its weights',
    );
  const take = (prefix: string): ReadonlyMap<string, Tensor> =>
    new Map(
      [...tensors]
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, tensor]) => [name.slice(prefix.length), { shape: tensor.shape, values: valuesOf(tensor) }]),
    );
  const { step, seed, best } = about;
  return {
    step,
    seed,
    graph,
    parameters: take(groups.parameters),
    optimizer: take(groups.optimizer),
    ...(best && { best: { ...best, parameters: take(groups.best) } }),
  };
}

interface About {
  readonly step: number;
  readonly seed: number;
  readonly graph: string;
  readonly best?: { readonly score: number; readonly step: number; readonly since: number };
}

function parse(text: string | undefined): About | undefined {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new WeightsError('checkpoint: its description is not JSON', { cause: error });
  }
  const whole = (number: unknown): boolean => Number.isInteger(number) && (number as number) >= 0;
  const { version, step, seed, graph, best } = isRecord(value) ? value : {};
  const isBest = isRecord(best) && Number.isFinite(best.score) && whole(best.step) && whole(best.since);
  if (version !== 1 || !whole(step) || !Number.isInteger(seed) || typeof graph !== 'string' || (best && !isBest))
    throw new WeightsError(`checkpoint: its description is not one of version 1: ${text.slice(0, 200)}`);
  return value as unknown as About;
}

/** Copies of some parameters. */
export const heldOf = (parameters: Parameters, names: readonly string[]): Map<string, Tensor> =>
  new Map(names.map((name) => [name, { shape: parameters.get(name).shape, values: parameters.read(name) }]));

/** A store of held tensors. */
export const storeOf = (held: ReadonlyMap<string, Tensor>): Parameters => parametersOf(Object.fromEntries(held));

/** @throws WeightsError naming the tensor that is missing or has another shape. */
export function checkHeld(held: ReadonlyMap<string, Tensor>, expected: Parameters, names: readonly string[]): void {
  for (const name of names) {
    const { shape } = expected.get(name);
    const tensor = held.get(name);
    if (!tensor) throw new WeightsError(`checkpoint: tensor "${name}" is missing`);
    if (!sameShape(tensor.shape, shape))
      throw new WeightsError(
        `checkpoint: tensor "${name}" must be ${formatShape(shape)}, got ${formatShape(tensor.shape)}`,
      );
  }
}
