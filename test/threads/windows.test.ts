import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { elementsOf, type Shape } from '../../src/core/shape.ts';
import { Graph } from '../../src/graph/graph.ts';
import type { Op } from '../../src/graph/op.ts';
import { averagePool } from '../../src/graph/ops/average-pool.ts';
import { depthwiseConv } from '../../src/graph/ops/depthwise-conv.ts';
import { maxPool } from '../../src/graph/ops/max-pool.ts';
import { parametersOf } from '../../src/graph/parameters.ts';
import { plan } from '../../src/graph/plan.ts';
import { createEngine } from '../../src/runtime/create-engine.ts';
import type { Engine } from '../../src/runtime/engine.ts';
import { randomArray } from '../support/random.ts';

/** The bits of the values and gradients of one op. */
function bitsOf(engine: Engine, op: Op, input: Shape, attributes: object, filters?: Shape) {
  const graph = new Graph();
  const parameters = filters && { filters: { shape: filters, values: randomArray(elementsOf(filters), 2) } };
  graph.apply(op, [graph.input('x')], {
    name: 'y',
    attributes,
    parameters: parameters ? { filters: 'filters' } : {},
  });
  const made = plan(graph, {
    parameters: parametersOf(parameters ?? {}),
    inputs: { x: input },
    engine,
    gradients: { nodes: ['x'], parameters: 'all' },
  });
  const { y } = made.run({ x: randomArray(elementsOf(input), 1) });
  const gradients = made.backward({ y: randomArray(y!.length, 4) });
  made.close();
  const arrays = [y!, gradients.nodes.x!, ...Object.values(gradients.parameters)];
  return arrays.map((array) => Buffer.from(array.buffer).toString('base64'));
}

describe('ops with windows, cut into rows for threads', () => {
  let engines: Engine[];
  beforeAll(async () => {
    engines = await Promise.all([1, 2, 3].map((threads) => createEngine({ threads })));
  });
  afterAll(() => {
    for (const engine of engines) engine.close();
  });

  it.each<[string, Op<never>, Shape, object, Shape?]>([
    ['max pooling', maxPool, [1, 97, 95, 64], { size: 3, stride: 1, padding: 1 }],
    ['average pooling', averagePool, [2, 61, 63, 48], { size: 3, stride: 1, padding: 1 }],
    ['max pooling in 3D', maxPool, [1, 21, 31, 33, 12], { size: 3, stride: [1, 2, 1] }],
    ['max pooling, windows apart', maxPool, [2, 96, 95, 64], { size: 2 }],
    ['average pooling in 3D', averagePool, [1, 12, 41, 33, 24], { size: [2, 3, 3], stride: [2, 1, 2] }],
    ['depthwise, in tiles', depthwiseConv, [1, 71, 73, 64], { padding: 'same' }, [3, 3, 64, 1]],
    ['depthwise, strided', depthwiseConv, [1, 111, 113, 96], { padding: 'same', stride: 2 }, [3, 3, 96, 1]],
    ['depthwise, strided and dilated', depthwiseConv, [3, 91, 93, 32], { stride: 2, dilation: 3 }, [3, 3, 32, 1]],
    ['depthwise in 3D, strided', depthwiseConv, [1, 13, 61, 42, 20], { stride: [1, 2, 1] }, [3, 3, 3, 20, 1]],
    ['depthwise in 3D', depthwiseConv, [1, 13, 21, 22, 20], { padding: 'same' }, [3, 3, 3, 20, 1]],
  ])('%s: the same bits for 1, 2 and 3', (_, op, input, attributes, filters) => {
    const [one, ...others] = engines.map((engine) => bitsOf(engine, op as Op, input, attributes, filters));
    for (const bits of others) for (const [i, text] of bits.entries()) expect(text === one![i]).toBe(true);
  });
});
