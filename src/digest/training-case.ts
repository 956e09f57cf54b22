import { Graph } from '../graph/graph.ts';
import { conv } from '../graph/ops/conv.ts';
import { dense } from '../graph/ops/dense.ts';
import { flatten } from '../graph/ops/flatten.ts';
import { l2Normalize } from '../graph/ops/l2-normalize.ts';
import { maxPool } from '../graph/ops/max-pool.ts';
import { relu } from '../graph/ops/relu.ts';
import { tripletLoss } from '../graph/ops/triplet-loss.ts';
import { parametersOf } from '../graph/parameters.ts';
import { trainingPlan } from '../graph/training-plan.ts';
import { adam } from '../optimize/adam.ts';
import type { Engine } from '../runtime/engine.ts';
import { noise } from './noise.ts';

const BATCH = 12;
const STEPS = 2;

/** Steps of metric learning: an encoder of pictures, triplets mined in the batch, Adam. What is lost, and what is learnt. */
export function training(engine: Engine): Float32Array[] {
  const graph = new Graph();
  const filtered = graph.apply(conv, [graph.input('image')], {
    attributes: { padding: 'same' },
    parameters: { filters: 'conv/filters', bias: 'conv/bias' },
  });
  const pooled = graph.apply(maxPool, [graph.apply(relu, [filtered])], { attributes: { size: 2 } });
  const row = graph.apply(flatten, [pooled]);
  const head = graph.apply(dense, [row], { parameters: { filters: 'head/filters' } });
  const embedding = graph.apply(l2Normalize, [head]);
  const attributes = { mining: 'hard', margin: 0.2 } as const;
  graph.apply(tripletLoss, [embedding, graph.input('labels')], { name: 'loss', attributes });
  const shapes = { 'conv/filters': [3, 3, 3, 8], 'conv/bias': [8], 'head/filters': [200, 16] };
  const stored = Object.entries(shapes).map(([name, shape], i) => [name, { shape, values: noise(shape, 70 + i) }]);
  const plan = trainingPlan(graph, {
    engine,
    parameters: parametersOf(Object.fromEntries(stored)),
    inputs: { image: [BATCH, 10, 10, 3], labels: [BATCH] },
    train: { loss: 'loss', optimizer: adam({ learningRate: 0.01 }) },
  });
  try {
    const labels = Float32Array.from({ length: BATCH }, (_, i) => i % 3);
    const losses = Array.from({ length: STEPS }, (_, step) => {
      const image = noise([BATCH, 10, 10, 3], 80 + step);
      return plan.step({ image, labels }).loss![0]!;
    });
    return [Float32Array.from(losses), ...plan.trainable.map((name) => plan.parameters.read(name))];
  } finally {
    plan.close();
  }
}
