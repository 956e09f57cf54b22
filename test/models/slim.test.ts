import { describe, expect, it } from 'vitest';
import { elementsOf, type Shape } from '../../src/core/shape.ts';
import { shapesOnly } from '../../src/graph/parameters.ts';
import { inferShapes } from '../../src/graph/schedule.ts';
import { alexnetV2 } from '../../src/models/slim/alexnet-v2.ts';
import { resnetV150 } from '../../src/models/slim/resnet-v1-50.ts';
import { vgg16 } from '../../src/models/slim/vgg-16.ts';

/** Numbers of TF-slim's networks: parameters, and shapes of layers at 224 (nets/*_test.py). */
const networks = [
  {
    build: vgg16,
    parameters: 138_357_544,
    shapes: {
      pool1: [1, 112, 112, 64],
      'conv5/conv5_3': [1, 14, 14, 512],
      pool5: [1, 7, 7, 512],
      fc8: [1, 1, 1, 1000],
    },
  },
  {
    build: alexnetV2,
    parameters: 50_303_912,
    shapes: { conv1: [1, 54, 54, 64], pool2: [1, 12, 12, 192], pool5: [1, 5, 5, 256], fc8: [1, 1, 1, 1000] },
  },
  {
    build: resnetV150,
    // 25,557,032 with a classifier of 2,049,000; two moments a channel beside.
    parameters: 23_508_032 + 53_120,
    shapes: {
      pool1: [1, 56, 56, 64],
      block1: [1, 28, 28, 256],
      block3: [1, 7, 7, 1024],
      block4: [1, 7, 7, 2048],
      global_pool: [1, 2048],
    },
  },
];

describe.each(networks)('$build.name', ({ build, parameters, shapes }) => {
  const { graph, tensors, bind, input, outputs } = build();

  it('has the parameters of the published one', () =>
    expect([...tensors.values()].reduce((sum, shape) => sum + elementsOf(shape), 0)).toBe(parameters));

  it('has its shapes', () => {
    const image = [1, input.size, input.size, 3];
    const inferred = inferShapes(graph.nodes, { image }, bind(shapesOnly(tensors)));
    for (const [layer, shape] of Object.entries(shapes))
      expect(inferred.get(graph.node(layer)), layer).toEqual(shape as Shape);
    expect(outputs).toEqual([graph.nodes.at(-1)!.name]);
  });
});
