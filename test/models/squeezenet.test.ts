import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WeightsError } from '../../src/core/errors.ts';
import { plan } from '../../src/graph/plan.ts';
import { squeezenet } from '../../src/models/squeezenet.ts';
import { readSqueezenet, squeezenetFeatures } from '../../src/models/squeezenet-features.ts';
import { createEngine } from '../../src/runtime/create-engine.ts';
import { dataPath, hasData } from '../data.ts';
import { pillowSquare } from '../support/pillow.ts';
import { type LayerStatistics, readJson } from './peer.ts';

const file = () => new Uint8Array(readFileSync(dataPath('squeezenet_dc/compressed_SqueezeNet.net')));

/** What numpy made of a photo with the same weights: statistics of layers [C,H,W], and the five likeliest classes. */
type Reference = Readonly<Record<string, LayerStatistics>> & { readonly top5: readonly [number, string, number][] };
const reference = hasData ? readJson('refs/squeezenet_dc_layers.json') : {};

/** Names of the reference's tensors and layers in ours. */
const renamed = (name: string): string =>
  name
    .replace('relu_conv1', 'conv1')
    .replace('conv1x1_1', 'squeeze')
    .replace('conv1x1_2', 'expand1x1')
    .replace('conv3x3_2', 'expand3x3');

/** How far rounding may carry a sum of float32 from the reference's: a share of the layer's largest value. */
const ROUNDING = 1e-5;

describe.skipIf(!hasData)('readSqueezenet', () => {
  it('decodes every layer of the published file', () => {
    const parameters = readSqueezenet(file());
    const tensors = Object.entries(reference.tensors) as [string, Record<string, number> & { shape: number[] }][];
    expect(tensors.length).toBe(26);
    expect(parameters.names.length).toBe(52);
    for (const [name, { shape, wsum, wabs, bsum, nnz }] of tensors) {
      const filters = parameters.read(`${renamed(name)}/filters`);
      const bias = parameters.read(`${renamed(name)}/bias`);
      const [o, i, height, width] = shape;
      expect(parameters.get(`${renamed(name)}/filters`).shape).toEqual([height, width, i, o]);
      const sum = (values: Float32Array): number => values.reduce((s, v) => s + v, 0);
      expect(sum(filters)).toBeCloseTo(wsum!, 4);
      expect(sum(filters.map(Math.abs))).toBeCloseTo(wabs!, 4);
      expect(sum(bias)).toBeCloseTo(bsum!, 4);
      expect(filters.filter((value) => value !== 0).length).toBe(nnz);
    }
  });

  it('gives numpy’s layers and classes for a photo', async () => {
    const network = squeezenetFeatures(readSqueezenet(file()));
    const side = network.input.usualSize;
    const layers = ['conv1', 'pool1', 'fire2', 'fire3', 'fire4', 'pool4', 'fire5', 'fire8', 'pool8', 'fire9', 'conv10'];
    const outputs = [...layers, 'probabilities'];
    const planned = plan(network.graph({ height: side, width: side }, { to: outputs }), {
      parameters: network.parameters,
      inputs: { image: [1, side, side, 3] },
      outputs,
      engine: createEngine(),
    });
    for (const photo of ['dog', 'eagle', 'giraffe', 'horses']) {
      const expected = reference[`${photo}.jpg`] as Reference;
      const image = Float32Array.from(await pillowSquare(dataPath(`style/content/darknet_${photo}.jpg`), side));
      const values = planned.run({ image });
      for (const name of Object.keys(expected).filter((key) => key !== 'input' && layers.includes(renamed(key)))) {
        const error = layerError(values[renamed(name)]!, expected[name]!);
        expect(error, `${photo} ${name}`).toBeLessThan(ROUNDING);
      }
      const probabilities = values.probabilities!;
      for (const [index, , probability] of expected.top5)
        expect(probabilities[index]!, `${photo} ${index}`).toBeCloseTo(probability, 4);
      expect(probabilities.indexOf(Math.max(...probabilities))).toBe(expected.top5[0]![0]);
    }
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['layer "conv1": the file has only 3 bytes', (bytes) => bytes.subarray(0, 3)],
    ['layer "fire2/expand1x1": the file has only 10 bytes', (bytes) => bytes.subarray(0, 10)],
    ['layer "conv10": its gaps are bytes ', (bytes) => bytes.subarray(0, -1)],
    [
      'layer "conv1": its values are bytes 104–1128, but the file has 1000: truncated?',
      (bytes) => bytes.subarray(0, 1000),
    ],
    ['layer "conv10": the file goes on behind the last one', (bytes) => new Uint8Array([...bytes, 0])],
    ['layer "fire2/squeeze": it should have 4294967295 codes', (bytes) => bytes.fill(255, 4, 8)],
    ['layer "conv1": a value is not finite', (bytes) => bytes.fill(255, 104, 108)],
    ['layer "conv1": code 0 is 0, which only bridges a gap of 15', (bytes) => bytes.fill(0, 1512, 1513)],
    ['belongs to place', (bytes) => bytes.fill(255, 1512 + 13990, 1512 + 13990 + 6000)],
  ])('says where a file is damaged: %s', (message, damage) => {
    expect(() => readSqueezenet(damage(file()))).toThrow(WeightsError);
    expect(() => readSqueezenet(damage(file()))).toThrow(message);
  });
});

describe('squeezenet', () => {
  it('has the published weights', () => {
    const { tensors } = squeezenet();
    const count = [...tensors.values()].reduce((sum, shape) => sum + shape.reduce((a, b) => a * b), 0);
    expect(count).toBe(1_248_424);
  });

  it.skipIf(!hasData)('takes pictures of any size, its windows rounded up', () => {
    const network = squeezenetFeatures(readSqueezenet(file()));
    const { parameters } = network;
    for (const [height, width, pool1, fire9] of [
      [21, 64, [4, 14], [1, 3]],
      [225, 226, [55, 55], [13, 13]],
      [230, 333, [56, 82], [14, 20]],
    ] as const) {
      const graph = network.graph({ height, width }, { to: ['pool1', 'fire9'] });
      const inputs = { image: [1, height, width, 3] };
      const { outputs } = plan(graph, { parameters, inputs, outputs: ['pool1', 'fire9'], engine: createEngine() });
      expect(outputs.get('pool1')!.slice(1, 3), `${height}×${width}`).toEqual(pool1);
      expect(outputs.get('fire9')!.slice(1, 3)).toEqual(fire9);
    }
    expect(() => network.graph({ height: 20, width: 64 }, { to: ['fire9'] })).toThrow(
      'squeezenet: pictures of 64×20 pixels do not fit, all its layers take 21×21 and more',
    );
    expect(() => network.graph({ height: 20, width: 64 }, { to: ['fire2'] })).not.toThrow();
  });
});

/** Largest difference of a layer [H,W,C] to the statistics and first values of [C,H,W], as a share of its largest value. */
function layerError(values: Float32Array, expected: LayerStatistics): number {
  const [channels] = expected.shape as [number];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  const first8 = expected.first8.map((value, x) => values[x * channels]! - value);
  const most = values.reduce((a, b) => Math.max(a, b));
  const all = [mean - expected.mean, std - expected.std, most - expected.max, ...first8];
  return Math.max(...all.map(Math.abs)) / expected.max;
}
