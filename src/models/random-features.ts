import { InputError } from '../core/errors.ts';
import { nameNumber, Rng } from '../core/rng.ts';
import { elementsOf } from '../core/shape.ts';
import { Graph, type Node } from '../graph/graph.ts';
import { averagePool } from '../graph/ops/average-pool.ts';
import { conv } from '../graph/ops/conv.ts';
import { relu } from '../graph/ops/relu.ts';
import { type Parameter, Parameters } from '../graph/parameters.ts';

export interface RandomFeaturesOptions {
  /** Spatial axes: 1 for sequences, 2 for pictures, 3 for volumes. */
  readonly rank: 1 | 2 | 3;
  /** Default: 1. */
  readonly channels?: number;
  /** Sizes at which the input is looked at, each half of the one before. Default: 4. */
  readonly scales?: number;
  /** Filters of each scale. Default: 32. */
  readonly filters?: number;
  /** Cells along each side of a filter. Default: 5. */
  readonly window?: number;
  /** Default: 1. */
  readonly seed?: number;
}

/** Features of whatever has spatial axes, by filters that nobody trained. */
export interface RandomFeatures {
  /** Its input is `values`, [N, …spatial, channels], of mean 0 and standard deviation 1. */
  readonly graph: Graph;
  /** Nodes that hold features, fine to coarse: after their ReLU. */
  readonly layers: readonly string[];
  readonly parameters: Parameters;
}

/**
 * A network of one layer at several scales: the input and its halves by averaging, each under random filters with a ReLU
 * behind. Its Gram matrices describe textures about as well as those of trained networks do (Ustyuzhaninov, Brendel, Gatys &
 * Bethge 2016, Texture Synthesis Using Shallow Convolutional Networks with Random Filters).
 *
 * Filters are normal and of length 1, so that each answers to noise by variance 1; biases are normal, so that thresholds
 * differ.
 *
 * @throws InputError naming the option that is out of range
 */
export function randomFeatures(options: RandomFeaturesOptions): RandomFeatures {
  const { rank, channels = 1, scales = 4, filters = 32, window = 5, seed = 1 } = options;
  for (const [name, value] of Object.entries({ rank, channels, scales, filters, window }))
    if (!(Number.isInteger(value) && value > 0))
      throw new InputError(`randomFeatures: ${name} must be a whole number above 0, got ${value}`);
  if (rank > 3) throw new InputError(`randomFeatures: rank must be 1, 2 or 3, got ${rank}`);
  const graph = new Graph();
  const tensors: [string, Parameter][] = [];
  const layers: string[] = [];
  let x: Node = graph.input('values');
  for (let scale = 1; scale <= scales; scale++) {
    const name = `scale${scale}`;
    if (scale > 1) x = graph.apply(averagePool, [x], { name: `${name}/half`, attributes: { size: 2, stride: 2 } });
    const shape = [...Array.from({ length: rank }, () => window), channels, filters];
    const rng = new Rng(seed, nameNumber(name));
    const values = filtersOf(elementsOf(shape), filters, rng);
    const bias = Float32Array.from({ length: filters }, () => rng.normal());
    tensors.push([`${name}/filters`, { shape, read: () => values.slice() }]);
    tensors.push([`${name}/bias`, { shape: [filters], read: () => bias.slice() }]);
    const parameters = { filters: `${name}/filters`, bias: `${name}/bias` };
    // Only where a filter lies inside: what stands beside an edge is no part of the texture.
    const linear = graph.apply(conv, [x], { name: `${name}/conv`, attributes: { padding: 'valid' }, parameters });
    layers.push(graph.apply(relu, [linear], { name }).name);
  }
  return { graph, layers, parameters: new Parameters(tensors) };
}

/** Normal values [inputs, filters], each filter brought to length 1. */
function filtersOf(count: number, filters: number, rng: Rng): Float32Array {
  const values = Float64Array.from({ length: count }, () => rng.normal());
  const squares = new Float64Array(filters);
  for (const [i, value] of values.entries()) squares[i % filters]! += value * value;
  return Float32Array.from(values, (value, i) => value / Math.sqrt(squares[i % filters]!));
}
