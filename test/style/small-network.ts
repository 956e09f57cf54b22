import { elementsOf, type Shape } from '../../src/core/shape.ts';
import { Graph } from '../../src/graph/graph.ts';
import { conv } from '../../src/graph/ops/conv.ts';
import { maxPool } from '../../src/graph/ops/max-pool.ts';
import { relu } from '../../src/graph/ops/relu.ts';
import { parametersOf } from '../../src/graph/parameters.ts';
import { type FeatureNetwork, ownFeatures } from '../../src/models/feature-network.ts';
import type { StyleNormalization } from '../../src/style/normalization.ts';
import { randomArray } from '../support/random.ts';

export const MEAN = [120, 115, 105];
export const DIVISOR = 60;

/** Seeded filters of a network of three convolutions, the first layers of VGG made small. */
const shapes: Readonly<Record<string, Shape>> = {
  'a/filters': [3, 3, 3, 8],
  'a/bias': [8],
  'b/filters': [3, 3, 8, 8],
  'b/bias': [8],
  'c/filters': [3, 3, 8, 12],
  'c/bias': [12],
};

export const tensors: Readonly<Record<string, { shape: Shape; values: Float32Array }>> = Object.fromEntries(
  Object.entries(shapes).map(([name, shape], i) => {
    const scale = shape.length === 1 ? 0.2 : 1.6 / Math.sqrt(elementsOf(shape.slice(0, -1)));
    return [name, { shape, values: randomArray(elementsOf(shape), 40 + i).map((v) => v * scale) }];
  }),
);

/** a → b → pool → c, each a 3×3 convolution with its ReLU. @param first Other first values of tensors, by name */
export function smallNetwork(first: Readonly<Record<string, number>> = {}): FeatureNetwork {
  const graph = new Graph();
  let x = graph.input('image');
  for (const name of ['a', 'b', 'c']) {
    if (name === 'c') x = graph.apply(maxPool, [x], { name: 'pool', attributes: { size: 2 } });
    const parameters = { filters: `${name}/filters`, bias: `${name}/bias` };
    const linear = graph.apply(conv, [x], { name: `${name}/linear`, attributes: { padding: 'same' }, parameters });
    x = graph.apply(relu, [linear], { name });
  }
  const changed = Object.entries(first).map(([name, value]) => {
    const { shape, values } = tensors[name]!;
    return [name, { shape, values: values.with(0, value) }] as const;
  });
  return ownFeatures({
    name: 'small',
    graph,
    parameters: parametersOf({ ...tensors, ...Object.fromEntries(changed) }),
    layers: ['a', 'b', 'c'],
    content: ['c'],
    style: ['a', 'c'],
    input: { channels: 3, usualSize: 16, leastSize: 4 },
    mean: MEAN,
    divisor: DIVISOR,
  });
}

/** Seeded opaque pixels with soft shapes in them. */
export function smallPicture(width: number, height: number, seed: number) {
  const noise = randomArray(width * height * 3, seed);
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++, i++) {
        const soft = ((x * (seed % 5)) / width + (y * (c + 1)) / height) * 60;
        data[(y * width + x) * 4 + c] = Math.min(255, Math.max(0, Math.round(40 + soft + 40 * noise[i]!)));
      }
  return { data, width, height };
}

export const NORMALIZATIONS: readonly StyleNormalization[] = ['relative', 'gatys', 'gatys-pytorch', 'johnson'];
