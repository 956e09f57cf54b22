import { dense, Graph, l2Normalize, parametersOf } from 'facsimile/graph';
import { arrayDataset, embedDataset, trainEmbedding, triplets } from 'facsimile/metric';
import { adam, cosine } from 'facsimile/optimize';

const SIZE = 128;

/** y = x·W + b made to length 1, [N,128] → [N,128]. */
function headGraph() {
  const graph = new Graph();
  const x = graph.apply(dense, [graph.input('face')], {
    name: 'projection',
    parameters: { filters: 'projection/filters', bias: 'projection/bias' },
  });
  graph.apply(l2Normalize, [x], { name: 'embedding' });
  return graph;
}

/** It starts as the identity, so that training begins where the face network is. */
function identity() {
  const values = new Float32Array(SIZE * SIZE);
  for (let i = 0; i < SIZE; i++) values[i * SIZE + i] = 1;
  return parametersOf({
    'projection/filters': { shape: [SIZE, SIZE], values },
    'projection/bias': { shape: [SIZE], values: new Float32Array(SIZE) },
  });
}

const datasetOf = (people) =>
  arrayDataset(
    people.flatMap(({ name, embeddings }) => embeddings.map((values) => ({ class: name, values }))),
    [SIZE],
  );

/** Trains a head on some people; gives the function that projects others. */
export async function trainHead(people, steps) {
  const graph = headGraph();
  const each = Math.min(4, ...people.map(({ embeddings }) => embeddings.length));
  const training = trainEmbedding(graph, datasetOf(people), {
    parameters: identity(),
    objective: triplets({ mining: 'all', margin: 0.3, reduction: 'mean' }),
    batch: { classes: Math.min(people.length, 10), each },
    optimizer: adam({ learningRate: cosine(3e-4, { steps }) }),
    steps,
    seed: 1,
  });
  for await (const { collapsed, step } of training)
    if (collapsed) throw new Error(`the head collapsed at step ${step}`);
  const { parameters } = training;
  training.close();
  return (others) =>
    others.map(({ name, embeddings }) => {
      const rows = embedDataset(graph, datasetOf([{ name, embeddings }]), { parameters });
      return { name, embeddings: embeddings.map((_, i) => rows.slice(i * SIZE, (i + 1) * SIZE)) };
    });
}
