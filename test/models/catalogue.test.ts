import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InputError, WeightsError } from '../../src/core/errors.ts';
import { elementsOf } from '../../src/core/shape.ts';
import { Parameters } from '../../src/graph/parameters.ts';
import { readSafetensors } from '../../src/io/safetensors.ts';
import { loadParameters } from '../../src/io/weights.ts';
import { inputShape, modelHash } from '../../src/models/architecture.ts';
import { bundleNetworks } from '../../src/models/bundle.ts';
import { catalogue, manifestsOf, type NetworkName } from '../../src/models/catalogue.ts';
import { faceApiPath } from '../data.ts';
import { weightsOf } from './peer.ts';

const names = Object.keys(catalogue) as NetworkName[];

describe('catalogue', () => {
  it.each(names)('says of %s what its files and its graph say', async (name) => {
    const { manifest, bytes, parameters, build } = catalogue[name];
    const architecture = build();
    expect(architecture.name).toBe(name);
    expect(statSync(faceApiPath(`model/${name}_model.bin`)).size).toBe(bytes);
    expect([...architecture.tensors.values()].reduce((sum, shape) => sum + elementsOf(shape), 0)).toBe(parameters);
    architecture.bind(await loadParameters(faceApiPath(`model/${manifest}`)));
  });

  it('loads chosen networks of a folder under their names', async () => {
    const manifests = manifestsOf(['tiny_face_detector', 'face_landmark_68_tiny']);
    const parameters = await loadParameters(faceApiPath('model/'), { manifests });
    expect(parameters.names.length).toBe(19 + 28);
    expect(parameters.get('tiny_face_detector/conv8/bias').shape).toEqual([25]);
    expect(parameters.get('face_landmark_68_tiny/fc/bias').shape).toEqual([136]);
  });
});

describe('bundleNetworks', () => {
  it('writes all networks as one file of about their size, with the same weights', async () => {
    const all = await loadParameters(faceApiPath('model'), { manifests: manifestsOf(names) });
    const file = bundleNetworks(all, names);
    const published = names.reduce((sum, name) => sum + catalogue[name].bytes, 0);
    expect(file.length).toBeLessThan(published * 1.02);
    const copy = await loadParameters(file);
    for (const name of names) {
      const architecture = catalogue[name].build();
      const hash = modelHash(architecture, architecture.bind(await weightsOf(name)));
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
      expect(modelHash(architecture, architecture.bind(copy)), name).toBe(hash);
    }
    expect(readSafetensors(file).metadata['face_recognition.licence']).toContain('public domain');
  });
});

describe('bind', () => {
  const { build } = catalogue.tiny_face_detector;
  const without = (parameters: Parameters, ...dropped: string[]) =>
    new Parameters(
      parameters.names.filter((name) => !dropped.includes(name)).map((name) => [name, parameters.get(name)] as const),
    );

  it('names what is missing', async () => {
    const parameters = await weightsOf('tiny_face_detector');
    expect(() => build().bind(without(parameters, 'conv3/bias'))).toThrow(WeightsError);
    expect(() => build().bind(without(parameters, 'conv3/bias'))).toThrow(
      'tiny_face_detector: tensor "conv3/bias" is missing',
    );
    expect(() => build().bind(without(parameters, 'conv3/bias', 'conv0/filters'))).toThrow(
      '"conv0/filters" is missing, and 1 more',
    );
  });

  it('says so where the weights are of another network', async () => {
    const parameters = await weightsOf('face_recognition');
    expect(() => build().bind(parameters)).toThrow('tiny_face_detector: these are not its weights');
  });

  it('names a tensor of another shape', async () => {
    const parameters = await weightsOf('tiny_face_detector');
    const wrong = new Parameters([
      ...parameters.names.map((name) => [name, parameters.get(name)] as const),
      ['conv0/bias', { shape: [4, 4], read: () => new Float32Array(16) }],
    ]);
    expect(() => build().bind(wrong)).toThrow('tiny_face_detector: tensor "conv0/bias" must be [16], got [4,4]');
  });
});

describe('inputShape', () => {
  it('is the size of the network, or a multiple of its step', () => {
    expect(inputShape(catalogue.face_recognition.build())).toEqual([1, 150, 150, 3]);
    expect(inputShape(catalogue.tiny_face_detector.build())).toEqual([1, 416, 416, 3]);
    expect(inputShape(catalogue.tiny_face_detector.build(), 224)).toEqual([1, 224, 224, 3]);
  });

  it.each([
    ['face_recognition', 160, 'face_recognition: the size of its input must be 150, got 160'],
    ['tiny_face_detector', 100, 'must be a multiple of 32, got 100'],
    ['tiny_face_detector', 0, 'must be a multiple of 32, got 0'],
    ['tiny_face_detector', Number.NaN, 'must be a multiple of 32, got NaN'],
  ] as const)('refuses for %s a size of %d', (name, size, message) => {
    expect(() => inputShape(catalogue[name].build(), size)).toThrow(InputError);
    expect(() => inputShape(catalogue[name].build(), size)).toThrow(message);
  });
});
