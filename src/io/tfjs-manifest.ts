import { WeightsError } from '../core/errors.ts';
import type { Shape } from '../core/shape.ts';
import type { NumberType, Quantization } from '../core/stored-tensor.ts';
import { isRecord } from './json.ts';
import { quantizationOf } from './tensors.ts';

/** A tensor of a manifest: how its numbers lie in the group's files. */
interface ManifestTensor {
  readonly name: string;
  readonly type: NumberType;
  readonly shape: Shape;
  readonly quantization?: Quantization;
}

/** Tensors whose bytes follow one another, unpadded, through the named files. */
export interface ManifestGroup {
  readonly paths: readonly string[];
  readonly tensors: readonly ManifestTensor[];
}

/** Storage of unquantised tensors by tfjs dtype. */
const PLAIN = new Map<unknown, NumberType>([
  ['float32', 'F32'],
  ['int32', 'I32'],
  ['bool', 'BOOL'],
]);
/** Storage of quantised tensors by the dtype of their quantisation; float16 has neither scale nor min. */
const QUANTIZED = new Map<unknown, NumberType>([
  ['uint8', 'U8'],
  ['uint16', 'U16'],
  ['float16', 'F16'],
]);

/**
 * Reads a tfjs weight manifest, or the `weightsManifest` of a tfjs `model.json`, already parsed from JSON.
 *
 * @throws WeightsError naming the tensor, or the part of the manifest, that is not as expected.
 */
export function parseManifest(json: unknown): ManifestGroup[] {
  const groups = isRecord(json) ? json.weightsManifest : json;
  if (!Array.isArray(groups) || groups.length === 0)
    throw new WeightsError('manifest: expected a list of groups { weights, paths }, or a model.json with one');
  const seen = new Set<string>();
  return groups.map((group: unknown, index) => {
    const { paths, weights } = isRecord(group) ? group : {};
    if (!Array.isArray(paths) || !Array.isArray(weights))
      throw new WeightsError(`manifest: group ${index} must have lists of weights and paths`);
    for (const path of paths) checkPath(path);
    const tensors = weights.map(parseTensor);
    for (const { name } of tensors) {
      if (seen.has(name)) throw new WeightsError(`manifest: tensor "${name}" is there twice`);
      seen.add(name);
    }
    return { paths: paths as string[], tensors };
  });
}

const SCHEME = /^[a-z][a-z\d+.-]*:/i;
/** Two dots, as URLs may also write them. */
const PARENT = /^(?:\.|%2e){2}$/i;

/** Paths lead to files beside the manifest or below it, nowhere else. */
function checkPath(path: unknown): void {
  if (
    typeof path !== 'string' ||
    path === '' ||
    path.startsWith('/') ||
    path.includes('\\') ||
    SCHEME.test(path) ||
    path.split('/').some((part) => PARENT.test(part))
  )
    throw new WeightsError(`manifest: ${JSON.stringify(path)} is not the name of a file beside the manifest`);
}

function parseTensor(value: unknown): ManifestTensor {
  const { name, shape, dtype, quantization } = isRecord(value) ? value : {};
  if (typeof name !== 'string' || name === '')
    throw new WeightsError(`manifest: a tensor has no name: ${JSON.stringify(value)}`);
  if (!Array.isArray(shape)) throw new WeightsError(`manifest: tensor "${name}" has no shape`);
  const plain = PLAIN.get(dtype);
  if (!plain)
    throw new WeightsError(
      `manifest: tensor "${name}" has dtype ${JSON.stringify(dtype)}; known are ${[...PLAIN.keys()].join(', ')}`,
    );
  if (quantization === undefined) return { name, shape, type: plain };
  const storage = isRecord(quantization) ? quantization.dtype : undefined;
  const type = QUANTIZED.get(storage);
  if (!type || (type === 'F16' && dtype !== 'float32'))
    throw new WeightsError(
      `manifest: tensor "${name}" (${dtype}) is quantised as ${JSON.stringify(storage)}, which is unknown`,
    );
  if (type === 'F16') return { name, shape, type };
  const { scale, min } = quantizationOf(name, quantization);
  return { name, shape, type, quantization: dtype === 'int32' ? { scale, min, whole: true } : { scale, min } };
}
