import { type Command, Option } from 'commander';
import { type ReceptiveAxis, receptiveFields } from '../../graph/receptive-field.ts';
import { inferShapes, reachable } from '../../graph/schedule.ts';
import { graphNames, type KnownGraph, knownGraph } from '../inspect/known-graphs.ts';
import { parseLayers } from '../inspect/options.ts';
import { examples, prose } from '../options.ts';
import type { Session } from '../session.ts';
import { columns } from '../text.ts';
import { parseNumber } from '../train-options.ts';

interface ReceptiveFieldCommandOptions {
  readonly json?: true;
  readonly size?: number;
  readonly layers?: readonly string[];
}

/** Ops behind which a layer is one: what they give is what people mean by it. */
const LAYERS = new Set([
  'relu',
  'leakyRelu',
  'clip',
  'maxPool',
  'averagePool',
  'globalAveragePool',
  'dense',
  'l2Normalize',
]);

/** Layers of a network, shallow to deep; convolutions without an activation, as logits, among them. */
function layersOf({ graph }: KnownGraph): string[] {
  const read = new Set(graph.nodes.flatMap(({ inputs }) => inputs));
  return graph.nodes.filter((node) => node.op && (LAYERS.has(node.op.name) || !read.has(node))).map(({ name }) => name);
}

/** One number where all axes agree, else one each: "7", "7 × 5". */
const each = (axes: readonly ReceptiveAxis[], of: keyof ReceptiveAxis): string => {
  const values = axes.map((axis) => axis[of]);
  return new Set(values).size === 1 ? String(values[0]) : values.join(' × ');
};

/** `facsimile receptive-field MODEL`: what units of its layers see. */
export function addReceptiveField(program: Command, session: Session): void {
  program
    .command('receptive-field')
    .summary('tell what the units of a network see')
    .description(
      prose(`Tell the receptive field of each layer: how many pixels a unit sees (size), how far neighbours are apart (stride), and how
far the first one hangs over the edge (padding). Unit i sees pixels i·stride − padding … i·stride − padding + size − 1.
No weights are needed.

MODEL is ${graphNames.join(', ')}, or a file that "facsimile train" wrote.`),
    )
    .argument('<model>', 'name of a network, or file of an encoder')
    .option('--size <pixels>', 'side of the pictures (default: as the network is used)', parseNumber(1, true))
    .option('--layers <list>', 'only these: conv1,pool1', parseLayers)
    .addOption(new Option('--json', 'print one JSON document a line, one for each layer'))
    .addHelpText('after', examples('receptive-field vgg_16', 'receptive-field faces --layers conv32_3,conv64_3 --json'))
    .action(
      session.action(async (model: string, { size, layers }: ReceptiveFieldCommandOptions) => {
        const known = await knownGraph(model, size);
        const { graph, parameters, input, shape } = known;
        const wanted = layers ?? layersOf(known);
        const inputs = { [input]: shape };
        const fields = receptiveFields(graph, wanted, { inputs, parameters, input });
        const shapes = inferShapes(
          reachable(
            graph,
            wanted.map((name) => graph.node(name)),
          ),
          inputs,
          parameters,
        );
        const lines = wanted.map((layer) => ({
          layer,
          shape: shapes.get(graph.node(layer))!.slice(1),
          axes: fields.get(layer)!,
        }));
        const rows = lines.map(({ layer, shape: of, axes }) => [
          layer,
          of.join(' × '),
          each(axes, 'size'),
          each(axes, 'stride'),
          each(axes, 'padding'),
        ]);
        return {
          text: `${model} for an input of ${shape.slice(1).join(' × ')}:\n${columns([['layer', 'map', 'size', 'stride', 'padding'], ...rows])}`,
          json: lines.map(({ layer, shape: of, axes }) => ({
            model,
            layer,
            shape: of,
            size: axes.map((axis) => axis.size),
            stride: axes.map((axis) => axis.stride),
            padding: axes.map((axis) => axis.padding),
          })),
        };
      }),
    );
}
