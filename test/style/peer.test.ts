import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { resample } from '../../src/image/resample.ts';
import { defaultEngine } from '../../src/runtime/engine.ts';
import { goalOf } from '../../src/style/goal.ts';
import { imageObjective } from '../../src/style/image-objective.ts';
import type { StylizeOptions } from '../../src/style/options.ts';
import { readScene } from '../../src/style/scene.ts';
import { settingsOf } from '../../src/style/settings.ts';
import { randomArray } from '../support/random.ts';
import { DIVISOR, MEAN, smallNetwork, smallPicture, tensors } from './small-network.ts';

const [HEIGHT, WIDTH] = [24, 32];
/** ‖g − g′‖ / ‖g‖ between two float32 implementations. */
const TOLERANCE = 1e-3;
const [ALPHA, BETA, GAMMA] = [0.5, 2000, 0.05];

const content = smallPicture(WIDTH, HEIGHT, 1);
const style = smallPicture(32, 20, 2);

/** The layers of the small network as tfjs computes them. */
function layersOf(image: tf.Tensor4D, pooling: 'max' | 'average'): Record<string, tf.Tensor4D> {
  const layer = (x: tf.Tensor4D, name: string): tf.Tensor4D => {
    const [w, b] = [tensors[`${name}/filters`]!, tensors[`${name}/bias`]!];
    const filters = tf.tensor4d(w.values, [...w.shape] as [number, number, number, number]);
    return tf.relu(tf.add(tf.conv2d(x, filters, 1, 'same'), tf.tensor1d(b.values))) as tf.Tensor4D;
  };
  const a = layer(tf.div(tf.sub(image, tf.tensor1d(MEAN)), DIVISOR) as tf.Tensor4D, 'a');
  const b = layer(a, 'b');
  const pooled = pooling === 'max' ? tf.maxPool(b, 2, 2, 'valid') : tf.avgPool(b, 2, 2, 'valid');
  return { a, b, c: layer(pooled, 'c') };
}

const pixels = (image: typeof content): tf.Tensor4D =>
  tf.tensor4d(Float32Array.from(resample(image, [image.height, image.width], 3)), [1, image.height, image.width, 3]);

/** FᵀF over the positions. */
function gram(features: tf.Tensor4D): tf.Tensor2D {
  const [, h, w, c] = features.shape;
  const f = tf.reshape(features, [h * w, c]) as tf.Tensor2D;
  return tf.div(tf.matMul(f, f, true), h * w) as tf.Tensor2D;
}

/** J by Gatys et al., written in tfjs. */
function objective(image: tf.Tensor4D, pooling: 'max' | 'average'): tf.Scalar {
  const [seen, wanted, styles] = [image, pixels(content), pixels(style)].map((x) => layersOf(x, pooling)) as [
    Record<string, tf.Tensor4D>,
    Record<string, tf.Tensor4D>,
    Record<string, tf.Tensor4D>,
  ];
  const contentLoss = tf.mul(0.5, tf.sum(tf.squaredDifference(seen.c!, wanted.c!)));
  const styleLosses = ['a', 'c'].map((layer) => {
    const channels = seen[layer]!.shape[3];
    return tf.div(tf.sum(tf.squaredDifference(gram(seen[layer]!), gram(styles[layer]!))), 4 * channels ** 2);
  });
  const [h, w] = [HEIGHT, WIDTH];
  const right = tf.sub(
    tf.slice(image, [0, 0, 1, 0], [1, h, w - 1, 3]),
    tf.slice(image, [0, 0, 0, 0], [1, h, w - 1, 3]),
  );
  const below = tf.sub(
    tf.slice(image, [0, 1, 0, 0], [1, h - 1, w, 3]),
    tf.slice(image, [0, 0, 0, 0], [1, h - 1, w, 3]),
  );
  const variation = tf.add(tf.sum(tf.square(right)), tf.sum(tf.square(below)));
  const styleLoss = tf.mul(0.5, tf.addN(styleLosses));
  return tf.addN([tf.mul(ALPHA, contentLoss), tf.mul(BETA, styleLoss), tf.mul(GAMMA, variation)]) as tf.Scalar;
}

describe('J and its gradient are those of tfjs', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it.each(['max', 'average'] as const)('with %s pooling', async (pooling) => {
    const options: StylizeOptions = {
      content,
      style,
      network: smallNetwork(),
      size: WIDTH,
      margin: 0,
      contentWeight: ALPHA,
      styleWeight: BETA,
      variationWeight: GAMMA,
      normalization: 'gatys',
      pooling,
    };
    const settings = settingsOf(options);
    const engine = defaultEngine();
    const size = { height: HEIGHT, width: WIDTH };
    const ours = imageObjective(goalOf(await readScene(options, settings), settings, options.network, size, engine));
    const picture = randomArray(ours.elements, 3).map((v) => 127 + 60 * v);

    const [value, gradient] = tf.tidy(() => {
      const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => objective(x as tf.Tensor4D, pooling))(
        tf.tensor4d(picture, [1, HEIGHT, WIDTH, 3]),
      );
      return [value.dataSync()[0]!, grad.dataSync()] as const;
    });

    const { address } = engine.regions.allocate(2 * ours.elements * 4);
    engine.memory.f32(address, ours.elements).set(picture);
    const { total } = ours.evaluate(address, address + ours.elements * 4);
    const found = engine.memory.f32(address + ours.elements * 4, ours.elements);
    expect(Math.abs(total - value)).toBeLessThan(TOLERANCE * value);
    const norm = (values: ArrayLike<number>): number => Math.hypot(...Array.from(values));
    expect(norm(found.map((g, i) => g - gradient[i]!))).toBeLessThan(TOLERANCE * norm(gradient));
  });
});
