import type { Shape } from '../core/shape.ts';
import { inferShapes, reachable } from '../graph/schedule.ts';
import type { FeatureNetwork, PictureSize } from '../models/feature-network.ts';

/** What features are taken from. */
interface Site {
  readonly network: FeatureNetwork;
  readonly size: PictureSize;
  readonly pooling: 'max' | 'average';
}

/** Shapes [1,h,w,C] of some layers for pictures of one size. @throws InputError, ShapeError where the size does not serve */
export function layerShapes({ network, size, pooling }: Site, layers: readonly string[]): ReadonlyMap<string, Shape> {
  if (layers.length === 0) return new Map();
  const graph = network.graph(size, { to: layers, pooling });
  const nodes = layers.map((layer) => graph.node(layer));
  const image = [1, size.height, size.width, network.input.channels];
  const shapes = inferShapes(reachable(graph, nodes), { image }, network.parameters);
  return new Map(nodes.map((node) => [node.name, shapes.get(node)!]));
}
