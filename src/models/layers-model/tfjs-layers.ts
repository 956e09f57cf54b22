import { InputError, ShapeError, WeightsError } from '../../core/errors.ts';
import { formatShape, type Shape } from '../../core/shape.ts';
import { Graph, type Node } from '../../graph/graph.ts';
import { type Parameter, Parameters } from '../../graph/parameters.ts';
import { inferShapes } from '../../graph/schedule.ts';
import { KerasConfig, type LayersShape } from './keras-config.ts';
import type { KerasTarget } from './keras-layer.ts';
import { kerasLayers } from './keras-layers.ts';
import { type KerasLayer, parseTopology } from './tfjs-topology.ts';

/** A tfjs layers model as a graph with its weights. */
export interface LayersModel {
  readonly name: string;
  /** Every layer is a node of its name; with an activation of its own, `name/linear` is before that. */
  readonly graph: Graph;
  readonly parameters: Parameters;
  /** Shapes of the inputs, by name, for one example; null where any size will do. */
  readonly inputs: ReadonlyMap<string, LayersShape>;
  /** Names of the nodes that hold the results. */
  readonly outputs: readonly string[];
}

export interface LayersModelOptions {
  /**
   * Drops the last spatial axis, which must be one cell wide throughout: a network of [k,1] windows on [L,1,C] becomes
   * one of windows k on [L,C], with the same values. Default: false.
   */
  readonly dropUnitAxis?: boolean;
}

/** What an axis of any size is taken for while the graph is made. */
const ANY = 224;

/**
 * Makes a graph of a tfjs layers model (Keras's, sequential or functional), as far as it is made of convolutions,
 * pooling, batch normalisation (frozen), dense layers and the usual activations.
 *
 * @param json The model's `model.json`, parsed.
 * @param weights Its weights, by their names in the manifest.
 * @throws InputError naming the layer that is not supported, and the option of it; WeightsError naming the tensor.
 */
export function importLayers(json: unknown, weights: Parameters, options: LayersModelOptions = {}): LayersModel {
  const { name, layers, outputs } = parseTopology(json);
  const model = new LayerGraph(layers, weights, options.dropUnitAxis ? 1 : 0);
  for (const layer of layers) model.add(layer);
  try {
    model.shapes();
  } catch (error) {
    if (error instanceof ShapeError) throw new InputError(`tfjs layers: ${name}: ${error.message}`, { cause: error });
    throw error;
  }
  const { graph, inputs } = model;
  const parameters = new Parameters(model.parameters);
  return { name, graph, parameters, inputs, outputs: outputs.map((output) => model.node(output).name) };
}

/** A graph while layers are put into it. */
class LayerGraph implements KerasTarget {
  readonly graph = new Graph();
  readonly parameters = new Map<string, Parameter>();
  readonly inputs = new Map<string, LayersShape>();
  readonly #layers: readonly KerasLayer[];
  readonly #weights: Parameters;
  readonly #dropped: 0 | 1;
  readonly #nodes = new Map<string, Node>();

  constructor(layers: readonly KerasLayer[], weights: Parameters, dropped: 0 | 1) {
    this.#layers = layers;
    this.#weights = weights;
    this.#dropped = dropped;
  }

  /** The node that holds what a layer gives. */
  node(layer: string): Node {
    return this.#nodes.get(layer)!;
  }

  add(layer: KerasLayer): void {
    this.#nodes.set(layer.name, this.#make(layer));
  }

  #make(layer: KerasLayer): Node {
    const config = new KerasConfig(layer, this.#dropped);
    const read = layer.inputs.map((input) => this.node(input));
    if (layer.kind === 'InputLayer') {
      this.inputs.set(layer.name, this.#inputShape(config));
      return this.graph.input(layer.name);
    }
    // Its input has that shape already.
    if (layer.kind === 'Reshape' && this.inputs.has(read[0]!.name)) return read[0]!;
    const make = kerasLayers[layer.kind];
    if (!make)
      return config.refuse(`such layers are not supported; those that are: ${Object.keys(kerasLayers).join(', ')}`);
    return make(config, read, this);
  }

  /** An input takes the shape to which the layer behind brings it. */
  #inputShape(config: KerasConfig): LayersShape {
    const given = config.inputShape();
    const readers = this.#layers.filter(({ inputs }) => inputs.includes(config.layer.name));
    const reshape = readers.find(({ kind }) => kind === 'Reshape');
    if (!reshape) return config.dropLast(given);
    const target = new KerasConfig(reshape, this.#dropped);
    if (readers.length > 1) target.refuse('the input that it brings into shape must have no other reader');
    const shape = target.targetShape();
    const elements = (sizes: LayersShape): number => sizes.reduce<number>((product, size) => product * (size ?? 1), 1);
    if (!shape.includes(-1) && elements(shape) !== elements(given))
      target.refuse(`target_shape ${JSON.stringify(shape)} does not hold what ${JSON.stringify(given)} holds`);
    return target.dropLast(shape.includes(-1) ? [elements(given)] : shape);
  }

  // Layers take this object apart.
  readonly weight = ({ layer }: KerasConfig, role: string, axis?: number): string => {
    const name = weightOf(this.#weights, layer, role);
    const parameter = this.#weights.get(name);
    this.parameters.set(name, this.#dropped && axis !== undefined ? withoutAxis(name, parameter, axis) : parameter);
    return name;
  };

  readonly rank = (node: Node): number => {
    const { length } = this.shapes().get(node)!;
    return length > 2 ? length + this.#dropped : length;
  };

  /** Shapes of all nodes so far, for one example. */
  shapes(): Map<Node, Shape> {
    const sizes = Array.from(
      this.inputs,
      ([input, shape]) => [input, [1, ...shape.map((size) => size ?? ANY)]] as const,
    );
    return inferShapes(this.graph.nodes, Object.fromEntries(sizes), new Parameters(this.parameters));
  }
}

/** `layer/kernel`, with whatever scopes in front. */
function weightOf(weights: Parameters, { name }: KerasLayer, role: string): string {
  const wanted = `${name}/${role}`;
  if (weights.has(wanted)) return wanted;
  const found = weights.names.filter((candidate) => candidate.endsWith(`/${wanted}`));
  if (found.length === 1) return found[0]!;
  throw new WeightsError(
    `tfjs layers: tensor "${wanted}" is ${found.length === 0 ? 'missing' : 'there several times'}`,
  );
}

function withoutAxis(name: string, parameter: Parameter, axis: number): Parameter {
  if (parameter.shape[axis] !== 1)
    throw new InputError(
      `tfjs layers: axis ${axis} of "${name}" ${formatShape(parameter.shape)} cannot be dropped: it is not 1`,
    );
  return { shape: parameter.shape.filter((_, i) => i !== axis), read: (into) => parameter.read(into) };
}
