import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { describe, expect, it } from 'vitest';
import { Graph } from '../../../src/graph/graph.ts';
import { absoluteDifference } from '../../../src/graph/ops/absolute-difference.ts';
import { dense } from '../../../src/graph/ops/dense.ts';
import { sigmoid } from '../../../src/graph/ops/sigmoid.ts';
import { parametersOf } from '../../../src/graph/parameters.ts';
import { plan } from '../../../src/graph/plan.ts';
import { metrics } from '../../oracle/distance.ts';
import { relativeError, tolerance } from '../../support/compare.ts';
import { testPairFeature } from '../../support/pair-feature.ts';
import { randomArray } from '../../support/random.ts';

describe('absoluteDifference', () => {
  testPairFeature(absoluteDifference, metrics.manhattan, false);

  it('makes a binary head with dense and sigmoid: ŷ = σ(Σ wₖ |aₖ − bₖ| + b), forward and backward as tfjs', async () => {
    await tf.setBackend('cpu');
    const graph = new Graph();
    const features = graph.apply(absoluteDifference, [graph.input('pairs')]);
    const logits = graph.apply(dense, [features], { parameters: { filters: 'w', bias: 'b' } });
    graph.apply(sigmoid, [logits], { name: 'probability' });
    const [w, x] = [randomArray(6, 1), randomArray(36, 2)];
    const planned = plan(graph, {
      parameters: parametersOf({ w: { shape: [6, 1], values: w }, b: { shape: [1], values: [0.25] } }),
      inputs: { pairs: [6, 6] },
      gradients: { nodes: ['pairs'], parameters: ['w'] },
    });
    const { probability } = planned.run({ pairs: x });
    const seed = randomArray(3, 3);
    const { nodes, parameters } = planned.backward({ probability: seed });
    planned.close();

    const head = (pairs: tf.Tensor, weights: tf.Tensor): tf.Tensor => {
      const [a, b] = tf.unstack(tf.reshape(pairs, [3, 2, 6]), 1);
      return tf.sigmoid(tf.add(tf.matMul(tf.abs(tf.sub(a!, b!)), weights), 0.25));
    };
    const inputs = [tf.tensor2d(x, [6, 6]), tf.tensor2d(w, [6, 1])];
    expect(relativeError(probability!, head(inputs[0]!, inputs[1]!).dataSync())).toBeLessThan(tolerance.sum);
    const [toPairs, toWeights] = tf.grads(head)(inputs, tf.tensor2d(seed, [3, 1]));
    expect(relativeError(nodes.pairs!, toPairs!.dataSync())).toBeLessThan(tolerance.sum);
    expect(relativeError(parameters.w!, toWeights!.dataSync())).toBeLessThan(tolerance.sum);
  });
});
