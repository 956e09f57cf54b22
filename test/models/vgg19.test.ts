import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/core/errors.ts';
import { elementsOf } from '../../src/core/shape.ts';
import { parametersOf } from '../../src/graph/parameters.ts';
import { plan } from '../../src/graph/plan.ts';
import { vgg19 } from '../../src/models/vgg19.ts';
import { createEngine } from '../../src/runtime/create-engine.ts';
import { randomArray } from '../support/random.ts';

const seeded = (tensors: ReadonlyMap<string, readonly number[]>) =>
  parametersOf(
    Object.fromEntries(
      Array.from(tensors, ([name, shape], i) => [
        name,
        { shape, values: randomArray(elementsOf(shape), i).map((v) => v / 16) },
      ]),
    ),
  );

describe('vgg19', () => {
  it('has the published parameters, and builds nothing behind the last layer', () => {
    const count = (to?: string) =>
      [...vgg19(to === undefined ? {} : { to }).tensors.values()].reduce((sum, shape) => sum + elementsOf(shape), 0);
    expect(count()).toBe(20_024_384);
    expect(count('conv5_1')).toBe(12_944_960);
    expect(vgg19({ to: 'conv1_2' }).graph.nodes.map(({ name }) => name)).toEqual([
      'image',
      'conv1_1/linear',
      'conv1_1',
      'conv1_2/linear',
      'conv1_2',
    ]);
  });

  it('is planned with the multiply-accumulates of its definition', () => {
    const { graph, tensors } = vgg19({ to: 'conv2_1' });
    const planned = plan(graph, {
      parameters: seeded(tensors),
      inputs: { image: [1, 256, 256, 3] },
      engine: createEngine(),
    });
    const macs = planned.steps.reduce((sum, step) => sum + step.macs, 0);
    expect(macs / 1e9).toBeCloseTo((256 * 256 * 9 * (3 * 64 + 64 * 64) + 128 * 128 * 9 * 64 * 128) / 1e9, 6);
    expect(planned.outputs.get('conv2_1')).toEqual([1, 128, 128, 128]);
  });

  it('says which layers there are', () => {
    expect(() => vgg19({ to: 'conv6_1' })).toThrow(InputError);
    expect(() => vgg19({ to: 'conv6_1' })).toThrow('no layer is called "conv6_1"; there are conv1_1, conv1_2, pool1');
  });
});
