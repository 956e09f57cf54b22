import { InputError } from '../core/errors.ts';
import { type Shape, sameShape } from '../core/shape.ts';
import type { SeenCells } from '../core/window.ts';
import type { Graph, Node } from './graph.ts';
import { identity, type Site } from './op.ts';
import type { Parameters } from './parameters.ts';
import { inferShapes, parameterShapes, reachable } from './schedule.ts';

/**
 * What the units of a layer see of one spatial axis of the network's input: unit i sees the `size` cells from
 * i·`stride` − `padding` on. Cells outside the input are padding. Where all units see all of the input, the stride is 0.
 */
export interface ReceptiveAxis {
  /** Cells that a unit sees; the most, where an op that enlarges makes it differ from unit to unit. */
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
}

export interface ReceptiveFieldOptions {
  /** Shapes of the graph's inputs, by name: `'same'` padding depends on them. */
  readonly inputs: Readonly<Record<string, Shape>>;
  /** Their shapes hold the sizes of windows; `shapesOnly` makes a store of just those. */
  readonly parameters: Parameters;
  /** Which input is looked at. Default: the only one. */
  readonly input?: string;
}

/**
 * The receptive field of a layer, an entry for each spatial axis of the input (1 to 3): through k windows in a row it is
 * r = 1 + Σ (reachₗ − 1) · Π_{i<l} strideᵢ, and branches that meet are united. Zeros that an op puts around its input belong
 * to it; a field larger than the input is not clipped.
 *
 * @example
 * receptiveField(graph, 'pool5', { inputs: { image: [1, 224, 224, 3] }, parameters }); // [{ size: 212, stride: 32, padding: 90 }, …]
 * @throws InputError where no layer or input has that name, or the layer does not depend on the input; ShapeError
 * @see Araujo, Norris & Sim 2019, Computing Receptive Fields of Convolutional Neural Networks
 */
export function receptiveField(graph: Graph, layer: string, options: ReceptiveFieldOptions): ReceptiveAxis[] {
  return receptiveFields(graph, [layer], options).get(layer)!;
}

/** The receptive fields of several layers, in one walk through the graph. @throws as `receptiveField` */
export function receptiveFields(
  graph: Graph,
  layers: readonly string[],
  { inputs, parameters, input }: ReceptiveFieldOptions,
): Map<string, ReceptiveAxis[]> {
  const wanted = layers.map((name) => graph.node(name));
  const nodes = reachable(graph, wanted);
  const shapes = inferShapes(nodes, inputs, parameters);
  const source = sourceOf(graph, nodes, input);
  const whole = spatial(shapes.get(source) ?? []).map((size): SeenCells => ({ stride: 0, first: 0, last: size - 1 }));

  const seen = new Map<Node, readonly SeenCells[]>();
  seen.set(
    source,
    whole.map(() => ({ stride: 1, first: 0, last: 0 })),
  );
  for (const node of nodes) {
    const site = siteOf(node, shapes, parameters);
    const parts = node.inputs.flatMap((from) => {
      const before = seen.get(from);
      if (!before) return [];
      const own = seenBy(node, site, shapes.get(from)!);
      return [own === 'everything' ? whole : before.map((axis, i) => through(axis, own[i]!))];
    });
    if (parts.length > 0)
      seen.set(
        node,
        parts.reduce((a, b) => a.map((axis, i) => united(axis, b[i]!, whole[i]!))),
      );
  }
  return new Map(
    wanted.map((node) => {
      const axes = seen.get(node);
      if (!axes) throw new InputError(`receptiveField: "${node.name}" does not depend on input "${source.name}"`);
      return [node.name, axes.map(axisOf)] as const;
    }),
  );
}

const spatial = (shape: Shape): Shape => shape.slice(1, -1);

function sourceOf(graph: Graph, nodes: readonly Node[], name: string | undefined): Node {
  const inputs = nodes.filter((node) => !node.op);
  const source = name === undefined && inputs.length === 1 ? inputs[0]! : name === undefined ? name : graph.node(name);
  if (source && !source.op) return source;
  throw new InputError(
    `receptiveField: input must be one of ${inputs.map((node) => node.name).join(', ')}, got ${name ?? 'none'}`,
  );
}

const siteOf = (node: Node, shapes: ReadonlyMap<Node, Shape>, parameters: Parameters): Site => ({
  attributes: node.attributes,
  inputs: node.inputs.map((input) => shapes.get(input)!),
  output: shapes.get(node)!,
  parameters: parameterShapes(node, parameters),
  activation: identity,
  kernel: '',
});

function seenBy(node: Node, site: Site, input: Shape): readonly SeenCells[] | 'everything' {
  const stated = node.op?.seen?.(site);
  if (stated) return stated;
  const same = input.length > 2 && sameShape(spatial(input), spatial(site.output));
  return same ? spatial(input).map(() => ({ stride: 1, first: 0, last: 0 })) : 'everything';
}

/** What is seen of an axis through `own`, an op's cells behind those that `before` stands for. */
const through = (before: SeenCells, own: SeenCells): SeenCells => ({
  stride: before.stride * own.stride,
  first: before.stride * own.first + before.first,
  last: before.stride * own.last + before.last,
});

/** Both of two branches; ones that move at different speeds have no field less than the whole in common. */
const united = (a: SeenCells, b: SeenCells, whole: SeenCells): SeenCells =>
  a.stride === b.stride
    ? { stride: a.stride, first: Math.min(a.first, b.first), last: Math.max(a.last, b.last) }
    : whole;

const axisOf = ({ stride, first, last }: SeenCells): ReceptiveAxis => ({
  size: Math.floor(last - first) + 1,
  stride,
  padding: first === 0 ? 0 : -first,
});

/** The cells of one axis that unit `index` sees, those in the padding included. */
export function cellsOfUnit({ size, stride, padding }: ReceptiveAxis, index: number): { first: number; size: number } {
  return { first: Math.ceil(index * stride - padding), size };
}
