import { InputError } from '../core/errors.ts';
import type { Shape } from '../core/shape.ts';
import { Graph, type Node } from '../graph/graph.ts';
import { averagePool } from '../graph/ops/average-pool.ts';
import { conv } from '../graph/ops/conv.ts';
import { maxPool } from '../graph/ops/max-pool.ts';
import { relu } from '../graph/ops/relu.ts';

/** Output channels and number of the convolutions of each block. */
const BLOCKS = [
  [64, 2],
  [128, 2],
  [256, 4],
  [512, 4],
  [512, 4],
] as const;

export interface Vgg19Options {
  /** Name of the last node that is built: nothing behind it is made, and no weights of it are needed. Default: `pool5`. */
  readonly to?: string;
  /** Gatys et al. paint with average pooling; the network was trained with max pooling. Default: `'max'`. */
  readonly pooling?: 'max' | 'average';
}

/** The network without its weights: the graph, and the shapes that its tensors must have. */
export interface Vgg19 {
  readonly graph: Graph;
  readonly tensors: ReadonlyMap<string, Shape>;
}

/**
 * The convolutions of VGG-19 (Simonyan & Zisserman 2014, configuration E), what style transfer is defined on.
 * Input `image` [N,H,W,3]. `conv4_2` is a convolution after its ReLU, `conv4_2/linear` before it; `pool1` … `pool5` halve
 * both sides. Tensors `conv4_2/filters` [3,3,C,Co] and `conv4_2/bias` [Co].
 * @throws InputError where no node is called `to`
 */
export function vgg19({ to = 'pool5', pooling = 'max' }: Vgg19Options = {}): Vgg19 {
  const graph = new Graph();
  const tensors = new Map<string, Shape>();
  let x = graph.input('image');
  let channels = 3;
  for (const [made, name, width] of layers()) {
    x = made === 'conv' ? convolution(graph, tensors, x, name, channels, width) : pool(graph, x, name, pooling);
    channels = width;
    if (name === to) return { graph, tensors };
  }
  throw new InputError(
    `vgg19: no layer is called "${to}"; there are ${layers()
      .map(([, name]) => name)
      .join(', ')}`,
  );
}

/** Names of the convolutions, shallow to deep. */
export const vgg19Layers = (): string[] => layers().flatMap(([made, name]) => (made === 'conv' ? [name] : []));

const layers = (): (readonly ['conv' | 'pool', string, number])[] =>
  BLOCKS.flatMap(([width, count], block) => [
    ...Array.from({ length: count }, (_, i) => ['conv', `conv${block + 1}_${i + 1}`, width] as const),
    ['pool', `pool${block + 1}`, width] as const,
  ]);

function convolution(graph: Graph, tensors: Map<string, Shape>, x: Node, name: string, from: number, to: number): Node {
  tensors.set(`${name}/filters`, [3, 3, from, to]);
  tensors.set(`${name}/bias`, [to]);
  const linear = graph.apply(conv, [x], {
    name: `${name}/linear`,
    attributes: { padding: 'same' },
    parameters: { filters: `${name}/filters`, bias: `${name}/bias` },
  });
  return graph.apply(relu, [linear], { name });
}

const pool = (graph: Graph, x: Node, name: string, pooling: 'max' | 'average'): Node =>
  graph.apply(pooling === 'max' ? maxPool : averagePool, [x], { name, attributes: { size: 2 } });
