import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.ts';
import { Graph } from '../../src/graph/graph.ts';
import { conv } from '../../src/graph/ops/conv.ts';
import { maxPool } from '../../src/graph/ops/max-pool.ts';
import { relu } from '../../src/graph/ops/relu.ts';
import { parametersOf } from '../../src/graph/parameters.ts';
import { plan } from '../../src/graph/plan.ts';
import { type OwnFeaturesOptions, ownFeatures } from '../../src/models/feature-network.ts';
import { createEngine } from '../../src/runtime/create-engine.ts';
import { seededVgg19 } from '../support/seeded-vgg19.ts';

/** A network of two layers whose filters pass values on: `first` = relu(x), `second` = relu(the largest of 2×2). */
function passing(options: Partial<OwnFeaturesOptions> = {}) {
  const graph = new Graph();
  const eye = [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const linear = graph.apply(conv, [graph.input('photo')], { name: 'linear', parameters: { filters: 'w' } });
  const first = graph.apply(relu, [linear], { name: 'first' });
  graph.apply(conv, [first], { name: 'beside', parameters: { filters: 'w' } });
  const pooled = graph.apply(maxPool, [first], { name: 'pool', attributes: { size: 2 } });
  graph.apply(relu, [pooled], { name: 'second' });
  const parameters = parametersOf({ w: { shape: [1, 1, 3, 3], values: eye } });
  return ownFeatures({ graph, parameters, layers: ['first', 'second'], ...options });
}

const namesOf = (graph: Graph): string[] => graph.nodes.map(({ name }) => name);

describe('ownFeatures', () => {
  const size = { height: 32, width: 34 };

  it('builds what is wanted and nothing deeper, anew at each call', () => {
    const network = passing({ mean: 128, divisor: 2 });
    const graph = network.graph(size, { to: ['first'] });
    expect(namesOf(graph)).toEqual(['image', 'normalized', 'linear', 'first']);
    graph.apply(relu, [graph.node('first')], { name: 'loss' });
    expect(namesOf(network.graph(size, { to: ['first', 'second'] }))).toEqual([
      'image',
      'normalized',
      'linear',
      'first',
      'pool',
      'second',
    ]);
    expect(namesOf(passing().graph(size, { to: ['linear'] }))).toEqual(['image', 'linear']);
  });

  it('normalises pixels channel by channel, and pools by maxima or averages', () => {
    const network = passing({ mean: [10, 20, 30], divisor: [2, 4, 8] });
    const picture = Float32Array.from({ length: 2 * 2 * 3 }, (_, i) => 40 + i);
    const image = new Float32Array(32 * 32 * 3);
    for (const [y, x] of [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ] as const)
      image.set(picture.subarray((y * 2 + x) * 3, (y * 2 + x) * 3 + 3), (y * 32 + x) * 3);
    const run = (pooling: 'max' | 'average') => {
      const graph = network.graph({ height: 32, width: 32 }, { to: ['first', 'second'], pooling });
      const { parameters } = network;
      const inputs = { image: [1, 32, 32, 3] };
      return plan(graph, { parameters, inputs, outputs: ['first', 'second'], engine: createEngine() }).run({ image });
    };
    const { first, second } = run('max');
    expect([...first!.subarray(0, 3)]).toEqual([15, 5.25, 1.5]);
    expect([...second!.subarray(0, 3)]).toEqual([19.5, 7.5, 2.625]);
    expect([...run('average').second!.subarray(0, 3)]).toEqual([17.25, 6.375, 2.0625]);
  });

  it('takes the last but one layer for content and all for style unless told', () => {
    expect(passing()).toMatchObject({ content: ['first'], style: ['first', 'second'] });
    expect(passing({ layers: ['second'] })).toMatchObject({ content: ['second'], style: ['second'] });
  });

  it.each<[string, Partial<OwnFeaturesOptions>]>([
    ['own network: no layer is called "third"; there are linear, first, beside, pool, second', { layers: ['third'] }],
    ['own network: no layer is called "neck"; there are first, second', { content: ['neck'] }],
    ['mine: mean must be a number, or 3 of them, got [1,2]', { name: 'mine', mean: [1, 2] }],
    ['own network: divisor must be a number, or 3 of them, none 0, got 0', { divisor: 0 }],
    ['own network: leastSize must be a whole number of at least 1, got 0', { input: { leastSize: 0 } }],
    ['own network: it must have a layer or more, got none', { layers: [] }],
    ['own network: its graph must have one input, got none', { graph: new Graph() }],
  ])('says: %s', (message, options) => {
    expect(() => passing(options)).toThrow(InputError);
    expect(() => passing(options)).toThrow(message);
  });

  it('says which sizes and layers there are', () => {
    const network = seededVgg19(1, 'conv1_2');
    const graph = (height: number, width: number, to: string) => () => network.graph({ height, width }, { to: [to] });
    expect(graph(64, 2.5, 'conv1_1')).toThrow('vgg19: pictures must have one or more pixels, got 2.5×64');
    expect(graph(0, 64, 'conv1_1')).toThrow('got 64×0');
    expect(graph(64, 64, 'conv9_9')).toThrow('vgg19: no layer is called "conv9_9"; there are conv1_1, conv1_2');
    expect(() => passing().graph({ height: 1, width: 8 }, { to: ['second'] })).toThrow(
      'own network: pictures of 8×1 pixels do not fit, all its layers take 32×32 and more: maxPool: ',
    );
    expect(namesOf(passing().graph({ height: 1, width: 1 }, { to: ['first'] }))).toContain('first');
    const fixed = passing({ input: { usualSize: 64, fixed: true } });
    expect(() => fixed.graph(size, { to: ['first'] })).toThrow('pictures must have 64×64 pixels, got 34×32');
  });
});
