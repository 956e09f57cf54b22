import { describe, expect, it } from 'vitest';
import { Graph } from '../../../src/graph/graph.ts';
import { parametersOf } from '../../../src/graph/parameters.ts';
import { plan } from '../../../src/graph/plan.ts';
import { arrayDataset } from '../../../src/metric/training/dataset.ts';
import {
  binaryHead,
  classifier,
  contrastive,
  episodes,
  type Objective,
  triplets,
} from '../../../src/metric/training/objectives.ts';
import { type PairBatch, pairSampler } from '../../../src/metric/training/sampler.ts';
import { initialValues } from '../../../src/models/initialise.ts';
import { randomArray } from '../../support/random.ts';

const D = 5;

/** The loss and the parameters of an objective over given embeddings. */
function lossOf(
  objective: Objective,
  embeddings: Float32Array,
  [groups, each]: [number, number],
  batch: PairBatch,
  classes = 9,
) {
  const graph = new Graph();
  const built = objective.build(graph, graph.input('x'), { groups, each, dimension: D, classes });
  const own = Object.fromEntries(
    [...built.tensors].map(([name, tensor]) => [name, { shape: tensor.shape, values: initialValues(name, tensor, 3) }]),
  );
  const planned = plan(graph, {
    parameters: parametersOf({ ...own, ...built.constants }),
    inputs: { x: [groups * each, D], ...built.inputs },
    outputs: [built.loss.name],
  });
  const output = planned.run({ x: embeddings, ...built.feed(batch, 7, 2) })[built.loss.name]!;
  return { output, own, built };
}

const squared = (x: Float32Array, i: number, j: number): number => {
  let sum = 0;
  for (let k = 0; k < D; k++) sum += (x[i * D + k]! - x[j * D + k]!) ** 2;
  return sum;
};
const batchOf = (labels: number[], same: number[] = []): PairBatch => ({
  examples: new Int32Array(labels.length),
  labels: Float32Array.from(labels),
  same: Float32Array.from(same),
});

describe('episodes', () => {
  it.each([
    [2, 0.1, 'squaredEuclidean'],
    [3, 0.7, 'euclidean'],
  ] as const)(
    'is the cross-entropy of each example against the others of its turn, K = %i',
    (each, temperature, metric) => {
      const groups = 4;
      const x = randomArray(groups * each * D, 4);
      // Row k · P + c is example k of class c.
      const labels = Array.from({ length: groups * each }, (_, row) => row % groups);
      const { output } = lossOf(episodes({ temperature, metric }), x, [groups, each], batchOf(labels));
      let [loss, right, count] = [0, 0, 0];
      for (let query = 0; query < groups * each; query++)
        for (let shot = 0; shot < each; shot++) {
          if (Math.floor(query / groups) === shot) continue;
          const logits = Array.from({ length: groups }, (_, c) => {
            const d = squared(x, query, shot * groups + c);
            return -(metric === 'euclidean' ? Math.sqrt(d) : d) / temperature;
          });
          const own = query % groups;
          loss += Math.log(logits.reduce((sum, l) => sum + Math.exp(l - logits[own]!), 0));
          if (logits[own] === Math.max(...logits)) right++;
          count++;
        }
      expect(output[0]).toBeCloseTo(loss / count, 4);
      expect(output[1]).toBeCloseTo(right / count, 6);
    },
  );

  it('needs a temperature', () => {
    expect(() => episodes({ temperature: 0 })).toThrow('episodes: temperature must be a finite number above 0, got 0');
  });
});

describe('pairs', () => {
  const x = randomArray(4 * 2 * D, 8);
  const same = [1, 0, 1, 0];
  const pairs = batchOf([0, 0, 1, 2, 3, 3, 4, 5], same);

  it.each(['squared', 'hadsell'] as const)('contrastive, convention %s, has its own labels', (convention) => {
    const { output } = lossOf(contrastive({ margin: 1.5, convention }), x, [4, 2], pairs);
    let loss = 0;
    for (let p = 0; p < 4; p++) {
      const d = Math.sqrt(squared(x, 2 * p, 2 * p + 1));
      loss += same[p] ? d * d : Math.max(1.5 - d, 0) ** 2;
    }
    expect(output[0]).toBeCloseTo(convention === 'hadsell' ? loss / 2 : loss, 4);
  });

  it.each(['absolute', 'chiSquare'] as const)('binary head, feature %s', (feature) => {
    const positive = x.map(Math.abs);
    const { output, own } = lossOf(binaryHead({ feature }), positive, [4, 2], pairs);
    const w = own['verifier/filters']!.values;
    let loss = 0;
    for (let p = 0; p < 4; p++) {
      let logit = 0;
      for (let k = 0; k < D; k++) {
        const [a, b] = [positive[2 * p * D + k]!, positive[(2 * p + 1) * D + k]!];
        logit += w[k]! * (feature === 'absolute' ? Math.abs(a - b) : (a - b) ** 2 / (a + b));
      }
      loss += Math.log(1 + Math.exp(same[p] ? -logit : logit)) / 4;
    }
    expect(output[0]).toBeCloseTo(loss, 5);
    expect(() => binaryHead({ feature: 'other' as 'absolute' })).toThrow("feature must be 'absolute' or 'chiSquare'");
  });

  it('come from the pair sampler', () => {
    const dataset = arrayDataset(
      [0, 0, 1, 1, 2, 2].map((c) => ({ class: `c${c}`, values: [c] })),
      [1],
    );
    const batch = pairSampler(dataset, { pairs: 4 }).batch(0);
    const { output } = lossOf(contrastive({ margin: 1 }), x, [4, 2], batch);
    expect(output[2]).toBe(2);
    expect(output[3]).toBe(2);
  });
});

describe('classes', () => {
  const labels = [0, 0, 3, 3, 8, 8];
  const x = randomArray(6 * D, 12);

  it('classifier is cross-entropy over all classes of the dataset', () => {
    const { output, own } = lossOf(classifier(), x, [3, 2], batchOf(labels));
    const w = own['classifier/filters']!.values;
    let loss = 0;
    for (const [row, label] of labels.entries()) {
      const logits = Array.from({ length: 9 }, (_, c) =>
        Array.from({ length: D }, (_, k) => x[row * D + k]! * w[k * 9 + c]!).reduce((a, b) => a + b),
      );
      loss += Math.log(logits.reduce((sum, l) => sum + Math.exp(l - logits[label]!), 0)) / labels.length;
    }
    expect(output[0]).toBeCloseTo(loss, 5);
  });

  it('triplets gives its labels and, where it draws, seed and step', () => {
    const hard = lossOf(triplets({ mining: 'hard', margin: 1 }), x, [3, 2], batchOf(labels));
    let loss = 0;
    for (const [a, label] of labels.entries()) {
      const of = (own: boolean) =>
        labels.flatMap((l, j) => (j !== a && (l === label) === own ? [squared(x, a, j)] : []));
      loss += Math.max(0, Math.max(...of(true)) - Math.min(...of(false)) + 1);
    }
    expect(hard.output[0]).toBeCloseTo(loss, 4);
    const random = triplets({ mining: 'random', margin: 1 });
    const { built } = lossOf(random, x, [3, 2], batchOf(labels));
    const fed = built.feed(batchOf(labels), 7, 2);
    expect(Object.values(fed).some((values) => values.length === 2 && values[0] === 7 && values[1] === 2)).toBe(true);
  });
});
