import { InputError } from '../../core/errors.ts';
import { sha256 } from '../../core/sha256.ts';
import { elementsOf, formatShape, type Shape } from '../../core/shape.ts';
import { Graph, type Node } from '../../graph/graph.ts';
import { batchNorm } from '../../graph/ops/batch-norm.ts';
import { channelMoments } from '../../graph/ops/channel-moments.ts';
import { pairwiseDistance } from '../../graph/ops/pairwise-distance.ts';
import type { Parameters } from '../../graph/parameters.ts';
import { inferShapes, reachable } from '../../graph/schedule.ts';
import type { BuiltObjective, Objective, ObjectiveSite } from './objectives.ts';

/** A batch normalisation whose running averages are kept: parameters `mean` and `variance`, and the node of its moments. */
export interface RunningNorm {
  readonly moments: string;
  /** How many values a moment goes over. */
  readonly values: number;
  readonly mean: string;
  readonly variance: string;
}

/** What is trained: the encoder's graph with the batch's own moments in its normalisations, and a loss behind it. */
export interface TrainingGraph {
  readonly graph: Graph;
  readonly objective: BuiltObjective;
  readonly norms: readonly RunningNorm[];
  /** Node of the Euclidean distances of all rows to one another. */
  readonly distances: string;
}

/**
 * The graph that trains an encoder, made of the one that it is used by.
 *
 * @param shapes of the encoder's nodes
 * @param learns whether a parameter is trained: a normalisation none of whose parameters is stays frozen
 */
export function trainingGraph(
  encoder: Graph,
  output: string,
  objective: Objective,
  site: ObjectiveSite,
  learns: (parameter: string) => boolean,
  shapes: ReadonlyMap<Node, Shape>,
): TrainingGraph {
  const graph = new Graph();
  const norms: RunningNorm[] = [];
  const copies = new Map<Node, Node>();
  for (const node of encoder.nodes) {
    const inputs = node.inputs.map((input) => copies.get(input)!);
    const { op, name, attributes, parameters } = node;
    if (!op) copies.set(node, graph.input(name));
    else if (op.name === batchNorm.name && trains(node, learns)) {
      const moments = `${name}/moments`;
      graph.apply(channelMoments, inputs, { name: moments });
      const shape = shapes.get(node)!;
      const values = elementsOf(shape) / shape.at(-1)!;
      norms.push({ moments, values, mean: parameters.mean!, variance: parameters.variance! });
      copies.set(node, graph.apply(op, inputs, { name, attributes: { ...attributes, mode: 'train' }, parameters }));
    } else copies.set(node, graph.apply(op, inputs, { name, attributes, parameters }));
    if (name === output) break;
  }
  const embeddings = copies.get(encoder.node(output))!;
  const distances = 'objective/all-distances';
  graph.apply(pairwiseDistance, [embeddings], { name: distances, attributes: { metric: 'euclidean' } });
  return { graph, objective: objective.build(graph, embeddings, site), norms, distances };
}

/** @throws InputError unless the graph has one input. */
export function onlyInput(graph: Graph): string {
  const inputs = graph.nodes.filter((node) => !node.op);
  if (inputs.length !== 1)
    throw new InputError(
      `trainEmbedding: the graph must have one input, got ${inputs.map(({ name }) => name).join(', ') || 'none'}`,
    );
  return inputs[0]!.name;
}

/** Shapes of the encoder's nodes. @throws InputError where the output is no embedding, [N, D]. */
export function shapesOf(
  graph: Graph,
  output: string,
  inputs: Readonly<Record<string, Shape>>,
  parameters: Parameters,
): Map<Node, Shape> {
  const node = graph.node(output);
  const shapes = inferShapes(reachable(graph, [node]), inputs, parameters);
  const shape = shapes.get(node)!;
  if (shape.length !== 2)
    throw new InputError(`trainEmbedding: node "${output}" must hold embeddings, [N,D], got ${formatShape(shape)}`);
  return shapes;
}

const trains = ({ parameters }: Node, learns: (parameter: string) => boolean): boolean =>
  [parameters.scale, parameters.shift].some((name) => name !== undefined && learns(name));

/** Says which graph: equal for equal nodes, attributes and names of parameters. */
export const graphHash = (graph: Graph): string =>
  sha256(
    new TextEncoder().encode(
      JSON.stringify(
        graph.nodes.map(({ name, op, inputs, attributes, parameters }) => [
          name,
          op?.name,
          inputs.map((input) => input.id),
          attributes,
          parameters,
        ]),
      ),
    ),
  );
