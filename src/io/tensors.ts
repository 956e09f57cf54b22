import { WeightsError } from '../core/errors.ts';
import { elementsOf, formatShape, type Shape } from '../core/shape.ts';
import {
  bytesPerNumber,
  firstNotFinite,
  type Quantization,
  type StoredTensor,
  valuesOf,
} from '../core/stored-tensor.ts';
import { type Parameter, Parameters } from '../graph/parameters.ts';
import { isRecord } from './json.ts';

/**
 * A parameter store over tensors of a file. Their bytes stay as they are, also quantised; each `read` makes float32 anew.
 *
 * @throws WeightsError naming the tensor whose bytes do not fill its shape, or that holds NaN or an infinity.
 */
export function parametersFrom(tensors: ReadonlyMap<string, StoredTensor>): Parameters {
  return new Parameters(
    Array.from(tensors, ([name, stored]): [string, Parameter] => {
      checkTensor(name, stored);
      checkFinite(name, stored);
      return [name, { shape: stored.shape, stored, read: (into) => valuesOf(stored, into) }];
    }),
  );
}

/** The tensors of a store as files hold them: in the form they came in, else as float32. Those called by `names`, in that order. */
export function storedTensors(
  parameters: Parameters,
  names: Iterable<string> = parameters.names,
): Map<string, StoredTensor> {
  return new Map(Array.from(names, (name) => [name, storedTensor(parameters, name)]));
}

function storedTensor(parameters: Parameters, name: string): StoredTensor {
  const { shape, stored } = parameters.get(name);
  if (stored) return stored;
  const { buffer, byteOffset, byteLength: length } = parameters.read(name);
  return { type: 'F32', shape, bytes: new Uint8Array(buffer, byteOffset, length) };
}

/** @throws WeightsError naming the tensor whose bytes do not fill its shape, or whose numbers cannot be quantised. */
export function checkTensor(name: string, tensor: StoredTensor): void {
  const { type, shape, bytes, quantization } = tensor;
  const expected = byteLength(name, type, shape);
  if (bytes.byteLength !== expected)
    throw new WeightsError(
      `weights: tensor "${name}" ${type} ${formatShape(shape)} needs ${expected} bytes, got ${bytes.byteLength}`,
    );
  if (quantization && type !== 'U8' && type !== 'U16')
    throw new WeightsError(`weights: tensor "${name}" is quantised, so it must be U8 or U16, got ${type}`);
}

/** @throws WeightsError naming the tensor and the first value that is NaN or infinite. */
export function checkFinite(name: string, tensor: StoredTensor): void {
  const at = firstNotFinite(tensor);
  if (at >= 0)
    throw new WeightsError(
      `weights: tensor "${name}" ${formatShape(tensor.shape)} is not finite: value ${at} is ${valuesOf(tensor)[at]}`,
    );
}

/** Bytes of a tensor. @throws WeightsError naming it, where its shape is none or too large to count. */
export function byteLength(name: string, type: StoredTensor['type'], shape: Shape): number {
  const whole = Array.isArray(shape) && shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  const bytes = whole ? elementsOf(shape) * bytesPerNumber[type] : Number.NaN;
  if (!Number.isSafeInteger(bytes))
    throw new WeightsError(`weights: tensor "${name}" has no usable shape: ${JSON.stringify(shape)}`);
  return bytes;
}

/** A scale and a least value as files state them. @throws WeightsError naming the tensor. */
export function quantizationOf(name: string, value: unknown): Quantization {
  const { scale, min, whole } = isRecord(value) ? value : {};
  if (typeof scale !== 'number' || typeof min !== 'number' || !Number.isFinite(scale) || !Number.isFinite(min))
    throw new WeightsError(
      `weights: tensor "${name}" is quantised without a finite scale and min: ${JSON.stringify(value)}`,
    );
  return whole === true ? { scale, min, whole } : { scale, min };
}
