import { readFileSync } from 'node:fs';
import { elementsOf, type Shape } from '../../src/core/shape.ts';
import type { Op } from '../../src/graph/op.ts';
import { averagePool } from '../../src/graph/ops/average-pool.ts';
import { batchNorm } from '../../src/graph/ops/batch-norm.ts';
import { conv } from '../../src/graph/ops/conv.ts';
import { maxPool } from '../../src/graph/ops/max-pool.ts';
import { prelu } from '../../src/graph/ops/prelu.ts';
import { dataPath } from '../data.ts';
import { runOp, type Tensor } from './run-op.ts';

/** A field of a protocol buffer: its number, and its value: a whole number or bytes. */
type Field = readonly [number: number, value: number | Uint8Array];

/** Fields of a message (protobuf.dev, Encoding). */
function fieldsOf(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const take = (length: number): Uint8Array => bytes.slice(at, (at += length));
  while (at < bytes.length) {
    const tag = varint();
    const [number, wire] = [tag >>> 3, tag & 7];
    if (wire === 0) fields.push([number, varint()]);
    else if (wire === 1) fields.push([number, take(8)]);
    else if (wire === 2) fields.push([number, take(varint())]);
    else fields.push([number, take(4)]);
  }
  return fields;
}

const all = (fields: readonly Field[], number: number): Uint8Array[] =>
  fields.filter(([n]) => n === number).map(([, value]) => value as Uint8Array);
const numbers = (fields: readonly Field[], number: number): number[] =>
  fields.filter(([n]) => n === number).map(([, value]) => value as number);
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

// A Buffer is a view of a pool, and its slices are.
const bytesIn = (path: string): Uint8Array => Uint8Array.from(readFileSync(path));

/** A TensorProto of floats: dims (1), float_data (4) or raw_data (9). */
function tensorOf(bytes: Uint8Array): Tensor {
  const fields = fieldsOf(bytes);
  const raw = all(fields, 9)[0] ?? all(fields, 4)[0]!;
  return { shape: numbers(fields, 1), values: new Float32Array(raw.slice().buffer) };
}

type Attributes = Readonly<Record<string, readonly number[]>>;

/** An AttributeProto: name (1), f (2), i (3), ints (8). */
function attributesOf(node: readonly Field[]): Attributes {
  return Object.fromEntries(
    all(node, 5).map((bytes) => {
      const fields = fieldsOf(bytes);
      const floats = all(fields, 2).map((value) => new Float32Array(value.slice().buffer)[0]!);
      return [text(all(fields, 1)[0]!), [...floats, ...numbers(fields, 3), ...numbers(fields, 8)]];
    }),
  );
}

/** The same values in another order of axes. */
function transposed({ shape, values }: Tensor, axes: readonly number[]): Tensor {
  const strides = shape.map((_, axis) => elementsOf(shape.slice(axis + 1)));
  const to = axes.map((axis) => shape[axis]!);
  const out = Float32Array.from({ length: values.length }, (_, i) => {
    let [rest, from] = [i, 0];
    for (let axis = to.length - 1; axis >= 0; axis--) {
      from += (rest % to[axis]!) * strides[axes[axis]!]!;
      rest = Math.floor(rest / to[axis]!);
    }
    return values[from]!;
  });
  return { shape: to, values: out };
}

const spatialOf = (shape: Shape): number[] => shape.slice(2).map((_, i) => i + 2);
/** [N, C, …spatial] → [N, …spatial, C]. */
const channelsLast = (tensor: Tensor): Tensor => transposed(tensor, [0, ...spatialOf(tensor.shape), 1]);

interface Call {
  readonly op: Op<never>;
  readonly attributes: object;
  readonly parameters: Record<string, Tensor>;
}

const windowOf = ({ strides, pads = [], dilations }: Attributes): object => ({
  ...(strides && { stride: strides }),
  padding: pads.slice(0, pads.length / 2).map((before, i) => [before, pads[pads.length / 2 + i]!] as const),
  ...(dilations && { dilation: dilations }),
});

/** How ONNX's operators are ours. */
const calls: Readonly<Record<string, (attributes: Attributes, others: readonly Tensor[], input: Tensor) => Call>> = {
  Conv: (attributes, [filters, bias]) => ({
    op: conv as Op<never>,
    attributes: { ...windowOf(attributes), groups: attributes.group?.[0] ?? 1 },
    // [Co, C, …window] → [… window, C, Co].
    parameters: {
      filters: transposed(filters!, [...spatialOf(filters!.shape), 1, 0]),
      ...(bias && { bias }),
    },
  }),
  MaxPool: (attributes) => ({
    op: maxPool as Op<never>,
    attributes: { size: attributes.kernel_shape, ...windowOf(attributes) },
    parameters: {},
  }),
  AveragePool: (attributes) => ({
    op: averagePool as Op<never>,
    attributes: { size: attributes.kernel_shape, ...windowOf(attributes) },
    parameters: {},
  }),
  BatchNormalization: ({ epsilon }, [scale, shift, mean, variance]) => ({
    op: batchNorm as Op<never>,
    attributes: { mode: 'frozen', epsilon: epsilon![0] },
    parameters: { scale: scale!, shift: shift!, mean: mean!, variance: variance! },
  }),
  PRelu: (_, [slope], { shape }) => ({
    op: prelu as Op<never>,
    attributes: {},
    // One slope, or one for each channel with axes of 1 behind.
    parameters: {
      slope: {
        shape: [shape[1]!],
        values: Float32Array.from({ length: shape[1]! }, (_, c) => slope!.values[c] ?? slope!.values[0]!),
      },
    },
  }),
};

/**
 * Runs a case of ONNX's conformance tests, a graph of one node, by our op of that meaning.
 * @returns what came out and what is stored, [N, …spatial, C] each
 */
export function runOnnxCase(name: string): {
  readonly actual: Tensor;
  readonly expected: Tensor;
  readonly kernel: string;
} {
  const folder = dataPath(`onnx/onnx-backend/pytorch-converted/${name}`);
  const graph = fieldsOf(all(fieldsOf(bytesIn(`${folder}/model.onnx`)), 7)[0]!);
  const [bytes, ...more] = all(graph, 1);
  if (!bytes || more.length > 0) throw new Error(`${name}: expected a graph of one node, got ${more.length + 1}`);
  const node = fieldsOf(bytes);
  const initializers = new Map(all(graph, 5).map((value) => [text(all(fieldsOf(value), 8)[0]!), tensorOf(value)]));
  const kind = text(all(node, 4)[0]!);
  const input = tensorOf(bytesIn(`${folder}/test_data_set_0/input_0.pb`));
  const others = all(node, 1)
    .slice(1)
    .map((value) => initializers.get(text(value))!);
  const { op, attributes, parameters } = calls[kind]!(attributesOf(node), others, input);
  const { values, shape, kernel } = runOp(op, [channelsLast(input)], attributes as never, parameters);
  const expected = channelsLast(tensorOf(bytesIn(`${folder}/test_data_set_0/output_0.pb`)));
  return { actual: { shape, values }, expected, kernel };
}
