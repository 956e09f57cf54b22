import '@tensorflow/tfjs-backend-cpu';
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { InputError, WeightsError } from '../../src/core/errors.ts';
import { elementsOf } from '../../src/core/shape.ts';
import { type Parameters, parametersOf } from '../../src/graph/parameters.ts';
import { plan } from '../../src/graph/plan.ts';
import { readImage } from '../../src/image/read.ts';
import { resample } from '../../src/image/resample.ts';
import { layersFeatures } from '../../src/models/layers-model/layers-features.ts';
import { loadLayersModel } from '../../src/models/layers-model/load-layers-model.ts';
import { importLayers, type LayersModel } from '../../src/models/layers-model/tfjs-layers.ts';
import { createEngine } from '../../src/runtime/create-engine.ts';
import { dataPath, hasData } from '../data.ts';
import { relativeError } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';

type Raw = { class_name: string; config: Record<string, unknown>; inbound_nodes?: unknown };

const sequential = (...layers: Raw[]) => ({
  modelTopology: { model_config: { class_name: 'Sequential', config: { name: 'small', layers } } },
});
const layer = (class_name: string, name: string, config: Record<string, unknown> = {}, ...from: string[]): Raw => ({
  class_name,
  config: { name, ...config },
  ...(from.length > 0 && { inbound_nodes: [from.map((input) => [input, 0, 0, {}])] }),
});
const functional = (outputs: string[], ...layers: Raw[]) => ({
  modelTopology: {
    keras_version: '2.2.4',
    model_config: {
      class_name: 'Model',
      config: { name: 'net', layers, output_layers: outputs.map((name) => [name, 0, 0]) },
    },
  },
});

/** Seeded weights of these shapes; variances are positive. */
const weightsOf = (shapes: Record<string, readonly number[]>): Parameters =>
  parametersOf(
    Object.fromEntries(
      Object.entries(shapes).map(([name, shape], i) => {
        const values = randomArray(elementsOf(shape), i + 1);
        return [name, { shape, values: name.endsWith('variance') ? values.map((v) => v + 1.5) : values }];
      }),
    ),
  );

function run(model: LayersModel, values: Float32Array, outputs = model.outputs): Record<string, Float32Array> {
  const [[input, shape]] = [...model.inputs] as [[string, readonly (number | null)[]]];
  const planned = plan(model.graph, {
    parameters: model.parameters,
    inputs: { [input]: [1, ...shape.map((size) => size ?? 12)] },
    outputs,
    engine: createEngine(),
  });
  return planned.run({ [input]: values });
}

const ROUNDING = 1e-5;

describe('importLayers', () => {
  it('makes of a functional model what tfjs computes', () => {
    const json = functional(
      ['probabilities', 'side'],
      // Out of order: a layer may be named before those that it reads.
      layer('Dense', 'probabilities', { activation: 'softmax' }, 'pooled'),
      {
        class_name: 'InputLayer',
        config: { name: 'photo', batch_input_shape: [null, 12, null, 3] },
        inbound_nodes: [],
      },
      layer(
        'ZeroPadding2D',
        'pad',
        {
          padding: [
            [1, 0],
            [0, 2],
          ],
        },
        'photo',
      ),
      layer('Conv2D', 'conv', { kernel_size: [3, 3], strides: [2, 2], padding: 'valid', activation: 'relu' }, 'pad'),
      layer('BatchNormalization', 'norm', { axis: [3], epsilon: 0.01 }, 'conv'),
      layer('Conv2D', 'branch', { kernel_size: 3, padding: 'same', dilation_rate: [2, 2], use_bias: false }, 'norm'),
      layer('LeakyReLU', 'leaky', { alpha: 0.2 }, 'branch'),
      layer('DepthwiseConv2D', 'depthwise', { kernel_size: [3, 3], padding: 'same' }, 'leaky'),
      layer('ReLU', 'capped', { max_value: 0.5 }, 'depthwise'),
      layer('Add', 'sum', {}, 'leaky', 'capped', 'norm'),
      layer('Concatenate', 'both', { axis: -1 }, 'sum', 'norm'),
      layer('MaxPooling2D', 'max', { pool_size: [2, 2], strides: null, padding: 'same' }, 'both'),
      layer('AveragePooling2D', 'average', { pool_size: [3, 3], strides: [1, 1], padding: 'same' }, 'max'),
      layer('Activation', 'side', { activation: 'tanh' }, 'average'),
      layer('Dropout', 'dropout', { rate: 0.5 }, 'average'),
      layer('GlobalAveragePooling2D', 'pooled', {}, 'dropout'),
    );
    const weights = weightsOf({
      'scope/conv/kernel': [3, 3, 3, 4],
      'scope/conv/bias': [4],
      'norm/gamma': [4],
      'norm/beta': [4],
      'norm/moving_mean': [4],
      'norm/moving_variance': [4],
      'branch/kernel': [3, 3, 4, 4],
      'depthwise/depthwise_kernel': [3, 3, 4, 1],
      'depthwise/bias': [4],
      'probabilities/kernel': [8, 5],
      'probabilities/bias': [5],
    });
    const model = importLayers(json, weights);
    expect(model.name).toBe('net');
    expect([...model.inputs]).toEqual([['photo', [12, null, 3]]]);
    expect(model.outputs).toEqual(['probabilities', 'side']);
    const image = randomArray(12 * 12 * 3, 99);
    const t = <R extends tf.Rank>(name: string) => {
      const { shape } = weights.get(name);
      return tf.tensor(weights.read(name), [...shape] as [number]) as unknown as tf.Tensor<R>;
    };
    const padded = tf.pad(tf.tensor4d(image, [1, 12, 12, 3]), [
      [0, 0],
      [1, 0],
      [0, 2],
      [0, 0],
    ]);
    const convolved = tf.relu(
      tf.add(tf.conv2d(padded, t<tf.Rank.R4>('scope/conv/kernel'), 2, 'valid'), t('scope/conv/bias')),
    );
    const deviation = tf.sqrt(tf.add(t('norm/moving_variance'), 0.01));
    const norm = tf.add(
      tf.mul(tf.div(tf.sub(convolved, t('norm/moving_mean')), deviation), t('norm/gamma')),
      t('norm/beta'),
    ) as tf.Tensor4D;
    const leaky = tf.leakyRelu(tf.conv2d(norm, t<tf.Rank.R4>('branch/kernel'), 1, 'same', 'NHWC', 2), 0.2);
    const capped = tf.clipByValue(
      tf.add(tf.depthwiseConv2d(leaky, t<tf.Rank.R4>('depthwise/depthwise_kernel'), 1, 'same'), t('depthwise/bias')),
      0,
      0.5,
    );
    const both = tf.concat([tf.addN([leaky, capped, norm]), norm], -1) as tf.Tensor4D;
    const average = tf.avgPool(tf.maxPool(both, 2, 2, 'same'), 3, 1, 'same');
    const logits = tf.add(
      tf.matMul(tf.mean(average, [1, 2]) as tf.Tensor2D, t<tf.Rank.R2>('probabilities/kernel')),
      t('probabilities/bias'),
    );
    const values = run(model, image);
    expect(relativeError(values.probabilities!, tf.softmax(logits).dataSync())).toBeLessThan(ROUNDING);
    expect(relativeError(values.side!, tf.tanh(average).dataSync())).toBeLessThan(ROUNDING);
  });

  it('makes of a sequential model what tfjs computes, and drops an axis that is one cell wide', () => {
    const one = sequential(
      layer('Conv1D', 'conv', { kernel_size: [5], strides: [2], padding: 'causal', batch_input_shape: [null, 40, 2] }),
      layer('MaxPooling1D', 'pool', { pool_size: [2], strides: [2] }),
      layer('Activation', 'active', { activation: 'sigmoid' }),
      layer('Flatten', 'flat'),
      layer('Dense', 'dense', { use_bias: false }),
    );
    const two = sequential(
      layer('Reshape', 'shaped', { target_shape: [40, 1, 2], batch_input_shape: [null, 80] }),
      layer('ZeroPadding2D', 'pad', {
        padding: [
          [4, 0],
          [0, 0],
        ],
      }),
      layer('Conv2D', 'conv', { kernel_size: [5, 1], strides: [2, 1] }),
      layer('BatchNormalization', 'norm', { axis: 3, scale: false, center: false, epsilon: 0 }),
      layer('MaxPooling2D', 'pool', { pool_size: [2, 1], strides: [2, 1] }),
      layer('Activation', 'active', { activation: 'sigmoid' }),
      layer('Reshape', 'flat', { target_shape: [-1] }),
      layer('Dense', 'dense', { use_bias: false }),
    );
    const [kernel, bias, dense] = [randomArray(5 * 2 * 3, 1), randomArray(3, 2), randomArray(10 * 3 * 4, 3)];
    const neutral = {
      'norm/moving_mean': { shape: [3], values: [0, 0, 0] },
      'norm/moving_variance': { shape: [3], values: [1, 1, 1] },
    };
    const rest = { 'conv/bias': { shape: [3], values: bias }, 'dense/kernel': { shape: [30, 4], values: dense } };
    const flat = parametersOf({ 'conv/kernel': { shape: [5, 2, 3], values: kernel }, ...rest });
    const wide = parametersOf({ 'conv/kernel': { shape: [5, 1, 2, 3], values: kernel }, ...rest, ...neutral });
    const sound = randomArray(80, 4);
    const x = tf.pad(tf.tensor3d(sound, [1, 40, 2]), [
      [0, 0],
      [4, 0],
      [0, 0],
    ]);
    const y = tf.add(tf.conv1d(x as tf.Tensor3D, tf.tensor3d(kernel, [5, 2, 3]), 2, 'valid'), bias) as tf.Tensor3D;
    const active = tf.sigmoid(tf.maxPool(tf.reshape(y, [1, 20, 1, 3]) as tf.Tensor4D, [2, 1], [2, 1], 'valid'));
    const expected = tf.matMul(tf.reshape(active, [1, 30]), tf.tensor2d(dense, [30, 4])).dataSync();
    const models = [importLayers(one, flat), importLayers(two, wide), importLayers(two, wide, { dropUnitAxis: true })];
    expect(models.map((model) => [...model.inputs.entries()])).toEqual([
      [['conv_input', [40, 2]]],
      [['shaped_input', [40, 1, 2]]],
      [['shaped_input', [40, 2]]],
    ]);
    for (const model of models) expect(relativeError(run(model, sound).dense!, expected)).toBeLessThan(ROUNDING);
    const tap = run(models[2]!, sound, ['pool']);
    expect(relativeError(tap.pool!, run(models[1]!, sound, ['pool']).pool!)).toBe(0);
  });

  const input = {
    class_name: 'InputLayer',
    config: { name: 'in', batch_input_shape: [null, 8, 8, 3] },
    inbound_nodes: [],
  };
  const weights = weightsOf({ 'conv/kernel': [3, 3, 3, 4], 'conv/bias': [4] });
  const conv = (config: Record<string, unknown>) =>
    functional(['conv'], input, layer('Conv2D', 'conv', { kernel_size: 3, ...config }, 'in'));

  it.each<[string, unknown]>([
    ['model.json has no modelTopology', {}],
    ['this is a graph model, expected a layers model', { format: 'graph-model' }],
    ['the model must be Sequential, Model or Functional, got "Lambda"', { modelTopology: { class_name: 'Lambda' } }],
    ['the model has no list of layers', sequential()],
    [
      'layer "memory" (LSTM): such layers are not supported; those that are: Conv1D,',
      functional(['memory'], input, layer('LSTM', 'memory', {}, 'in')),
    ],
    ['layer "conv" (Conv2D): data_format must be channels_last', conv({ data_format: 'channels_first' })],
    ['layer "conv" (Conv2D): activation gelu is not supported; known are linear, relu,', conv({ activation: 'gelu' })],
    ['layer "conv" (Conv2D): padding causal is not supported', conv({ padding: 'causal' })],
    ['layer "conv" (Conv2D): strides must be 2 whole numbers of at least 1, got [0,1]', conv({ strides: [0, 1] })],
    ['layer "conv" (Conv2D): use_bias must be true or false, got "no"', conv({ use_bias: 'no' })],
    [
      'layer "norm" (BatchNormalization): axis must be the last one, got 1',
      functional(['norm'], input, layer('BatchNormalization', 'norm', { axis: 1 }, 'in')),
    ],
    [
      'layer "half" (Reshape): only an input, or what becomes a list, can take another shape',
      functional(
        ['half'],
        input,
        layer('Conv2D', 'conv', { kernel_size: 3 }, 'in'),
        layer('Reshape', 'half', { target_shape: [6, 24] }, 'conv'),
      ),
    ],
    [
      'layer "brought" (Reshape): target_shape [8,8,4] does not hold what [8,8,3] holds',
      functional(['brought'], input, layer('Reshape', 'brought', { target_shape: [8, 8, 4] }, 'in')),
    ],
    [
      'layer "brought" (Reshape): the input that it brings into shape must have no other reader',
      functional(
        ['conv', 'brought'],
        input,
        layer('Reshape', 'brought', { target_shape: [192] }, 'in'),
        layer('Conv2D', 'conv', { kernel_size: 3 }, 'in'),
      ),
    ],
    [
      'layer "conv" reads "gone", which is not there',
      functional(['conv'], layer('Conv2D', 'conv', { kernel_size: 3 }, 'gone')),
    ],
    [
      'layers read one another in a circle: a ← b ← a',
      functional(['a'], layer('Dropout', 'a', {}, 'b'), layer('Dropout', 'b', {}, 'a')),
    ],
    [
      'layer "conv" is applied 2 times; shared layers are not supported',
      functional(['conv'], input, {
        ...layer('Conv2D', 'conv'),
        inbound_nodes: [[['in', 0, 0, {}]], [['in', 0, 0, {}]]],
      }),
    ],
    [
      'refers to ["in",1,0,{}], expected [name, 0, 0]',
      functional(['conv'], input, { ...layer('Conv2D', 'conv'), inbound_nodes: [[['in', 1, 0, {}]]] }),
    ],
    [
      'net: conv: input has 5 channels, filters expect 3',
      functional(
        ['conv'],
        { ...input, config: { name: 'in', batch_input_shape: [null, 8, 8, 5] } },
        layer('Conv2D', 'conv', { kernel_size: 3 }, 'in'),
      ),
    ],
  ])('says: %s', (message, json) => {
    expect(() => importLayers(json, weights)).toThrow(InputError);
    expect(() => importLayers(json, weights)).toThrow(message);
  });

  it('names a tensor that is missing, and an axis that cannot be dropped', () => {
    const two = functional(['next'], input, layer('Conv2D', 'next', { kernel_size: 3 }, 'in'));
    expect(() => importLayers(two, weights)).toThrow(WeightsError);
    expect(() => importLayers(two, weights)).toThrow('tfjs layers: tensor "next/kernel" is missing');
    expect(() => importLayers(conv({}), weights, { dropUnitAxis: true })).toThrow(
      'layer "in" (InputLayer): shape of the axis that is dropped must be 1, got [8,8]',
    );
  });
});

describe.skipIf(!hasData)('loadLayersModel', () => {
  it('reads Darknet Tiny, which knows what photos show', async () => {
    const model = await loadLayersModel(dataPath('darknet-tiny/darknettiny'));
    expect([...model.inputs]).toEqual([['input_1', [224, 224, 3]]]);
    const names = readFileSync(dataPath('darknet-tiny/imagenet.shortnames.list'), 'utf8').split('\n');
    const five = async (photo: string): Promise<string[]> => {
      const picture = await readImage(dataPath(`style/content/darknet_${photo}.jpg`));
      const [logits] = Object.values(
        run(
          model,
          Float32Array.from(resample(picture, [224, 224], 3), (v) => v / 255),
        ),
      );
      const order = [...logits!.keys()].sort((a, b) => logits![b]! - logits![a]!);
      return order.slice(0, 5).map((index) => names[index]!);
    };
    expect(await five('dog')).toEqual(expect.arrayContaining(['malamute', 'standard schnauzer']));
    expect(await five('eagle')).toEqual(expect.arrayContaining(['kite', 'vulture', 'bald eagle']));
    // ImageNet has no giraffes, and no carts with horses before them.
    expect((await five('giraffe'))[0]).toBe('zebra');
    expect(await five('horses')).toEqual(expect.arrayContaining(['ox', 'oxcart']));
  });

  it('reads CREPE, which hears 441 Hz in a tone of 440 Hz, in one dimension or two', async () => {
    const tone = Float32Array.from({ length: 1024 }, (_, i) => Math.SQRT2 * Math.sin((2 * Math.PI * 440 * i) / 16_000));
    const heard = await Promise.all(
      [false, true].map(async (dropUnitAxis) => {
        const model = await loadLayersModel(dataPath('crepe/crepe/model.json'), { dropUnitAxis });
        expect(model.inputs.get('crepe_input')).toEqual(dropUnitAxis ? [1024, 1] : [1024, 1, 1]);
        return run(model, tone).crepe_classifier!;
      }),
    );
    expect(relativeError(heard[0]!, heard[1]!)).toBeLessThan(ROUNDING);
    // Bins lie 20 cents apart, the first at 31.7 Hz; the tone is the mean of those around the likeliest.
    const likeliest = heard[0]!.indexOf(Math.max(...heard[0]!));
    let [weight, sum] = [0, 0];
    for (let bin = likeliest - 4; bin <= likeliest + 4; bin++) {
      weight += heard[0]![bin]!;
      sum += heard[0]![bin]! * ((bin * 7180) / 359 + 1997.3794084376191);
    }
    expect(10 * 2 ** (sum / weight / 1200)).toBeCloseTo(440.98, 1);
  });

  it('takes features from Darknet Tiny, at any size', async () => {
    const network = layersFeatures(await loadLayersModel(dataPath('darknet-tiny/darknettiny')), { divisor: 255 });
    expect(network.layers.length).toBe(15);
    expect(network.input).toEqual({ channels: 3, usualSize: 224, leastSize: 32 });
    const to = ['leaky_re_lu_1', 'leaky_re_lu_4'];
    const graph = network.graph({ height: 40, width: 72 }, { to });
    expect(graph.nodes.at(-1)!.name).toBe('leaky_re_lu_4');
    const image = randomArray(40 * 72 * 3, 3).map((value) => 127.5 * (value + 1));
    const { parameters } = network;
    const planned = plan(graph, { parameters, inputs: { image: [1, 40, 72, 3] }, outputs: to, engine: createEngine() });
    expect(planned.outputs.get('leaky_re_lu_4')!.slice(1, 3)).toEqual([10, 18]);
    const values = planned.run({ image }).leaky_re_lu_1!;
    const filters = tf.tensor(parameters.read('conv2d_1/kernel'), [3, 3, 3, 16]) as tf.Tensor4D;
    const [gamma, beta, mean, variance] = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map((role) =>
      tf.tensor1d(parameters.read(`batch_normalization_1/${role}`)),
    ) as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
    const seen = tf.div(tf.tensor4d(image, [1, 40, 72, 3]), 255) as tf.Tensor4D;
    const norm = tf.div(tf.sub(tf.conv2d(seen, filters, 1, 'same'), mean), tf.sqrt(tf.add(variance, 1e-3)));
    expect(relativeError(values, tf.leakyRelu(tf.add(tf.mul(norm, gamma), beta), 0.1).dataSync())).toBeLessThan(
      ROUNDING,
    );
    const crepe = await loadLayersModel(dataPath('crepe/crepe/model.json'), { dropUnitAxis: true });
    expect(() => layersFeatures(crepe)).toThrow(
      'model_1: it must take one picture [height,width,1 or 3], got [[1024,1]]',
    );
  });

  it('says which file is missing', async () => {
    const json = JSON.parse(readFileSync(dataPath('crepe/crepe/model.json'), 'utf8'));
    await expect(loadLayersModel({ manifest: json, files: {} })).rejects.toThrow('file "group1-shard1of1" is missing');
    await expect(loadLayersModel(dataPath('crepe'))).rejects.toThrow(WeightsError);
    await expect(loadLayersModel(new Uint8Array(3))).rejects.toThrow('a model.json needs its files');
  });
});
