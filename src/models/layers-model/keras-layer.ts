import type { Graph, Node } from '../../graph/graph.ts';
import { clip } from '../../graph/ops/clip.ts';
import { relu } from '../../graph/ops/relu.ts';
import { sigmoid } from '../../graph/ops/sigmoid.ts';
import { softmax } from '../../graph/ops/softmax.ts';
import { tanh } from '../../graph/ops/tanh.ts';
import type { KerasConfig } from './keras-config.ts';

/** Where a layer's nodes go. */
export interface KerasTarget {
  readonly graph: Graph;
  /**
   * Name of a weight of the layer, for the graph.
   * @param axis That is dropped of it where the graph drops one.
   */
  weight(config: KerasConfig, role: string, axis?: number): string;
  /** Axes that a node has in the model. */
  rank(node: Node): number;
}

/** Makes the nodes of a layer; the last has the layer's name. */
export type MakeLayer = (config: KerasConfig, inputs: readonly Node[], target: KerasTarget) => Node;

/** Activations by their names in Keras; `linear` is none. */
const activations: Readonly<Record<string, (graph: Graph, x: Node, name: string) => Node>> = {
  relu: (graph, x, name) => graph.apply(relu, [x], { name }),
  relu6: (graph, x, name) => graph.apply(clip, [x], { name, attributes: { lo: 0, hi: 6 } }),
  sigmoid: (graph, x, name) => graph.apply(sigmoid, [x], { name }),
  tanh: (graph, x, name) => graph.apply(tanh, [x], { name }),
  softmax: (graph, x, name) => graph.apply(softmax, [x], { name }),
};

/** A layer with an activation behind: `name/linear` and `name`, or `name` alone. */
export function activated(config: KerasConfig, graph: Graph, make: (name: string) => Node): Node {
  const { name } = config.layer;
  const activation = config.text('activation', 'linear');
  if (activation === 'linear') return make(name);
  const apply = activations[activation];
  if (!apply)
    return config.refuse(
      `activation ${activation} is not supported; known are linear, ${Object.keys(activations).join(', ')}`,
    );
  return apply(graph, make(`${name}/linear`), name);
}

/** The one node that a layer reads. @throws InputError where there are several. */
export const only = (config: KerasConfig, inputs: readonly Node[]): Node =>
  inputs.length === 1 ? inputs[0]! : config.refuse(`it must read one layer, got ${inputs.length}`);
