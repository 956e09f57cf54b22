import { elementsOf, type Shape } from '../../core/shape.ts';
import type { Graph, Node } from '../../graph/graph.ts';
import { contentLoss } from '../../graph/ops/content-loss.ts';
import { crop } from '../../graph/ops/crop.ts';
import { gram } from '../../graph/ops/gram.ts';
import { mask } from '../../graph/ops/mask.ts';
import type { PlanOptions } from '../../graph/plan.ts';
import { inferShapes } from '../../graph/schedule.ts';
import { MEMORY_BUDGET } from '../memory-budget.ts';
import type { Tile, TilePart, Tiling } from './tiling.ts';
import type { TileWork } from './work.ts';

/** Names of the nodes of a tile's graph. */
const own = (layer: string): string => `own/${layer}`;
export const target = (layer: string): string => `target/${layer}`;
export const loss = (layer: string): string => `loss/${layer}`;
export const gramName = (layer: string, masked?: string): string =>
  masked === undefined ? `gram/${layer}` : `gram/${layer}/${masked}`;
export const maskName = (layer: string, masked: string): string => `mask/${layer}/${masked}`;

/** The network on a tile's crop, and what is asked of the tile's own units. */
export interface TileGraph {
  readonly graph: Graph;
  readonly inputs: Readonly<Record<string, Shape>>;
  /** Layers of `content` and `grams` of which this tile has units. */
  readonly content: readonly string[];
  readonly grams: TileWork['grams'];
  /** Names of the nodes of the tile's own units, by layer. */
  readonly own: ReadonlyMap<string, string>;
}

/** Builds the graph of all tiles of one kind. */
export function tileGraph({ site, crop: size }: Tiling, { parts }: Tile, work: TileWork): TileGraph {
  const { network, pooling } = site;
  const content = work.content.filter((layer) => parts.has(layer));
  const grams = work.grams.filter(({ layer }) => parts.has(layer));
  const layers = [...new Set([...content, ...grams.map(({ layer }) => layer)])];
  const graph = network.graph(size, { to: layers, pooling });
  const image = [1, size.height, size.width, network.input.channels];
  const shapes = inferShapes(graph.nodes, { image }, network.parameters);
  const inputs: Record<string, Shape> = { image };
  const nodes = new Map(layers.map((layer) => [layer, ownNode(graph, layer, shapes, parts.get(layer)!)]));
  const partOf = (layer: string, channels: number): Shape => {
    const { y, x } = parts.get(layer)!;
    return [1, y.count, x.count, channels];
  };
  const input = (name: string, shape: Shape): Node => {
    inputs[name] = shape;
    return graph.input(name);
  };
  for (const layer of content) {
    const channels = shapes.get(graph.node(layer))!.at(-1)!;
    const wanted = input(target(layer), partOf(layer, channels));
    graph.apply(contentLoss, [nodes.get(layer)!, wanted], { name: loss(layer) });
  }
  for (const { layer, masked } of grams) {
    let features = nodes.get(layer)!;
    if (masked !== undefined)
      features = graph.apply(mask, [features, input(maskName(layer, masked), partOf(layer, 1))]);
    graph.apply(gram, [features], { name: gramName(layer, masked) });
  }
  return { graph, inputs, content, grams, own: new Map([...nodes].map(([layer, { name }]) => [layer, name])) };
}

/** The tile's own units of a layer: what is halo is cut off. */
function ownNode(graph: Graph, layer: string, shapes: ReadonlyMap<Node, Shape>, { y, x }: TilePart): Node {
  const node = graph.node(layer);
  const [, h, w] = shapes.get(node)!;
  const before = [0, y.first, x.first, 0];
  const after = [0, h! - y.first - y.count, w! - x.first - x.count, 0];
  if (y.count === h && x.count === w) return node;
  return graph.apply(crop, [node], { name: own(layer), attributes: { before, after } });
}

/** What all plans of tiles have in common. They lie in the engine's workspace, one at a time. */
export const tilePlanOptions = (
  { site }: Tiling,
  { inputs, content, grams }: TileGraph,
  outputs = [...content.map(loss), ...grams.map(({ layer, masked }) => gramName(layer, masked))],
): Omit<PlanOptions, 'engine'> => ({
  parameters: site.network.parameters,
  inputs,
  outputs,
  memoryBudget: MEMORY_BUDGET,
  workspace: 'shared',
});

/** Copies a crop of a picture [H,W,C] to `to`. */
export function readCrop({ site, crop: size }: Tiling, { y, x }: Tile, picture: Float32Array, to: Float32Array): void {
  const channels = site.network.input.channels;
  const row = size.width * channels;
  for (let i = 0; i < size.height; i++) {
    const from = ((y.start + i) * site.size.width + x.start) * channels;
    to.set(picture.subarray(from, from + row), i * row);
  }
}

/** Adds a crop to a picture [H,W,C]. */
export function addCrop({ site, crop: size }: Tiling, { y, x }: Tile, picture: Float32Array, crop: Float32Array): void {
  const channels = site.network.input.channels;
  const row = size.width * channels;
  for (let i = 0, at = 0; i < size.height; i++) {
    const from = ((y.start + i) * site.size.width + x.start) * channels;
    for (let k = 0; k < row; k++) picture[from + k]! += crop[at++]!;
  }
}

/** A tile's part of factors [h,w] of all positions of a layer. */
export function partOfMask({ y, x }: TilePart, shape: Shape, factors: Float32Array): Float32Array {
  const part = new Float32Array(y.count * x.count);
  for (let i = 0; i < y.count; i++) {
    const from = (y.at + i) * shape[2]! + x.at;
    part.set(factors.subarray(from, from + x.count), i * x.count);
  }
  return part;
}

/** An array for a crop of the picture. */
export const cropArray = ({ site, crop: { height, width } }: Tiling): Float32Array<ArrayBuffer> =>
  new Float32Array(elementsOf([height, width, site.network.input.channels]));
