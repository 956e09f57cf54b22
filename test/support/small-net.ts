import type { Shape } from '../../src/core/shape.ts';
import { Graph, type Node } from '../../src/graph/graph.ts';
import { add } from '../../src/graph/ops/add.ts';
import { conv } from '../../src/graph/ops/conv.ts';
import { dense } from '../../src/graph/ops/dense.ts';
import { globalAveragePool } from '../../src/graph/ops/global-average-pool.ts';
import { maxPool } from '../../src/graph/ops/max-pool.ts';
import { relu } from '../../src/graph/ops/relu.ts';
import { type Parameters, parametersOf } from '../../src/graph/parameters.ts';
import { graphSubject, type Subject } from '../../src/inspect/subject.ts';
import { randomArray } from './random.ts';

/**
 * A network of all that real ones have, over `rank` spatial axes: conv1 → ReLU → pool1 → conv2 → ReLU → conv3 + pool1, ReLU
 * → pool3 → mean → classes. Seeded weights with biases, so that some units are off.
 */
export function smallNet(rank: 1 | 2 | 3, channels = 3): { graph: Graph; parameters: Parameters; subject: Subject } {
  const graph = new Graph();
  const tensors: Record<string, { shape: Shape; values: Float32Array }> = {};
  const tensor = (name: string, shape: number[], scale: number): string => {
    const count = shape.reduce((a, b) => a * b);
    tensors[name] = { shape, values: randomArray(count, Object.keys(tensors).length + 7).map((v) => v * scale) };
    return name;
  };
  const convolve = (name: string, x: Node, from: number, to: number): Node =>
    graph.apply(conv, [x], {
      name: `${name}/linear`,
      attributes: { padding: 'same' },
      parameters: {
        filters: tensor(
          `${name}/filters`,
          [...new Array<number>(rank).fill(3), from, to],
          1 / Math.sqrt(3 ** rank * from),
        ),
        bias: tensor(`${name}/bias`, [to], 0.1),
      },
    });
  const active = (name: string, x: Node): Node => graph.apply(relu, [x], { name });
  const pool = (name: string, x: Node): Node => graph.apply(maxPool, [x], { name, attributes: { size: 2 } });
  const pool1 = pool('pool1', active('conv1', convolve('conv1', graph.input('x'), channels, 6)));
  const conv2 = active('conv2', convolve('conv2', pool1, 6, 6));
  const sum = graph.apply(add, [convolve('conv3', conv2, 6, 6), pool1], { name: 'sum' });
  const pool3 = pool('pool3', active('conv3', sum));
  const mean = graph.apply(globalAveragePool, [pool3], { name: 'mean' });
  graph.apply(dense, [mean], { name: 'classes', parameters: { filters: tensor('w', [6, 4], 0.5) } });
  const parameters = parametersOf(tensors);
  const layers = ['conv1', 'conv2', 'conv3', 'classes'];
  return { graph, parameters, subject: graphSubject({ name: 'small', graph, parameters, layers }) };
}
