import type { Shape } from '../core/shape.ts';
import type { Graph } from '../graph/graph.ts';
import { gram } from '../graph/ops/gram.ts';
import { mask } from '../graph/ops/mask.ts';
import { plan } from '../graph/plan.ts';
import type { FeatureNetwork, PictureSize } from '../models/feature-network.ts';
import type { Engine } from '../runtime/engine.ts';
import { layerShapes } from './features.ts';
import { MEMORY_BUDGET } from './memory-budget.ts';
import type { NetworkPicture } from './picture.ts';

/** What targets are computed with. */
export interface TargetSite {
  readonly network: FeatureNetwork;
  readonly pooling: 'max' | 'average';
  readonly engine: Engine;
}

/** Activations [1,h,w,C] of a picture, by layer: what a content loss wants to find again. */
export function featuresOf(
  site: TargetSite,
  { size, values }: NetworkPicture,
  layers: readonly string[],
): Map<string, Float32Array> {
  if (layers.length === 0) return new Map();
  const graph = site.network.graph(size, { to: layers, pooling: site.pooling });
  const results = runOnce(site, graph, { image: imageShape(site.network, size) }, layers, { image: values });
  return new Map(layers.map((layer) => [layer, results[layer]!]));
}

/**
 * Gram matrices [C,C] of a picture, divided by its positions, by layer: what a style loss wants to find again.
 * @param masks Factors [h,w] of each layer's positions
 */
export function gramsOf(
  site: TargetSite,
  { size, values }: NetworkPicture,
  layers: readonly string[],
  masks?: ReadonlyMap<string, Float32Array>,
): Map<string, Float32Array> {
  if (layers.length === 0) return new Map();
  const { network, pooling } = site;
  const graph = network.graph(size, { to: layers, pooling });
  const shapes = layerShapes({ ...site, size }, layers);
  const inputs: Record<string, Shape> = { image: imageShape(network, size) };
  const data: Record<string, Float32Array> = { image: values };
  for (const layer of layers) {
    let features = graph.node(layer);
    const factors = masks?.get(layer);
    if (factors) {
      const name = `gram/${layer}/mask`;
      inputs[name] = [...shapes.get(layer)!.slice(0, -1), 1];
      data[name] = factors;
      features = graph.apply(mask, [features, graph.input(name)], { name: `gram/${layer}/masked` });
    }
    graph.apply(gram, [features], { name: `gram/${layer}`, attributes: { divisor: 'positions' } });
  }
  const outputs = layers.map((layer) => `gram/${layer}`);
  const results = runOnce(site, graph, inputs, outputs, data);
  return new Map(layers.map((layer) => [layer, results[`gram/${layer}`]!]));
}

/** Runs a graph once. Its workspace goes back at once: the objective, which is made next, has one of its own. */
function runOnce(
  { network, engine }: TargetSite,
  graph: Graph,
  inputs: Readonly<Record<string, Shape>>,
  outputs: readonly string[],
  data: Readonly<Record<string, Float32Array>>,
): Record<string, Float32Array> {
  const { parameters } = network;
  const results = plan(graph, { engine, parameters, inputs, outputs, memoryBudget: MEMORY_BUDGET }).run(data);
  engine.releaseWorkspace();
  return results;
}

const imageShape = ({ input }: FeatureNetwork, { height, width }: PictureSize): Shape => [
  1,
  height,
  width,
  input.channels,
];
