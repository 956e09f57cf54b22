import type { Padding } from '../../core/window.ts';
import type { Op } from '../../graph/op.ts';
import { averagePool } from '../../graph/ops/average-pool.ts';
import { conv } from '../../graph/ops/conv.ts';
import { depthwiseConv } from '../../graph/ops/depthwise-conv.ts';
import { globalAveragePool } from '../../graph/ops/global-average-pool.ts';
import { maxPool } from '../../graph/ops/max-pool.ts';
import { pad } from '../../graph/ops/pad.ts';
import type { KerasConfig } from './keras-config.ts';
import { activated, type MakeLayer, only } from './keras-layer.ts';

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
    const attributes = {
      ...windowOf(config, rank, config.sizes('kernel_size', rank, 1)),
      groups: config.number('groups', 1),
    };
    const parameters = {
      filters: weight(config, 'kernel', rank - 1),
      ...(config.flag('use_bias', true) && { bias: weight(config, 'bias') }),
    };
    return activated(config, graph, (name) =>
      graph.apply(conv, [only(config, inputs)], { name, attributes, parameters }),
    );
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

/** Zeros before and after each axis: one number for all, [before, after] of one axis, or a number or a pair for each. */
function paddingOf(given: unknown, rank: number): unknown[] {
  if (!Array.isArray(given)) return new Array(rank).fill([given, given]);
  if (rank === 1 && !Array.isArray(given[0])) return [given];
  return given.map((cells) => (Array.isArray(cells) ? cells : [cells, cells]));
}

const zeroPadding =
  (rank: number): MakeLayer =>
  (config, inputs, { graph }) => {
    config.requireChannelsLast();
    const pairs = paddingOf(config.layer.config.padding ?? 1, rank) as [number, number][];
    if (pairs.length !== rank) config.refuse(`padding must be of ${rank} axes, got ${JSON.stringify(pairs)}`);
    const spatial = config.spatial('padding', pairs, [0, 0]);
    const attributes = {
      before: [0, ...spatial.map(([before]) => before), 0],
      after: [0, ...spatial.map(([, after]) => after), 0],
    };
    return graph.apply(pad, [only(config, inputs)], { name: config.layer.name, attributes });
  };

/** Layers of windows that slide over one to three spatial axes, by their names in Keras. */
export const kerasWindows: Readonly<Record<string, MakeLayer>> = {
  Conv1D: convolution(1),
  Conv2D: convolution(2),
  Conv3D: convolution(3),
  DepthwiseConv2D: depthwise,
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
};
