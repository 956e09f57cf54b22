import { InputError } from '../../core/errors.ts';
import type { Node } from '../../graph/graph.ts';
import { inferShapes } from '../../graph/schedule.ts';
import { type FeatureNetwork, type OwnFeaturesOptions, ownFeatures } from '../feature-network.ts';
import type { LayersModel } from './tfjs-layers.ts';

/** What a model does not say of itself: its layers by default, and what its pixels are. */
export type LayersFeaturesOptions = Partial<Omit<OwnFeaturesOptions, 'graph' | 'parameters'>>;

/** Side that a picture of any size is taken for. */
const ANY = 224;

/**
 * A tfjs layers model that takes pictures as a feature network. Its layers are, unless told, its feature maps behind an
 * activation. State `mean` and `divisor`, by which it expects pixels of 0 … 255: `divisor: 255` for 0 … 1.
 *
 * @throws InputError where it does not take one picture of 1 or 3 channels, or an option is out of range.
 *
 * @example
 * const darknet = layersFeatures(await loadLayersModel('darknet/model.json'), { divisor: 255 });
 */
export function layersFeatures(model: LayersModel, options: LayersFeaturesOptions = {}): FeatureNetwork {
  const [[name, shape] = ['', []], ...others] = [...model.inputs];
  const [height, width, channels] = shape;
  if (others.length > 0 || shape.length !== 3 || (channels !== 1 && channels !== 3))
    throw new InputError(
      `${model.name}: it must take one picture [height,width,1 or 3], got ${JSON.stringify([...model.inputs.values()])}`,
    );
  const usualSize = Math.max(height ?? ANY, width ?? ANY);
  const { graph, parameters } = model;
  const shapes = inferShapes(
    graph.nodes,
    { [name]: [1, height ?? usualSize, width ?? usualSize, channels] },
    parameters,
  );
  const maps = graph.nodes.filter((node) => shapes.get(node)!.length === 4);
  return ownFeatures({
    name: model.name,
    layers: settled(maps),
    ...options,
    graph,
    parameters,
    input: { channels, usualSize, ...options.input },
  });
}

/** Maps behind an activation; where there are none, all. */
function settled(maps: readonly Node[]): string[] {
  const active = maps.filter(({ op }) => op?.activation);
  const found = active.length > 0 ? active : maps.filter(({ op }) => op);
  return found.map(({ name }) => name);
}
