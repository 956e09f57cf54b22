import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { elementsOf, type Shape } from '../../src/core/shape.ts';
import { Graph } from '../../src/graph/graph.ts';
import type { Op } from '../../src/graph/op.ts';
import { conv } from '../../src/graph/ops/conv.ts';
import { convTranspose } from '../../src/graph/ops/conv-transpose.ts';
import { dense } from '../../src/graph/ops/dense.ts';
import { parametersOf } from '../../src/graph/parameters.ts';
import { plan } from '../../src/graph/plan.ts';
import { createEngine } from '../../src/runtime/create-engine.ts';
import type { Engine } from '../../src/runtime/engine.ts';
import { randomArray } from '../support/random.ts';

/** The first place at which two arrays are not the same bits, −1 where there is none: a matcher takes seconds for them. */
function bitsDiffer(a: Float32Array | undefined, b: Float32Array): number {
  const [x, y] = [a, b].map((array) => array && new Int32Array(array.buffer, array.byteOffset, array.length));
  if (x?.length !== y!.length) return 0;
  return x.findIndex((word, i) => word !== y![i]);
}

/** Forward and every gradient of one op, as arrays by name. */
function resultsOf(engine: Engine, op: Op, input: Shape, filters: Shape, attributes: object) {
  const graph = new Graph();
  const x = graph.input('x');
  graph.apply(op, [x], { name: 'y', attributes, parameters: { filters: 'filters', bias: 'bias' } });
  const channels = op === convTranspose ? filters.at(-2)! : filters.at(-1)!;
  const gradients = op.backward ? { nodes: ['x'], parameters: 'all' as const } : undefined;
  const planned = plan(graph, {
    parameters: parametersOf({
      filters: { shape: filters, values: randomArray(elementsOf(filters), 2) },
      bias: { shape: [channels], values: randomArray(channels, 3) },
    }),
    inputs: { x: input },
    engine,
    ...(gradients && { gradients }),
  });
  const { y } = planned.run({ x: randomArray(elementsOf(input), 1) });
  const backward = gradients && planned.backward({ y: randomArray(y!.length, 4) });
  planned.close();
  return { kernel: planned.steps[0]!.site.kernel, arrays: { y: y!, ...backward?.nodes, ...backward?.parameters } };
}

describe('threads', () => {
  const counts = [1, 2, 3, 4];
  let engines: Engine[];
  beforeAll(async () => {
    engines = await Promise.all(counts.map((threads) => createEngine({ threads })));
  });
  afterAll(() => {
    for (const engine of engines) engine.close();
  });

  it('are as many as were asked for', () => {
    expect(engines.map(({ threads }) => threads)).toEqual(counts);
  });

  it.each<[string, string, Op, Shape, Shape, object]>([
    ['Winograd, many blocks', 'winograd_4x4', conv, [1, 44, 43, 64], [3, 3, 64, 64], { padding: 'same' }],
    ['Winograd on large maps', 'winograd_6x6', conv, [2, 61, 63, 64], [3, 3, 64, 64], { padding: 'same' }],
    ['Winograd on large maps, few blocks', 'winograd_6x6', conv, [1, 47, 48, 128], [3, 3, 128, 136], { padding: 1 }],
    ['Winograd, few blocks', 'winograd_4x4', conv, [1, 31, 32, 128], [3, 3, 128, 136], { padding: 1 }],
    ['Winograd, two blocks and a part', 'winograd_4x4', conv, [5, 21, 22, 160], [3, 3, 160, 128], { padding: 'valid' }],
    ['Winograd on small maps', 'winograd_2x2', conv, [1, 6, 2, 256], [3, 3, 256, 256], { padding: 'same' }],
    ['Winograd, a tile over', 'winograd_6x6', conv, [1, 17, 17, 64], [3, 3, 64, 64], { padding: 'same' }],
    ['polyphase', 'polyphase', conv, [2, 75, 71, 3], [7, 7, 3, 32], { stride: 2, padding: 'same' }],
    ['polyphase, wide', 'polyphase', conv, [1, 31, 1000, 5], [5, 5, 5, 16], { stride: 2, padding: 1 }],
    ['a product', 'gemm', conv, [1, 33, 31, 64], [1, 1, 64, 72], {}],
    ['direct, strided', 'direct', conv, [2, 45, 47, 13], [3, 5, 13, 24], { stride: [2, 3], padding: 2 }],
    ['direct, groups and dilation', 'direct', conv, [1, 40, 41, 24], [3, 3, 8, 30], { groups: 3, dilation: 2 }],
    ['direct in 1D', 'direct', conv, [1, 4001, 7], [31, 7, 16], { stride: 2, padding: 'same' }],
    ['direct in 3D', 'direct', conv, [1, 9, 14, 15, 6], [3, 3, 3, 6, 20], { padding: 1 }],
    ['Winograd in 3D', 'winograd_3d_4x4', conv, [1, 18, 31, 30, 16], [3, 3, 3, 16, 24], { padding: 1 }],
    [
      'transposed',
      'scatter',
      convTranspose,
      [1, 20, 21, 32],
      [4, 4, 24, 32],
      { stride: 2, padding: 1, size: [40, 42] },
    ],
    ['dense, many rows', 'gemm', dense, [700, 64], [64, 72], {}],
    ['dense, one row', 'gemm', dense, [1, 2048], [2048, 1100], {}],
  ])('%s: the same bits for 1, 2, 3 and 4', (_, kernel, op, input, filters, attributes) => {
    const expected = resultsOf(createEngine(), op, input, filters, attributes);
    expect(expected.kernel).toBe(kernel);
    for (const engine of engines) {
      const { arrays } = resultsOf(engine, op, input, filters, attributes);
      for (const [name, values] of Object.entries(expected.arrays))
        expect(bitsDiffer(arrays[name as keyof typeof arrays], values), `${name} on ${engine.threads} threads`).toBe(
          -1,
        );
    }
  });
});
