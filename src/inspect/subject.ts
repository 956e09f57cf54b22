import { InputError } from '../core/errors.ts';
import type { Shape } from '../core/shape.ts';
import { Graph } from '../graph/graph.ts';
import type { Parameters } from '../graph/parameters.ts';
import { copyPart } from '../models/copy-part.ts';
import type { FeatureNetwork } from '../models/feature-network.ts';

/** A network to look into: pictures, sounds or volumes go in. */
export interface Subject {
  readonly name: string;
  /** Layers by name, shallow to deep; other nodes of its graph can be asked for as well. */
  readonly layers: readonly string[];
  /** Name of the graph's input. */
  readonly input: string;
  readonly parameters: Parameters;
  /**
   * The graph for samples of `shape`, [1, …spatial, C], up to the deepest of `to`, made anew at each call.
   * @throws InputError where it takes no samples of that shape, or no layer has that name.
   */
  graph(shape: Shape, to: readonly string[]): Graph;
}

/** A feature network as what is looked into: pictures [1,H,W,C] of values 0 … 255. */
export const networkSubject = (network: FeatureNetwork): Subject => ({
  name: network.name,
  layers: network.layers,
  input: 'image',
  parameters: network.parameters,
  graph: ([, height, width], to) => network.graph({ height: height!, width: width! }, { to }),
});

export interface GraphSubjectOptions {
  /** Default: `'network'`. */
  readonly name?: string;
  readonly graph: Graph;
  readonly parameters: Parameters;
  /** Default: every node that is computed, in order. */
  readonly layers?: readonly string[];
}

/**
 * Any graph of one input as what is looked into: one over sounds [1,W,C] or volumes [1,D,H,W,C], say.
 * @throws InputError where the graph has no input or several.
 */
export function graphSubject({ name = 'network', graph, parameters, layers }: GraphSubjectOptions): Subject {
  const inputs = graph.nodes.filter(({ op }) => !op);
  if (inputs.length !== 1)
    throw new InputError(
      `${name}: expected a graph of one input, got ${inputs.map((node) => node.name).join(', ') || 'none'}`,
    );
  return {
    name,
    layers: layers ?? graph.nodes.filter(({ op }) => op).map((node) => node.name),
    input: inputs[0]!.name,
    parameters,
    graph(_, to) {
      const copy = new Graph();
      copyPart(
        copy,
        graph,
        to,
        (input) => copy.input(input.name),
        (op) => op,
      );
      return copy;
    },
  };
}
