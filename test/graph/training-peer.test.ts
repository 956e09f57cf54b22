import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { describe, expect, it } from 'vitest';
import type { Optimizer } from '../../src/graph/optimizer.ts';
import { trainingPlan } from '../../src/graph/training-plan.ts';
import { adam } from '../../src/optimize/adam.ts';
import { rmsprop } from '../../src/optimize/rmsprop.ts';
import { sgd } from '../../src/optimize/sgd.ts';
import { relativeError } from '../support/compare.ts';
import { CLASSES, SIDE, toyBatch, toyInputs, toyNet, toyParameters } from '../support/toy-net.ts';

const BATCH = 8;
const STEPS = 10;
/** Ten steps of float32 arithmetic in another order, each standing on the one before. */
const TOLERANCE = 2e-4;

type Variables = Record<string, tf.Variable>;

/** The toy net as tfjs writes it. */
function lossOf(v: Variables, x: tf.Tensor4D, labels: tf.Tensor1D): tf.Scalar {
  const layer = (y: tf.Tensor4D, i: number) =>
    tf.relu(tf.add(tf.conv2d(y, v[`w${i}`] as tf.Variable<tf.Rank.R4>, 1, 'same'), v[`b${i}`]!)) as tf.Tensor4D;
  const pooled = tf.maxPool(layer(x, 0), 2, 2, 'valid');
  const mean = tf.mean(layer(pooled, 1), [1, 2]) as tf.Tensor2D;
  const logits = tf.add(tf.matMul(mean, v.w as tf.Variable<tf.Rank.R2>), v.b!);
  const rows = tf.sub(tf.logSumExp(logits, 1), tf.sum(tf.mul(logits, tf.oneHot(tf.cast(labels, 'int32'), CLASSES)), 1));
  return tf.mean(rows) as tf.Scalar;
}

function peer(optimizer: tf.Optimizer) {
  const parameters = toyParameters();
  const variables: Variables = Object.fromEntries(
    ['w0', 'b0', 'w1', 'b1', 'w', 'b'].map((name) => [
      name,
      tf.variable(tf.tensor(parameters.read(name), [...parameters.get(name).shape])),
    ]),
  );
  const losses = Array.from({ length: STEPS }, (_, step) => {
    const { x, labels } = toyBatch(BATCH, step);
    const loss = optimizer.minimize(
      () => lossOf(variables, tf.tensor4d(x, [BATCH, SIDE, SIDE, 1]), tf.tensor1d(labels)),
      true,
      Object.values(variables),
    )!;
    return loss.dataSync()[0]!;
  });
  return { losses, values: Object.fromEntries(Object.entries(variables).map(([name, v]) => [name, v.dataSync()])) };
}

describe('ten training steps are those of tfjs with its own optimisers and gradients', () => {
  it.each<[string, Optimizer, () => tf.Optimizer]>([
    ['sgd', sgd({ learningRate: 0.2 }), () => tf.train.sgd(0.2)],
    ['momentum', sgd({ learningRate: 0.05, momentum: 0.9 }), () => tf.train.momentum(0.05, 0.9)],
    ['nesterov', sgd({ learningRate: 0.05, momentum: 0.9, nesterov: true }), () => tf.train.momentum(0.05, 0.9, true)],
    ['adam', adam({ learningRate: 0.01, epsilon: 1e-7 }), () => tf.train.adam(0.01, 0.9, 0.999, 1e-7)],
    // ε is outside the root here and inside it there: too small to matter on either side.
    [
      'rmsprop',
      rmsprop({ learningRate: 0.003, momentum: 0.5, epsilon: 1e-12 }),
      () => tf.train.rmsprop(0.003, 0.9, 0.5, 1e-20),
    ],
  ])('%s', async (_, optimizer, theirs) => {
    await tf.setBackend('cpu');
    const expected = peer(theirs());
    const training = trainingPlan(toyNet(), {
      parameters: toyParameters(),
      inputs: toyInputs(BATCH),
      train: { loss: 'loss', optimizer },
    });
    const losses = expected.losses.map((__, step) => training.step(toyBatch(BATCH, step)).loss![0]!);
    expect(relativeError(losses, expected.losses)).toBeLessThan(TOLERANCE);
    for (const [name, values] of Object.entries(expected.values)) {
      const moved = relativeError(values, toyParameters().read(name));
      expect(moved, `${name} has moved`).toBeGreaterThan(100 * TOLERANCE);
      expect(relativeError(training.parameters.read(name), values), name).toBeLessThan(TOLERANCE);
    }
  });
});
