import type { Shape } from '../core/shape.ts';
import { Graph, type Node } from '../graph/graph.ts';
import { contentLoss } from '../graph/ops/content-loss.ts';
import { mask } from '../graph/ops/mask.ts';
import { styleLoss } from '../graph/ops/style-loss.ts';
import { totalVariation } from '../graph/ops/total-variation.ts';
import { layerShapes } from './features.ts';
import { contentNormalization, type Goal, type LayerWeight } from './objective.ts';

/** One loss of the graph: entry 0 of a node's output, and its factor in J. */
export interface LossTerm {
  readonly part: 'content' | 'style' | 'variation';
  readonly node: string;
  readonly weight: number;
}

/** Where the graph is told the activations that a content layer is to have. */
export const contentTarget = (layer: string): string => `${contentName(layer)}/target`;
const contentName = (layer: string): string => `loss/content/${layer}`;

const counted = (layers: readonly LayerWeight[]): readonly LayerWeight[] => layers.filter(({ weight }) => weight > 0);

/**
 * The graph of J: the network with the losses of each layer right behind it, for what stands between a layer and its
 * loss has to be kept.
 */
export class LossGraph {
  readonly graph = new Graph();
  readonly terms: LossTerm[] = [];
  /** Layers that have a content loss: `contentTarget` of each is still to be given. */
  readonly contentLayers: readonly string[];
  /** What else is fixed: Gram matrices and masks, by the names of the graph's inputs. */
  readonly data: Record<string, Float32Array> = {};
  readonly inputs: Record<string, Shape> = {};
  readonly #goal: Goal;
  readonly #shapes: ReadonlyMap<string, Shape>;

  constructor(goal: Goal) {
    const { network, size, pooling } = goal;
    const content = counted(goal.contentLayers);
    const style = goal.styles.length > 0 ? counted(goal.styleLayers) : [];
    const layers = [...new Set([...content, ...style].map(({ layer }) => layer))];
    this.#goal = goal;
    this.#shapes = layerShapes(goal, layers);
    this.contentLayers = content.map(({ layer }) => layer);
    // With no layer, the picture's own variation is all there is.
    const from = network.graph(size, { to: layers.length > 0 ? layers : network.layers.slice(0, 1), pooling });
    const copies = new Map<Node, Node>();
    for (const node of from.nodes) {
      const copy = this.#copy(node, copies);
      copies.set(node, copy);
      if (!node.op) this.#variation(copy);
      for (const { weight } of content.filter(({ layer }) => layer === node.name)) this.#content(copy, weight);
      for (const { weight } of style.filter(({ layer }) => layer === node.name)) this.#style(copy, weight);
    }
  }

  #copy({ op, name, inputs, attributes, parameters }: Node, copies: ReadonlyMap<Node, Node>): Node {
    if (op)
      return this.graph.apply(
        op,
        inputs.map((input) => copies.get(input)!),
        { name, attributes, parameters },
      );
    const { network, size } = this.#goal;
    this.inputs[name] = [1, size.height, size.width, network.input.channels];
    return this.graph.input(name);
  }

  #variation(image: Node): void {
    const { weight, ...attributes } = this.#goal.variation;
    if (weight === 0) return;
    this.#term('variation', this.graph.apply(totalVariation, [image], { name: 'loss/variation', attributes }), weight);
  }

  #content(layer: Node, weight: number): void {
    const target = this.#input(contentTarget(layer.name), this.#shapes.get(layer.name)!);
    const attributes = { normalization: contentNormalization[this.#goal.normalization] };
    const name = contentName(layer.name);
    this.#term('content', this.graph.apply(contentLoss, [layer, target], { name, attributes }), weight);
  }

  #style(layer: Node, weight: number): void {
    const shape = this.#shapes.get(layer.name)!;
    for (const [i, style] of this.#goal.styles.entries()) {
      const name = `loss/style/${i}/${layer.name}`;
      const target = this.#input(`${name}/target`, [shape.at(-1)!, shape.at(-1)!], style.grams.get(layer.name)!);
      let seen = layer;
      if (style.masks) {
        const factors = this.#input(`${name}/mask`, [...shape.slice(0, -1), 1], style.masks.get(layer.name)!);
        seen = this.graph.apply(mask, [layer, factors], { name: `${name}/masked` });
      }
      const attributes = { normalization: this.#goal.normalization };
      this.#term('style', this.graph.apply(styleLoss, [seen, target], { name, attributes }), weight * style.weight);
    }
  }

  #input(name: string, shape: Shape, values?: Float32Array): Node {
    this.inputs[name] = shape;
    if (values) this.data[name] = values;
    return this.graph.input(name);
  }

  #term(part: LossTerm['part'], { name }: Node, weight: number): void {
    // The kernels are told weights as float32: the value counts with what the gradient is computed with.
    this.terms.push({ part, node: name, weight: Math.fround(weight) });
  }
}
