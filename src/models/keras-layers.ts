import type { Padding } from '../core/window.ts';
import type { Graph, Node } from '../graph/graph.ts';
import type { Op } from '../graph/op.ts';
import { add } from '../graph/ops/add.ts';
import { averagePool } from '../graph/ops/average-pool.ts';
import { batchNorm } from '../graph/ops/batch-norm.ts';
import { clip } from '../graph/ops/clip.ts';
import { concat } from '../graph/ops/concat.ts';
import { conv } from '../graph/ops/conv.ts';
import { dense } from '../graph/ops/dense.ts';
import { depthwiseConv } from '../graph/ops/depthwise-conv.ts';
import { flatten } from '../graph/ops/flatten.ts';
import { globalAveragePool } from '../graph/ops/global-average-pool.ts';
import { leakyRelu } from '../graph/ops/leaky-relu.ts';
import { maxPool } from '../graph/ops/max-pool.ts';
import { pad } from '../graph/ops/pad.ts';
import { relu } from '../graph/ops/relu.ts';
import { sigmoid } from '../graph/ops/sigmoid.ts';
import { softmax } from '../graph/ops/softmax.ts';
import { tanh } from '../graph/ops/tanh.ts';
import type { KerasConfig } from './keras-config.ts';

/** Where a layer's nodes go. */
export interface KerasTarget {
  readonly graph: Graph;
  /**
   * Name of a weight of the layer, for the graph.
   * @param axis That is dropped of it where the graph drops one.
   */
  weight(config: KerasConfig, role: string, axis?: number): string;
}

/** Makes the nodes of a layer; the last has the layer's name. */
export type MakeLayer = (config: KerasConfig, inputs: readonly Node[], target: KerasTarget) => Node;

/** Activations by their names in Keras; `linear` is none. */
const activations: Readonly<Record<string, (graph: Graph, x: Node, name: string) => Node>> = {
  relu: (graph, x, name) => graph.apply(relu, [x], { name }),
  relu6: (graph, x, name) => graph.apply(clip, [x], { name, attributes: { lo: 0, hi: 6 } }),
  sigmoid: (graph, x, name) => graph.apply(sigmoid, [x], { name }),
  tanh: (graph, x, name) => graph.apply(tanh, [x], { name }),
  softmax: (graph, x, name) => graph.apply(softmax, [x], { name }),
};

/** A layer with an activation behind: `name/linear` and `name`, or `name` alone. */
function activated(config: KerasConfig, graph: Graph, make: (name: string) => Node): Node {
  const { name } = config.layer;
  const activation = config.text('activation', 'linear');
  if (activation === 'linear') return make(name);
  const apply = activations[activation];
  if (!apply)
    return config.refuse(`activation ${activation} is not supported; known are linear, ${Object.keys(activations).join(', ')}`);
  return apply(graph, make(`${name}/linear`), name);
}

const only = (config: KerasConfig, inputs: readonly Node[]): Node =>
  inputs.length === 1 ? inputs[0]! : config.refuse(`it must read one layer, got ${inputs.length}`);

/** Attributes of a window of so many axes. */
function windowOf(config: KerasConfig, rank: number, kernel: readonly number[]) {
  config.requireChannelsLast();
  const dilation = config.sizes('dilation_rate', rank, 1);
  const padding = config.text('padding', 'valid');
  const paddings: Readonly<Record<string, Padding>> = {
    valid: 'valid',
    same: 'same',
    ...(rank === 1 && { causal: [[(kernel[0]! - 1) * dilation[0]!, 0]] }),
  };
  const known = paddings[padding] ?? config.refuse(`padding ${padding} is not supported`);
  return { stride: config.sizes('strides', rank, 1), dilation, padding: known };
}

const convolution =
  (rank: number): MakeLayer =>
  (config, inputs, { graph, weight }) => {
    const attributes = { ...windowOf(config, rank, config.sizes('kernel_size', rank, 1)), groups: config.number('groups', 1) };
    const parameters = {
      filters: weight(config, 'kernel', rank - 1),
      ...(config.flag('use_bias', true) && { bias: weight(config, 'bias') }),
    };
    return activated(config, graph, (name) => graph.apply(conv, [only(config, inputs)], { name, attributes, parameters }));
  };

const depthwise: MakeLayer = (config, inputs, { graph, weight }) => {
  if (config.number('depth_multiplier', 1) !== 1) config.refuse('depth_multiplier must be 1');
  const attributes = windowOf(config, 2, config.sizes('kernel_size', 2, 1));
  const parameters = {
    filters: weight(config, 'depthwise_kernel', 1),
    ...(config.flag('use_bias', true) && { bias: weight(config, 'bias') }),
  };
  return activated(config, graph, (name) =>
    graph.apply(depthwiseConv, [only(config, inputs)], { name, attributes, parameters }),
  );
};

const pooling =
  (op: Op<{ size: readonly number[]; stride: readonly number[]; padding: Padding }>, rank: number): MakeLayer =>
  (config, inputs, { graph }) => {
    config.requireChannelsLast();
    const size = config.sizes('pool_size', rank, 2);
    const padding = config.text('padding', 'valid');
    if (padding !== 'valid' && padding !== 'same') config.refuse(`padding ${padding} is not supported`);
    const attributes = { size, stride: strides(config, rank), padding: padding as Padding };
    return graph.apply(op, [only(config, inputs)], { name: config.layer.name, attributes });
  };

/** Steps of a pool: its size, unless told. */
const strides = (config: KerasConfig, rank: number): number[] =>
  config.layer.config.strides == null ? config.sizes('pool_size', rank, 2) : config.sizes('strides', rank, 2);

const globalAverage: MakeLayer = (config, inputs, { graph }) => {
  config.requireChannelsLast();
  if (config.flag('keepdims', false)) config.refuse('keepdims is not supported');
  return graph.apply(globalAveragePool, [only(config, inputs)], { name: config.layer.name });
};

const zeroPadding =
  (rank: number): MakeLayer =>
  (config, inputs, { graph }) => {
    config.requireChannelsLast();
    const given = config.layer.config.padding ?? 1;
    const list: unknown[] = Array.isArray(given) && (rank > 1 || !Array.isArray(given[0])) && given.length === rank
      ? given
      : rank === 1
        ? [Array.isArray(given) && Array.isArray(given[0]) ? given[0] : given]
        : new Array(rank).fill(given);
    const pairs = list.map((cells) => (Array.isArray(cells) ? cells : [cells, cells]) as [number, number]);
    const spatial = config.spatial('padding', pairs, [0, 0]);
    const attributes = {
      before: [0, ...spatial.map(([before]) => before), 0],
      after: [0, ...spatial.map(([, after]) => after), 0],
    };
    return graph.apply(pad, [only(config, inputs)], { name: config.layer.name, attributes });
  };

const normalization: MakeLayer = (config, inputs, { graph, weight }) => {
  const { axis = -1 } = config.layer.config;
  const last = Array.isArray(axis) ? axis[0] : axis;
  if (last !== -1 && last !== 1 && last !== 2 && last !== 3) config.refuse(`axis must be the last, got ${JSON.stringify(axis)}`);
  return graph.apply(batchNorm, [only(config, inputs)], {
    name: config.layer.name,
    attributes: { mode: 'frozen', epsilon: config.number('epsilon', 1e-3) },
    parameters: {
      ...(config.flag('scale', true) && { scale: weight(config, 'gamma') }),
      ...(config.flag('center', true) && { shift: weight(config, 'beta') }),
      mean: weight(config, 'moving_mean'),
      variance: weight(config, 'moving_variance'),
    },
  });
};

const fullyConnected: MakeLayer = (config, inputs, { graph, weight }) => {
  const parameters = {
    filters: weight(config, 'kernel'),
    ...(config.flag('use_bias', true) && { bias: weight(config, 'bias') }),
  };
  return activated(config, graph, (name) => graph.apply(dense, [only(config, inputs)], { name, parameters }));
};

/** ReLU with its options: a ceiling, or a slope below zero. */
const rectifier: MakeLayer = (config, inputs, { graph }) => {
  const { name } = config.layer;
  const x = only(config, inputs);
  const [slope, ceiling] = [config.number('negative_slope', 0), config.layer.config.max_value ?? undefined];
  if (config.number('threshold', 0) !== 0) config.refuse('a threshold is not supported');
  if (ceiling !== undefined && slope !== 0) config.refuse('a slope below zero and max_value together are not supported');
  if (ceiling !== undefined) return graph.apply(clip, [x], { name, attributes: { lo: 0, hi: config.number('max_value') } });
  if (slope !== 0) return graph.apply(leakyRelu, [x], { name, attributes: { slope } });
  return graph.apply(relu, [x], { name });
};

const leaky: MakeLayer = (config, inputs, { graph }) => {
  const slope = config.layer.config.negative_slope === undefined ? config.number('alpha', 0.3) : config.number('negative_slope');
  return graph.apply(leakyRelu, [only(config, inputs)], { name: config.layer.name, attributes: { slope } });
};

const activation: MakeLayer = (config, inputs, { graph }) =>
  config.text('activation', 'linear') === 'linear'
    ? only(config, inputs)
    : activated(config, graph, (name) => (name === config.layer.name ? only(config, inputs) : only(config, inputs)));

const sum: MakeLayer = (config, inputs, { graph }) => {
  if (inputs.length < 2) config.refuse(`it must read two layers or more, got ${inputs.length}`);
  return inputs.slice(1).reduce((total, x, i) => {
    const name = i === inputs.length - 2 ? config.layer.name : `${config.layer.name}/sum${i + 1}`;
    return graph.apply(add, [total, x], { name });
  }, inputs[0]!);
};

const concatenation: MakeLayer = (config, inputs, { graph }) => {
  const axis = config.number('axis', -1);
  if (axis === 0 || axis < -1) config.refuse(`axis must be one behind the batch, or -1, got ${axis}`);
  return graph.apply(concat, inputs, { name: config.layer.name, attributes: axis === -1 ? {} : { axis } });
};

/** At inference it lets everything pass. */
const passing: MakeLayer = (config, inputs) => only(config, inputs);

/** The layers that can be imported, by their names in Keras. */
export const kerasLayers: Readonly<Record<string, MakeLayer>> = {
  Conv1D: convolution(1),
  Conv2D: convolution(2),
  Conv3D: convolution(3),
  DepthwiseConv2D: depthwise,
  Dense: fullyConnected,
  BatchNormalization: normalization,
  Activation: activation,
  ReLU: rectifier,
  LeakyReLU: leaky,
  Softmax: (config, inputs, { graph }) => graph.apply(softmax, [only(config, inputs)], { name: config.layer.name }),
  MaxPooling1D: pooling(maxPool, 1),
  MaxPooling2D: pooling(maxPool, 2),
  MaxPooling3D: pooling(maxPool, 3),
  AveragePooling1D: pooling(averagePool, 1),
  AveragePooling2D: pooling(averagePool, 2),
  AveragePooling3D: pooling(averagePool, 3),
  GlobalAveragePooling1D: globalAverage,
  GlobalAveragePooling2D: globalAverage,
  GlobalAveragePooling3D: globalAverage,
  ZeroPadding1D: zeroPadding(1),
  ZeroPadding2D: zeroPadding(2),
  Flatten: (config, inputs, { graph }) => graph.apply(flatten, [only(config, inputs)], { name: config.layer.name }),
  Add: sum,
  Concatenate: concatenation,
  Dropout: passing,
  SpatialDropout1D: passing,
  SpatialDropout2D: passing,
  GaussianNoise: passing,
};
