import { closeSync, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WeightsError } from '../../src/core/errors.ts';
import { plan } from '../../src/graph/plan.ts';
import type { FeatureNetwork } from '../../src/models/feature-network.ts';
import { vgg19, vgg19Layers } from '../../src/models/vgg19.ts';
import { loadVgg19, type Vgg19WeightsOptions } from '../../src/models/vgg19-weights.ts';
import { createEngine } from '../../src/runtime/create-engine.ts';
import { relativeError } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { type RangeServer, rangeServer, type ServedFile, type ServerOptions, served } from '../support/range-server.ts';
import { seededTensor, vgg19File } from '../support/vgg19-file.ts';

const SHALLOW = 'conv2_1';
const NEEDED = 4 * (64 * 27 + 64 + 64 * 576 + 64 + 128 * 576 + 128);
const quick = { attempts: 3, pause: 1, to: SHALLOW };

/** Tensors of a network that are not as they were seeded. */
function differing(network: FeatureNetwork, to = SHALLOW): string[] {
  return Array.from(vgg19({ to }).tensors)
    .filter(
      ([name, shape]) =>
        Buffer.compare(bytesOf(network.parameters.read(name)), bytesOf(seededTensor(name, shape))) !== 0,
    )
    .map(([name]) => name);
}
const bytesOf = (values: Float32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

describe('loadVgg19 from a server', () => {
  let file: ServedFile;
  let server: RangeServer | undefined;
  beforeAll(() => {
    file = vgg19File(SHALLOW);
  });
  afterEach(() => server?.close());

  async function load(options: ServerOptions = {}, more: Vgg19WeightsOptions = {}, served = file) {
    server = await rangeServer({ 'model.safetensors': served }, options);
    return loadVgg19(`${server.url}model.safetensors`, { ...quick, ...more });
  }

  it('reads the header and the convolutions that are needed of 548 MB', async () => {
    expect(file.size / 2 ** 20).toBeGreaterThan(548);
    const network = await load();
    expect(differing(network)).toEqual([]);
    expect(network.layers).toEqual(['conv1_1', 'conv1_2', 'conv2_1']);
    expect(network.parameters.names.length).toBe(6 + 2);
    expect(server!.requests.length).toBe(3);
    // The first request is for 64 KiB; what a server sends before it sees that nobody listens is little.
    expect(server!.sent).toBeLessThan(NEEDED + 2 * 65_536);
  });

  it('carries on where connections drop', async () => {
    expect(differing(await load({ fault: () => ({ drop: 50_000 }) }))).toEqual([]);
    expect(server!.requests.length).toBeGreaterThan(8);
  });

  it('names the tensor of a wrong size, and the file that ends too early or is another', async () => {
    const wrong = vgg19File(SHALLOW, (header) => {
      header['features.2.weight']!.shape = [64, 32, 3, 6];
    });
    await expect(load({}, {}, wrong)).rejects.toThrow(
      'tensor "features.2.weight" must be [3,3,64,64] or [64,64,3,3], got [64,32,3,6]',
    );
    await server!.close();
    const short = { ...file, size: 400e6 };
    await expect(load({}, {}, short)).rejects.toThrow(
      /tensor ".*" ends at byte \d+, but only \d+ are there: the file is truncated/,
    );
    await server!.close();
    await expect(load({ fault: () => ({ more: 4 }) })).rejects.toThrow(/the tensors fill \d+ bytes, but \d+ follow/);
    await server!.close();
    const other = vgg19File(SHALLOW, (header) => {
      header['features.5.kernel'] = header['features.5.weight']!;
      delete header['features.5.weight'];
    });
    await expect(load({}, {}, other)).rejects.toThrow(
      'vgg19: the weights of conv2_1/filters are missing; there are features.0.bias, ',
    );
    await server!.close();
    await expect(load({ fault: () => ({ status: 403 }) })).rejects.toThrow(WeightsError);
  });

  it('refuses weights that are not finite', async () => {
    const front = file.read(0, 8);
    const first = 8 + new DataView(front.buffer).getUint32(0, true);
    const poisoned = {
      ...file,
      read: (start: number, end: number) => file.read(start, end).fill(255, first - start, first - start + 4),
    };
    await expect(load({}, {}, poisoned)).rejects.toThrow('tensor "features.0.bias" [64] is not finite: value 0 is NaN');
  });
});

describe('loadVgg19 from files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vgg19-'));
  const path = join(folder, 'model.safetensors');
  const file = vgg19File(SHALLOW);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeAll(() => {
    // Its zeros are holes: the file takes less than a megabyte of the disk.
    const handle = openSync(path, 'w');
    ftruncateSync(handle, file.size);
    for (let at = 0; at < 82e6; at += 65_536) {
      const piece = file.read(at, at + 65_536);
      if (piece.some((byte) => byte !== 0)) writeSync(handle, piece, 0, piece.length, at);
    }
    closeSync(handle);
  });

  it.skipIf(process.platform !== 'linux')('reads no more of a file than is needed', async () => {
    const readSoFar = (): number => Number(/rchar: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))![1]);
    const before = readSoFar();
    const network = await loadVgg19(path, quick);
    expect(readSoFar() - before).toBeLessThan(NEEDED + 300_000);
    expect(differing(network)).toEqual([]);
    expect(differing(await loadVgg19(folder, quick))).toEqual([]);
  });
});

describe('loadVgg19 from tfjs manifests', () => {
  const shards = 3;
  /** Weights in files of equal length, as tfjs cuts them; the last file is never there. */
  function manifest(rename: (layer: string, role: 'filters' | 'bias') => string, turned: boolean) {
    const tensors = [...vgg19({ to: 'conv2_2' }).tensors];
    const chunks = tensors.map(([name, shape]) => {
      const values = seededTensor(name, shape);
      if (name !== 'conv1_1/filters' || !turned) return bytesOf(values);
      return bytesOf(values.map((_, at) => values[at - ((Math.floor(at / 64) % 3) - 1) * 128]!));
    });
    const all = Buffer.concat(chunks);
    const length = Math.ceil(all.length / shards);
    const paths = Array.from({ length: shards }, (_, i) => `shard${i}`);
    const weights = tensors.map(([name, shape]) => {
      const [layer, role] = name.split('/') as [string, 'filters' | 'bias'];
      return { name: rename(layer, role), shape, dtype: 'float32' };
    });
    const files = Object.fromEntries(
      paths.map((path, i) => [path, new Uint8Array(all.subarray(i * length, (i + 1) * length))]),
    );
    return { json: [{ paths, weights }], files };
  }

  it.each<[string, (layer: string, role: 'filters' | 'bias') => string, boolean, string]>([
    [
      'Keras',
      (layer, role) => `${layer.replace(/conv(\d)_/, 'block$1_conv')}/${role === 'bias' ? role : 'kernel'}`,
      true,
      'caffe',
    ],
    ['Caffe', (layer, role) => `${layer}_${role === 'bias' ? 'b' : 'W'}`, true, 'caffe'],
    ['this library', (layer, role) => `${layer}/${role}`, false, 'torchvision'],
  ])('reads names of %s, and only the files that are needed', async (_, rename, turned, pixels) => {
    const { json, files } = manifest(rename, turned);
    const server = await rangeServer({
      'model.json': served(new TextEncoder().encode(JSON.stringify({ weightsManifest: json }))),
      ...Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, served(bytes)])),
    });
    const network = await loadVgg19(`${server.url}model.json`, { ...quick, to: 'conv1_2' });
    expect(differing(network, 'conv1_2')).toEqual([]);
    expect(new Set(server.requests.map((request) => request.split(' ')[0]))).toEqual(new Set(['model.json', 'shard0']));
    await server.close();
    const { shard0, shard1 } = files;
    const held = await loadVgg19({ manifest: json, files: { shard0: shard0!, shard1: shard1! } }, { to: 'conv1_2' });
    expect(differing(held, 'conv1_2')).toEqual([]);
    const shift = network.parameters.read('normalized/shift');
    const means = {
      caffe: [-123.68, -116.779, -103.939],
      torchvision: [-0.485 / 0.229, -0.456 / 0.224, -0.406 / 0.225],
    };
    expect([...shift]).toEqual(means[pixels as 'caffe'].map(Math.fround));
    await expect(loadVgg19({ manifest: json, files: { shard0: shard0! } }, { to: 'conv2_2' })).rejects.toThrow(
      'weights: file "shard1" is missing',
    );
    const cut = { shard0: shard0!.subarray(0, 1000) };
    await expect(
      loadVgg19({ manifest: [{ ...json[0]!, paths: ['shard0'] }], files: cut }, { to: 'conv1_1' }),
    ).rejects.toThrow(/is bytes 0–6912 of shard0, which have 1000: truncated\?/);
  });
});

describe('the features of VGG-19', () => {
  it('are those of tfjs with the same weights, layer by layer to conv5_1', async () => {
    const [height, width] = [16, 20];
    const layers = vgg19Layers().slice(0, -3);
    expect(layers.at(-1)).toBe('conv5_1');
    const file = vgg19File('conv5_1');
    const server = await rangeServer({ model: file });
    const network = await loadVgg19(`${server.url}model`);
    await server.close();
    const image = randomArray(height * width * 3, 5).map((value) => 127.5 * (value + 1));
    const planned = plan(network.graph({ height, width }, { to: layers }), {
      parameters: network.parameters,
      inputs: { image: [1, height, width, 3] },
      outputs: layers,
      engine: createEngine(),
    });
    const ours = planned.run({ image });
    const [mean, deviation] = [
      [0.485, 0.456, 0.406],
      [0.229, 0.224, 0.225],
    ];
    let x = tf.div(tf.sub(tf.div(tf.tensor4d(image, [1, height, width, 3]), 255), mean), deviation) as tf.Tensor4D;
    for (const layer of layers) {
      if (layer.endsWith('_1') && layer !== 'conv1_1') x = tf.maxPool(x, 2, 2, 'valid');
      const [filters, bias] = ['filters', 'bias'].map((role) => {
        const shape = vgg19().tensors.get(`${layer}/${role}`)!;
        return tf.tensor(seededTensor(`${layer}/${role}`, shape), [...shape] as [number]);
      });
      x = tf.relu(tf.add(tf.conv2d(x, filters as tf.Tensor4D, 1, 'same'), bias!)) as tf.Tensor4D;
      expect(relativeError(ours[layer]!, x.dataSync()), layer).toBeLessThan(1e-4);
    }
  });
});
