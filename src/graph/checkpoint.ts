import { WeightsError } from '../core/errors.ts';
import { formatShape, type Shape, sameShape } from '../core/shape.ts';
import { checkValues, type Learned, type LearnedParameters } from './learned.ts';
import type { Parameters } from './parameters.ts';

/** A tensor in a checkpoint. */
export interface Tensor {
  readonly shape: Shape;
  readonly values: Float32Array;
}

/** A tensor that goes with a parameter, under its name in a checkpoint. */
export interface StateTensor {
  readonly key: string;
  readonly of: Learned;
  readonly address: number;
}

interface Counts {
  /** Updates so far. */
  readonly step: number;
  /** Calls that gradients were gathered from for the next one. */
  readonly calls: number;
}

/** What is to be written where. */
interface Restored {
  readonly address: number;
  readonly floats: Float32Array;
}

const scalar = (value: number): Tensor => ({ shape: [1], values: Float32Array.of(value) });

export function readState(
  from: LearnedParameters,
  tensors: readonly StateTensor[],
  { step, calls }: Counts,
): Map<string, Tensor> {
  const state = new Map<string, Tensor>([['step', scalar(step)]]);
  if (calls > 0) state.set('calls', scalar(calls));
  for (const { key, of, address } of tensors) state.set(key, { shape: of.shape, values: from.read(address, of) });
  return state;
}

/** @throws WeightsError where a count is missing or none. */
export const countsOf = (state: ReadonlyMap<string, Tensor>, mostCalls: number): Counts => ({
  step: wholeNumber(state, 'step', Number.MAX_SAFE_INTEGER),
  calls: state.has('calls') ? wholeNumber(state, 'calls', mostCalls) : 0,
});

function wholeNumber(state: ReadonlyMap<string, Tensor>, key: string, most: number): number {
  const { values } = tensorOf(state, key);
  const value = values.length === 1 ? values[0]! : Number.NaN;
  if (Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new WeightsError(`restore: "${key}" must be one whole number from 0 to ${most}, got ${[...values].join(', ')}`);
}

function tensorOf(state: ReadonlyMap<string, Tensor>, key: string): Tensor {
  const tensor = state.get(key);
  if (!tensor) throw new WeightsError(`restore: tensor "${key}" is missing`);
  return tensor;
}

/** @throws WeightsError where the store lacks a parameter, or one does not fit. */
export const valuesToRestore = (learned: readonly Learned[], parameters: Parameters): Restored[] =>
  learned.map((one) => {
    checkShape(one.name, parameters.get(one.name).shape, one.shape);
    return { address: one.values, floats: checkValues(one, 'restore', parameters.read(one.name)) };
  });

/** @throws WeightsError where a tensor is missing, does not fit, or is none of these. */
export function stateToRestore(
  tensors: readonly StateTensor[],
  state: ReadonlyMap<string, Tensor>,
  optimizer: string,
): Restored[] {
  const known = new Set(['step', 'calls', ...tensors.map(({ key }) => key)]);
  for (const key of state.keys())
    if (!known.has(key))
      throw new WeightsError(`restore: tensor "${key}" is none that ${optimizer} keeps of the parameters that learn`);
  return tensors.map(({ key, of, address }) => {
    const { shape, values } = tensorOf(state, key);
    checkShape(key, shape, of.shape);
    return { address, floats: checkValues({ ...of, name: key }, 'restore', values) };
  });
}

function checkShape(name: string, got: Shape, expected: Shape): void {
  if (!sameShape(got, expected))
    throw new WeightsError(`restore: tensor "${name}" must be ${formatShape(expected)}, got ${formatShape(got)}`);
}
