import { Graph, type Node } from '../../src/graph/graph.ts';
import { batchNorm } from '../../src/graph/ops/batch-norm.ts';
import { conv } from '../../src/graph/ops/conv.ts';
import { dense } from '../../src/graph/ops/dense.ts';
import { dropout } from '../../src/graph/ops/dropout.ts';
import { globalAveragePool } from '../../src/graph/ops/global-average-pool.ts';
import { maxPool } from '../../src/graph/ops/max-pool.ts';
import { relu } from '../../src/graph/ops/relu.ts';
import { softmaxCrossEntropy } from '../../src/graph/ops/softmax-cross-entropy.ts';
import { type Parameters, parametersOf } from '../../src/graph/parameters.ts';
import { randomArray } from './random.ts';

export const CLASSES = 4;
export const SIDE = 8;
const WIDTH = 8;

export interface ToyOptions {
  /** Batch normalisation behind each convolution. */
  readonly norm?: boolean;
  /** Dropout in front of the logits. */
  readonly drop?: boolean;
  /** Convolutions behind the first, all with the filters `w1` where they share. Default: 1. */
  readonly depth?: number;
  readonly shared?: boolean;
}

/** x [N,8,8,1] → (conv, batchNorm?, relu) … with a pool behind the first → mean → dense → cross-entropy `loss`. */
export function toyNet({ norm = false, drop = false, depth = 1, shared = false }: ToyOptions = {}): Graph {
  const graph = new Graph();
  const block = (input: Node, i: number): Node => {
    const name = shared && i > 1 ? 1 : i;
    const parameters = { filters: `w${name}`, ...(!norm && { bias: `b${name}` }) };
    let y = graph.apply(conv, [input], { name: `conv${i}`, attributes: { padding: 'same' }, parameters });
    if (norm)
      y = graph.apply(batchNorm, [y], {
        name: `norm${i}`,
        attributes: { mode: 'train' },
        parameters: { scale: `s${i}`, shift: `t${i}`, mean: `mean${i}`, variance: `variance${i}` },
      });
    return graph.apply(relu, [y], { name: `relu${i}` });
  };
  let y = block(graph.input('x'), 0);
  y = graph.apply(maxPool, [y], { name: 'pool', attributes: { size: 2 } });
  for (let i = 1; i <= depth; i++) y = block(y, i);
  y = graph.apply(globalAveragePool, [y], { name: 'mean' });
  if (drop) y = graph.apply(dropout, [y, graph.input('key')], { name: 'drop', attributes: { rate: 0.25 } });
  const logits = graph.apply(dense, [y], { name: 'logits', parameters: { filters: 'w', bias: 'b' } });
  graph.apply(softmaxCrossEntropy, [logits, graph.input('labels')], { name: 'loss' });
  return graph;
}

/** Seeded parameters for `toyNet` of any options. */
export function toyParameters({ depth = 1, seed = 1 } = {}): Parameters {
  const scaled = (length: number, i: number, factor: number) =>
    randomArray(length, 100 * seed + i).map((v) => v * factor);
  const filters = (c: number, i: number) => ({
    shape: [3, 3, c, WIDTH],
    values: scaled(9 * c * WIDTH, i, 1.5 / Math.sqrt(9 * c)),
  });
  const vector = (value: number, i: number) => ({
    shape: [WIDTH],
    values: scaled(WIDTH, i, 0.1).map((v) => v + value),
  });
  const layers = Array.from({ length: depth + 1 }, (_, i) => [
    [`w${i}`, filters(i === 0 ? 1 : WIDTH, 10 * i)],
    [`b${i}`, vector(0, 10 * i + 1)],
    [`s${i}`, vector(1, 10 * i + 2)],
    [`t${i}`, vector(0, 10 * i + 3)],
    [`mean${i}`, vector(0, 10 * i + 4)],
    [`variance${i}`, vector(1, 10 * i + 5)],
  ]);
  return parametersOf({
    ...Object.fromEntries(layers.flat()),
    w: { shape: [WIDTH, CLASSES], values: scaled(WIDTH * CLASSES, 91, 0.6) },
    b: { shape: [CLASSES], values: scaled(CLASSES, 92, 0.1) },
  });
}

/** Noisy pictures of four kinds of stripes, and which kind each is. */
export function toyBatch(size: number, seed: number): { x: Float32Array; labels: Float32Array } {
  const noise = randomArray(size * SIDE * SIDE, seed);
  const labels = Float32Array.from({ length: size }, (_, n) => (n * 7 + seed) % CLASSES);
  const stripe = [
    (y: number) => y % 2,
    (_: number, x: number) => x % 2,
    (y: number, x: number) => (x + y) % 2,
    (y: number, x: number) => ((x >> 1) + (y >> 1)) % 2,
  ];
  const x = noise.map((value, i) => {
    const [n, y, column] = [Math.floor(i / SIDE / SIDE), Math.floor(i / SIDE) % SIDE, i % SIDE];
    return stripe[labels[n]!]!(y, column) * 2 - 1 + value * 0.3;
  });
  return { x, labels };
}

export const toyInputs = (size: number) => ({ x: [size, SIDE, SIDE, 1], labels: [size] });
