import { add } from '../../graph/ops/add.ts';
import { batchNorm } from '../../graph/ops/batch-norm.ts';
import { clip } from '../../graph/ops/clip.ts';
import { concat } from '../../graph/ops/concat.ts';
import { dense } from '../../graph/ops/dense.ts';
import { flatten } from '../../graph/ops/flatten.ts';
import { leakyRelu } from '../../graph/ops/leaky-relu.ts';
import { relu } from '../../graph/ops/relu.ts';
import { softmax } from '../../graph/ops/softmax.ts';
import { activated, type MakeLayer, only } from './keras-layer.ts';
import { kerasWindows } from './keras-windows.ts';

const normalization: MakeLayer = (config, inputs, { graph, weight, rank }) => {
  const { axis = -1 } = config.layer.config;
  const last = Array.isArray(axis) && axis.length === 1 ? axis[0] : axis;
  if (last !== -1 && last !== rank(only(config, inputs)) - 1)
    config.refuse(`axis must be the last one, got ${JSON.stringify(axis)}`);
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
  if (ceiling !== undefined && slope !== 0)
    config.refuse('a slope below zero and max_value together are not supported');
  if (ceiling !== undefined)
    return graph.apply(clip, [x], { name, attributes: { lo: 0, hi: config.number('max_value') } });
  if (slope !== 0) return graph.apply(leakyRelu, [x], { name, attributes: { slope } });
  return graph.apply(relu, [x], { name });
};

const leaky: MakeLayer = (config, inputs, { graph }) => {
  const slope =
    config.layer.config.negative_slope === undefined ? config.number('alpha', 0.3) : config.number('negative_slope');
  return graph.apply(leakyRelu, [only(config, inputs)], { name: config.layer.name, attributes: { slope } });
};

const activation: MakeLayer = (config, inputs, { graph }) => activated(config, graph, () => only(config, inputs));

const sum: MakeLayer = (config, inputs, { graph }) => {
  if (inputs.length < 2) config.refuse(`it must read two layers or more, got ${inputs.length}`);
  return inputs.slice(1).reduce((total, x, i) => {
    const name = i === inputs.length - 2 ? config.layer.name : `${config.layer.name}/sum${i + 1}`;
    return graph.apply(add, [total, x], { name });
  }, inputs[0]!);
};

const concatenation: MakeLayer = (config, inputs, { graph, rank }) => {
  const axis = config.number('axis', -1);
  if (inputs.length === 0 || (axis !== -1 && axis !== rank(inputs[0]!) - 1))
    config.refuse(`axis must be the last one, got ${axis}`);
  return graph.apply(concat, inputs, { name: config.layer.name });
};

/** Behind a layer, a list is all that there can be: an input takes any shape that it is brought to. */
const listed: MakeLayer = (config, inputs, { graph }) => {
  if (config.targetShape().length > 1) config.refuse('only an input, or what becomes a list, can take another shape');
  return graph.apply(flatten, [only(config, inputs)], { name: config.layer.name });
};

/** At inference it lets everything pass. */
const passing: MakeLayer = (config, inputs) => only(config, inputs);

/** The layers that can be imported, by their names in Keras. */
export const kerasLayers: Readonly<Record<string, MakeLayer>> = {
  ...kerasWindows,
  Dense: fullyConnected,
  BatchNormalization: normalization,
  Activation: activation,
  ReLU: rectifier,
  LeakyReLU: leaky,
  Softmax: (config, inputs, { graph }) => graph.apply(softmax, [only(config, inputs)], { name: config.layer.name }),
  Reshape: listed,
  Flatten: (config, inputs, { graph }) => graph.apply(flatten, [only(config, inputs)], { name: config.layer.name }),
  Add: sum,
  Concatenate: concatenation,
  Dropout: passing,
  SpatialDropout1D: passing,
  SpatialDropout2D: passing,
};
