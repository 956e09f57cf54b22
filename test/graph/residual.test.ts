import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Shape } from '../../src/core/shape.ts';
import { Graph, type Node } from '../../src/graph/graph.ts';
import { add } from '../../src/graph/ops/add.ts';
import { conv } from '../../src/graph/ops/conv.ts';
import { relu } from '../../src/graph/ops/relu.ts';
import { parametersOf } from '../../src/graph/parameters.ts';
import { plan } from '../../src/graph/plan.ts';
import { createEngine } from '../../src/runtime/create-engine.ts';
import type { Engine } from '../../src/runtime/engine.ts';
import { randomArray } from '../support/random.ts';

const CHANNELS = 24;
const filters = (kernel: readonly number[], seed: number) => {
  const shape = [...kernel, CHANNELS, CHANNELS];
  const count = shape.reduce((a, b) => a * b);
  return { shape, values: randomArray(count, seed).map((value) => value / Math.sqrt(count / CHANNELS)) };
};

/** A dense block: y₁ = relu(conv(x)), each further convolution added to all before it, its sum read by a ReLU and the next. */
function denseBlock(convolutions = 3): Graph {
  const graph = new Graph();
  let active: Node = graph.input('x');
  let sum: Node | undefined;
  for (let i = 0; i < convolutions; i++) {
    const parameters = { filters: `w${i}`, bias: `b${i}` };
    const y = graph.apply(conv, [active], { name: `conv${i}`, attributes: { padding: 'same' }, parameters });
    const before = sum;
    if (before) sum = graph.apply(add, i % 2 ? [before, y] : [y, before], { name: `sum${i}` });
    active = graph.apply(relu, [sum ?? y], { name: `relu${i}` });
    sum ??= active;
  }
  return graph;
}

describe('a sum behind a convolution', () => {
  const counts = [1, 2, 3];
  let engines: Engine[];
  beforeAll(async () => {
    engines = await Promise.all(counts.map((threads) => createEngine({ threads })));
  });
  afterAll(() => {
    for (const engine of engines) engine.close();
  });

  it.each<[string, Shape, number[]]>([
    ['gemm', [1, 7, 7, CHANNELS], [1, 1]],
    ['gemm', [1, 67, 61, CHANNELS], [1, 1]],
    ['single_cell', [3, 1, 1, CHANNELS], [3, 3]],
    ['winograd_4x4', [1, 19, 17, CHANNELS], [3, 3]],
    ['winograd_3d_4x4', [1, 5, 19, 17, CHANNELS], [3, 3, 3]],
    ['direct', [1, 300, CHANNELS], [5]],
  ])('%s on %j: the bits of two steps, on 1 to 3 threads', (kernel, shape, window) => {
    const graph = denseBlock();
    const parameters = parametersOf(
      Object.fromEntries(
        [0, 1, 2].flatMap((i) => [
          [`w${i}`, filters(window, i)],
          [`b${i}`, { shape: [CHANNELS], values: randomArray(CHANNELS, 9 + i) }],
        ]),
      ),
    );
    const x = randomArray(
      shape.reduce((a, b) => a * b),
      5,
    );
    const taps = graph.nodes.slice(1).map(({ name }) => name);
    const apart = plan(graph, { parameters, inputs: { x: shape }, outputs: taps, gradients: { nodes: ['x'] } });
    const expected = apart.run({ x });
    expect(apart.steps.map(({ last }) => last.name)).toEqual(taps);
    for (const engine of engines) {
      const fused = plan(graph, { parameters, inputs: { x: shape }, engine });
      expect(fused.steps.map(({ last }) => last.name)).toEqual(['relu0', 'relu1', 'relu2']);
      expect(fused.describe()).toMatch(new RegExp(`relu1 +${kernel} \\+ add \\+ relu \\+ and sum1 `));
      expect(fused.describe()).toMatch(new RegExp(`relu2 +${kernel} \\+ add \\+ relu `));
      const { relu2 } = fused.run({ x });
      expect(Buffer.from(relu2!.buffer).equals(Buffer.from(expected.relu2!.buffer))).toBe(true);
    }
  });

  /** Names of the steps of x → conv y → add, where `other` gives what is added. */
  function stepsOf(other: (graph: Graph, x: Node, y: () => Node) => readonly [Node, Node], options: object = {}) {
    const graph = new Graph();
    const x = graph.input('x');
    const make = (name: string) => graph.apply(conv, [x], { name, parameters: { filters: 'w' } });
    graph.apply(
      add,
      other(graph, x, () => make('y')),
      { name: 'sum' },
    );
    const parameters = parametersOf({ w: filters([1, 1], 1) });
    const made = plan(graph, { parameters, inputs: { x: [1, 4, 5, CHANNELS] }, ...options });
    return made.steps.map(({ last }) => last.name);
  }

  it('is taken by the later of two', () => {
    const two = (graph: Graph, x: Node, y: () => Node) =>
      [y(), graph.apply(conv, [x], { name: 'z', parameters: { filters: 'w' } })] as const;
    expect(stepsOf(two)).toEqual(['y', 'sum']);
  });

  it('stands alone where the other value comes later, or both are one', () => {
    const later = (graph: Graph, x: Node, y: () => Node) => {
      const first = y();
      return [first, graph.apply(relu, [x], { name: 'later' })] as const;
    };
    expect(stepsOf(later)).toEqual(['y', 'later', 'sum']);
    const twice = (_: Graph, __: Node, y: () => Node) => {
      const one = y();
      return [one, one] as const;
    };
    expect(stepsOf(twice)).toEqual(['y', 'sum']);
  });

  it('stands alone where the convolution is an output, or the plan has gradients', () => {
    const plain = (_: Graph, x: Node, y: () => Node) => [x, y()] as const;
    expect(stepsOf(plain)).toEqual(['sum']);
    expect(stepsOf(plain, { outputs: ['y', 'sum'] })).toEqual(['y', 'sum']);
    expect(stepsOf(plain, { gradients: { nodes: ['x'] } })).toEqual(['y', 'sum']);
  });
});
