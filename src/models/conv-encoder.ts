import { InputError } from '../core/errors.ts';
import { elementsOf, type Shape } from '../core/shape.ts';
import { Graph, type Node } from '../graph/graph.ts';
import { batchNorm } from '../graph/ops/batch-norm.ts';
import { conv } from '../graph/ops/conv.ts';
import { dense } from '../graph/ops/dense.ts';
import { flatten } from '../graph/ops/flatten.ts';
import { globalAveragePool } from '../graph/ops/global-average-pool.ts';
import { l2Normalize } from '../graph/ops/l2-normalize.ts';
import { maxPool } from '../graph/ops/max-pool.ts';
import { relu } from '../graph/ops/relu.ts';
import type { Parameters } from '../graph/parameters.ts';
import { type InitialTensor, initialParameters } from './initialise.ts';

export interface ConvEncoderOptions {
  /** Side of square pictures, or [width] of sequences, [height, width] of pictures, [depth, height, width] of volumes. Default: 28. */
  readonly size?: number | readonly number[];
  /** Default: 1. */
  readonly channels?: number;
  /**
   * Filters of each block; a block is a convolution of 3 cells along each axis, batch normalisation, a ReLU and a max pool.
   * Default: four of 64.
   */
  readonly filters?: readonly number[];
  /** Whether each block halves every axis. Default: all do, as long as there are two cells to halve. */
  readonly pool?: readonly boolean[];
  /** Whether the last block's mean over all positions is taken, not their list: where something is says nothing then. Default: false. */
  readonly average?: boolean;
  /** Numbers in an embedding: a fully connected layer behind the blocks. 0: none, the last block's values. Default: 128. */
  readonly embedding?: number;
  /** Embeddings have length 1. Default: true. */
  readonly normalized?: boolean;
}

/** An encoder that is yet to be trained: its graph, what goes in, and how its tensors start. */
export interface Encoder {
  readonly graph: Graph;
  /** Name of the graph's input, [N, …size, channels]. */
  readonly input: string;
  /** Name of the node that holds embeddings, [N, embedding]. */
  readonly output: string;
  /** Shape of one example. */
  readonly shape: Shape;
  readonly tensors: ReadonlyMap<string, InitialTensor>;
  /** Parameters before training; equal seeds give equal ones. */
  initialise(seed: number): Parameters;
}

/**
 * A small convolutional encoder f(x): blocks of 3×3 convolution → batch normalisation → ReLU → 2×2 max pool (the one of
 * matching and prototypical networks with its defaults, Vinyals et al. 2016, Snell et al. 2017), then a fully connected
 * layer. Sequences and volumes have windows of 3 and 2 along one or three axes. Its batch normalisation is frozen, as for
 * inference; a trainer gives it the batch's own moments.
 *
 * @throws InputError naming the option that is out of range.
 */
export function convEncoder(options: ConvEncoderOptions = {}): Encoder {
  const {
    size = 28,
    channels = 1,
    filters = [64, 64, 64, 64],
    pool = [],
    average = false,
    embedding = 128,
    normalized = true,
  } = options;
  let sizes: readonly number[] = typeof size === 'number' ? [size, size] : size;
  check(options, sizes);
  const shape = [...sizes, channels];
  const window = sizes.map(() => 3);
  const graph = new Graph();
  const tensors = new Map<string, InitialTensor>();
  const tensor = (name: string, of: Shape, initialiser: InitialTensor['initialiser']): string => {
    tensors.set(name, { shape: of, initialiser });
    return name;
  };

  let x: Node = graph.input('image');
  let from = channels;
  for (const [i, to] of filters.entries()) {
    const block = `block${i + 1}`;
    x = graph.apply(conv, [x], {
      name: `${block}/conv`,
      attributes: { padding: 'same' },
      parameters: { filters: tensor(`${block}/conv/filters`, [...window, from, to], 'he') },
    });
    const vector = (part: string, initialiser: InitialTensor['initialiser']): string =>
      tensor(`${block}/norm/${part}`, [to], initialiser);
    x = graph.apply(batchNorm, [x], {
      name: `${block}/norm`,
      attributes: { mode: 'frozen' },
      parameters: {
        scale: vector('scale', 'ones'),
        shift: vector('shift', 'zeros'),
        mean: vector('mean', 'zeros'),
        variance: vector('variance', 'ones'),
      },
    });
    x = graph.apply(relu, [x], { name: `${block}/relu` });
    if ((pool[i] ?? true) && Math.min(...sizes) >= 2) {
      x = graph.apply(maxPool, [x], { name: block, attributes: { size: 2, stride: 2 } });
      sizes = sizes.map((cells) => Math.floor(cells / 2));
    }
    from = to;
  }
  x = graph.apply(average ? globalAveragePool : flatten, [x], { name: 'features' });
  const positions = average ? 1 : elementsOf(sizes);
  if (embedding > 0)
    x = graph.apply(dense, [x], {
      name: 'head',
      parameters: {
        filters: tensor('head/filters', [positions * from, embedding], 'glorot'),
        bias: tensor('head/bias', [embedding], 'zeros'),
      },
    });
  if (normalized) x = graph.apply(l2Normalize, [x], { name: 'embedding' });
  return {
    graph,
    input: 'image',
    output: x.name,
    shape,
    tensors,
    initialise: (seed) => initialParameters(tensors, seed),
  };
}

function check(options: ConvEncoderOptions, sizes: readonly number[]): void {
  const { channels = 1, filters = [64], embedding = 128 } = options;
  const whole = (name: string, value: number, least: number): void => {
    if (!Number.isInteger(value) || value < least)
      throw new InputError(`convEncoder: ${name} must be a whole number of at least ${least}, got ${value}`);
  };
  if (sizes.length < 1 || sizes.length > 3)
    throw new InputError(
      `convEncoder: size must be a number, or one for each of 1 to 3 axes, got [${sizes.join(', ')}]`,
    );
  for (const cells of sizes) whole('size', cells, 1);
  whole('channels', channels, 1);
  whole('embedding', embedding, 0);
  if (filters.length === 0) throw new InputError('convEncoder: filters must name a block or more, got none');
  for (const count of filters) whole('filters', count, 1);
}
