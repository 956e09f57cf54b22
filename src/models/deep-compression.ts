import { WeightsError } from '../core/errors.ts';
import { elementsOf, type Shape } from '../core/shape.ts';
import type { StoredTensor } from '../core/stored-tensor.ts';

/** A layer of a deep-compressed file: its filters [O,I,kh,kw] and O biases. */
export interface CompressedLayer {
  readonly name: string;
  readonly shape: Shape;
}

/** Values that codes of one byte stand for. */
const CODES = 256;

/**
 * Reads weights as Han et al. store them, pruned and quantised: of each layer the values that are not zero, as codes of
 * eight bits into a table of 256 values, and the gaps between them in four bits.
 *
 * The file: for each layer the number n of its codes (uint32), then layer after layer its table (256 float32), its
 * biases (O float32), n codes (uint8), and n gaps, two a byte, the low half first; all little-endian. Code i belongs to
 * place Σ_{j≤i} (gap_j + 1) − 1 of the flat filters; everywhere else is the table's first value. Where values lie more
 * than 16 apart there is a code 0 with gap 15 between them.
 *
 * @param layers In the order of the file.
 * @returns Tensors `name/filters` [O,I,kh,kw] and `name/bias` [O].
 * @throws WeightsError naming the layer at which the file is truncated or damaged.
 * @see S. Han, H. Mao, W. J. Dally: Deep Compression, ICLR 2016, https://arxiv.org/abs/1510.00149
 */
export function readDeepCompressed(bytes: Uint8Array, layers: readonly CompressedLayer[]): Map<string, StoredTensor> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const counts = layers.map(({ name }, i) => {
    if (bytes.length < (i + 1) * 4)
      refuse(name, `the file has only ${bytes.length} bytes, it ends before their number`);
    return view.getUint32(i * 4, true);
  });
  const tensors = new Map<string, StoredTensor>();
  let at = layers.length * 4;
  for (const [i, layer] of layers.entries()) {
    const parts = new Map<string, Uint8Array>();
    const needed = sizesOf(layer, counts[i]!);
    for (const [part, size] of needed) {
      if (at + size > bytes.length)
        refuse(layer.name, `its ${part} are bytes ${at}–${at + size}, but the file has ${bytes.length}: truncated?`);
      parts.set(part, bytes.subarray(at, at + size));
      at += size;
    }
    const values = floats(parts.get('values')!);
    const filters = scatter(layer, values, parts.get('codes')!, parts.get('gaps')!);
    tensors.set(`${layer.name}/filters`, stored(layer.name, layer.shape, filters));
    tensors.set(`${layer.name}/bias`, stored(layer.name, [layer.shape[0]!], floats(parts.get('biases')!)));
  }
  if (at !== bytes.length)
    refuse(
      layers.at(-1)?.name ?? 'none',
      `the file goes on behind the last one: it has ${bytes.length} bytes, not ${at}`,
    );
  return tensors;
}

const refuse = (layer: string, what: string): never => {
  throw new WeightsError(`deep-compressed weights: layer "${layer}": ${what}`);
};

/** What lies in the file for a layer, in order, and how many bytes of each. */
function sizesOf({ name, shape }: CompressedLayer, count: number): readonly (readonly [string, number])[] {
  const elements = elementsOf(shape);
  if (count < 1 || count > elements)
    refuse(name, `it should have ${count} codes, but its ${elements} filters cannot have more than one each`);
  return [
    ['values', CODES * 4],
    ['biases', shape[0]! * 4],
    ['codes', count],
    ['gaps', Math.ceil(count / 2)],
  ];
}

function floats(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.byteLength / 4 }, (_, i) => view.getFloat32(i * 4, true));
}

function scatter(
  { name, shape }: CompressedLayer,
  values: Float32Array,
  codes: Uint8Array,
  gaps: Uint8Array,
): Float32Array {
  const filters = new Float32Array(elementsOf(shape)).fill(values[0]!);
  let place = -1;
  for (const [i, code] of codes.entries()) {
    const pair = gaps[i >> 1]!;
    const gap = i % 2 === 0 ? pair & 15 : pair >> 4;
    place += gap + 1;
    if (place >= filters.length)
      refuse(name, `code ${i} of ${codes.length} belongs to place ${place}, but there are ${filters.length}`);
    if (code === 0 && gap !== 15) refuse(name, `code ${i} is 0, which only bridges a gap of 15, but its gap is ${gap}`);
    filters[place] = values[code]!;
  }
  return filters;
}

function stored(layer: string, shape: Shape, values: Float32Array): StoredTensor {
  if (!values.every(Number.isFinite)) refuse(layer, 'a value is not finite');
  return { type: 'F32', shape, bytes: new Uint8Array(values.buffer) };
}
