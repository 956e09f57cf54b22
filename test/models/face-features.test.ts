import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Parameters } from '../../src/graph/parameters.ts';
import { plan } from '../../src/graph/plan.ts';
import { faceFeatures } from '../../src/models/face-features.ts';
import type { FeatureNetwork } from '../../src/models/feature-network.ts';
import { createEngine } from '../../src/runtime/create-engine.ts';
import { relativeError } from '../support/compare.ts';
import { randomArray } from '../support/random.ts';
import { weightsOf } from './peer.ts';

/** Both compute in float32, in other orders. */
const ROUNDING = 1e-5;

/** The network to `conv128_down` as its authors describe it, in tfjs: pictures [1,H,W,3] of 0 … 255. */
function inTfjs(weights: Parameters, image: tf.Tensor4D): Map<string, tf.Tensor4D> {
  const tensor = (name: string) => tf.tensor(weights.read(name), [...weights.get(name).shape] as [number]) as tf.Tensor;
  const layer = (name: string, x: tf.Tensor4D, stride: number, active: boolean): tf.Tensor4D => {
    const pad = stride === 1 ? 'same' : 'valid';
    const y = tf.add(
      tf.conv2d(x, tensor(`${name}/conv/filters`) as tf.Tensor4D, stride, pad),
      tensor(`${name}/conv/bias`),
    );
    const scaled = tf.add(tf.mul(y, tensor(`${name}/scale/weights`)), tensor(`${name}/scale/biases`));
    return (active ? tf.relu(scaled) : scaled) as tf.Tensor4D;
  };
  const grown = (x: tf.Tensor4D, [, height, width, channels]: number[]): tf.Tensor4D =>
    tf.pad(x, [[0, 0], ...[height, width, channels].map((to, i) => [0, to! - x.shape[i + 1]!])] as [number, number][]);
  const block = (name: string, x: tf.Tensor4D): tf.Tensor4D => {
    const down = name.endsWith('down');
    const r = layer(`${name}/conv2`, layer(`${name}/conv1`, x, down ? 2 : 1, true), 1, false);
    const p = down ? tf.avgPool(x, 2, 2, 'valid') : x;
    const shape = r.shape.map((size, axis) => Math.max(size, p.shape[axis]!));
    return tf.relu(tf.add(grown(r, shape), grown(p, shape))) as tf.Tensor4D;
  };
  const seen = tf.div(tf.sub(image, [122.782, 117.001, 104.298]), 255) as tf.Tensor4D;
  const layers = new Map([['conv32_down', layer('conv32_down', seen, 2, true)]]);
  let x = tf.maxPool(layers.get('conv32_down')!, 3, 2, 'valid');
  const names = ['conv32_1', 'conv32_2', 'conv32_3', 'conv64_down', 'conv64_1', 'conv64_2', 'conv64_3', 'conv128_down'];
  for (const name of names) {
    x = block(name, x);
    layers.set(name, x);
  }
  return layers;
}

describe('faceFeatures', () => {
  let weights: Parameters;
  let network: FeatureNetwork;
  beforeAll(async () => {
    weights = await weightsOf('face_recognition');
    network = faceFeatures(weights);
  });

  /** Sizes at which either axis, both and none of them needs a row of zeros. */
  it.each([
    [53, 61],
    [47, 71],
    [66, 47],
  ])('gives the layers that tfjs gives for pictures of %d×%d', (height, width) => {
    const image = randomArray(height * width * 3, height).map((value) => 127.5 * (value + 1));
    const expected = inTfjs(weights, tf.tensor4d(image, [1, height, width, 3]));
    const layers = [...expected.keys()];
    const graph = network.graph({ height, width }, { to: layers });
    const { parameters } = network;
    const planned = plan(graph, {
      parameters,
      inputs: { image: [1, height, width, 3] },
      outputs: layers,
      engine: createEngine(),
    });
    const values = planned.run({ image });
    for (const [layer, reference] of expected) {
      expect(planned.outputs.get(layer), layer).toEqual(reference.shape);
      expect(relativeError(values[layer]!, reference.dataSync()), layer).toBeLessThan(ROUNDING);
    }
  });

  it('takes pictures from 103×103 for its deepest layer, smaller ones for others', () => {
    const to = [network.layers.at(-1)!];
    expect(() => network.graph({ height: 103, width: 250 }, { to })).not.toThrow();
    expect(() => network.graph({ height: 102, width: 250 }, { to })).toThrow(
      'faces: pictures of 250×102 pixels do not fit, all its layers take 103×103 and more: conv: ',
    );
    expect(() => network.graph({ height: 24, width: 24 }, { to: ['conv32_3'] })).not.toThrow();
  });
});
