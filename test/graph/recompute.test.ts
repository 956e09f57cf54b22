import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Graph, type Node } from '../../src/graph/graph.ts';
import { add } from '../../src/graph/ops/add.ts';
import { batchNorm } from '../../src/graph/ops/batch-norm.ts';
import { conv } from '../../src/graph/ops/conv.ts';
import { dense } from '../../src/graph/ops/dense.ts';
import { dropout } from '../../src/graph/ops/dropout.ts';
import { globalAveragePool } from '../../src/graph/ops/global-average-pool.ts';
import { multiply } from '../../src/graph/ops/multiply.ts';
import { relu } from '../../src/graph/ops/relu.ts';
import { softmaxCrossEntropy } from '../../src/graph/ops/softmax-cross-entropy.ts';
import { tanh } from '../../src/graph/ops/tanh.ts';
import { parametersOf } from '../../src/graph/parameters.ts';
import { trainingPlan } from '../../src/graph/training-plan.ts';
import { sgd } from '../../src/optimize/sgd.ts';
import { createEngine } from '../../src/runtime/create-engine.ts';
import { randomArray } from '../support/random.ts';

const C = 8;
const shape = [3, 5, 4, C];
const CLASSES = 3;

/** A node behind earlier ones: they are counted from the last one backwards. */
const anyNode = fc.record({
  op: fc.constantFrom('conv', 'relu', 'tanh', 'norm', 'drop', 'add', 'multiply'),
  from: fc.nat(3),
  other: fc.nat(9),
});
type AnyNode = typeof anyNode extends fc.Arbitrary<infer T> ? T : never;

function graphOf(nodes: readonly AnyNode[]): Graph {
  const graph = new Graph();
  const key = graph.input('key');
  const made: Node[] = [graph.input('x')];
  for (const [i, { op, from, other }] of nodes.entries()) {
    const back = (n: number): Node => made.at(-1 - (n % made.length))!;
    const [x, y, name] = [back(from), back(other), `n${i}`];
    const apply = {
      conv: () =>
        graph.apply(conv, [x], { name, attributes: { padding: 'same' }, parameters: { filters: `w${i % 3}` } }),
      relu: () => graph.apply(relu, [x], { name }),
      tanh: () => graph.apply(tanh, [x], { name }),
      norm: () =>
        graph.apply(batchNorm, [x], { name, attributes: { mode: 'train' }, parameters: { scale: 's', shift: 't' } }),
      drop: () => graph.apply(dropout, [x, key], { name, attributes: { rate: 0.3, stream: i } }),
      add: () => graph.apply(add, [x, y], { name }),
      // By at most 1, or a chain of them would overflow.
      multiply: () => graph.apply(multiply, [x, graph.apply(tanh, [y])], { name }),
    };
    made.push(apply[op]());
  }
  const pooled = graph.apply(globalAveragePool, [made.at(-1)!]);
  const logits = graph.apply(dense, [graph.apply(tanh, [pooled])], { parameters: { filters: 'w' } });
  graph.apply(softmaxCrossEntropy, [logits, graph.input('labels')], { name: 'loss' });
  return graph;
}

const filters = (seed: number) => ({ shape: [3, 3, C, C], values: randomArray(9 * C * C, seed).map((v) => v * 0.2) });
const vector = (seed: number) => ({ shape: [C], values: randomArray(C, seed) });
const parameters = parametersOf({
  ...{ w0: filters(1), w1: filters(2), w2: filters(3), s: vector(4), t: vector(5) },
  w: { shape: [C, CLASSES], values: randomArray(C * CLASSES, 6) },
});

const engine = createEngine();

/** Losses of three steps and the parameters behind them. */
function trained(graph: Graph, recompute: boolean | readonly string[], frozen: readonly string[]) {
  const training = trainingPlan(graph, {
    engine,
    parameters,
    inputs: { key: [2], x: shape, labels: [3] },
    train: {
      loss: 'loss',
      optimizer: sgd({ learningRate: 0.1 }),
      trainable: (name) => !frozen.includes(name),
      recompute,
    },
  });
  const losses = [0, 1, 2].map((step) => {
    training.step({
      key: Float32Array.of(1, step),
      x: randomArray(3 * 5 * 4 * C, 10 + step),
      labels: Float32Array.of(0, 1, 2),
    });
    return training.report.loss;
  });
  const values = training.trainable.map((name) => training.parameters.read(name));
  const names = training.steps.map(({ last }) => last.name);
  const again = Number(/(\d+) of \d+ steps computed again/.exec(training.describe())?.[1] ?? 0);
  training.close();
  return { losses, values, names, again };
}

describe('recomputation', () => {
  it('gives the same bits for any graph, any cuts and any frozen parameters', () => {
    let recomputed = 0;
    fc.assert(
      fc.property(
        fc.array(anyNode, { minLength: 3, maxLength: 14 }),
        fc.array(fc.nat(20), { minLength: 1, maxLength: 6 }),
        fc.subarray(['w0', 'w1', 'w2', 's', 't']),
        (nodes, cuts, frozen) => {
          const graph = graphOf(nodes);
          const { losses, values, names } = trained(graph, false, frozen);
          const at = cuts.map((cut) => names[cut % names.length]!);
          for (const recompute of [at, true] as const) {
            const other = trained(graph, recompute, frozen);
            expect([other.losses, other.values]).toEqual([losses, values]);
            if (other.again > 1) recomputed++;
          }
        },
      ),
      { numRuns: 150 },
    );
    expect(recomputed).toBeGreaterThan(20);
  });
});
