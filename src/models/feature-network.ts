import { InputError, ShapeError } from '../core/errors.ts';
import { Graph } from '../graph/graph.ts';
import { affine } from '../graph/ops/affine.ts';
import { averagePool } from '../graph/ops/average-pool.ts';
import { maxPool } from '../graph/ops/max-pool.ts';
import { Parameters, parametersOf } from '../graph/parameters.ts';
import { inferShapes } from '../graph/schedule.ts';
import { copyPart } from './copy-part.ts';

/** Height and width of a picture in pixels. */
export interface PictureSize {
  readonly height: number;
  readonly width: number;
}

/** The pictures that a feature network takes. */
export interface FeatureInput {
  /** 1: luminance. 3: red, green, blue. */
  readonly channels: 1 | 3;
  /** Side of the pictures that it was trained on. */
  readonly usualSize: number;
  /** The least height and width that all its layers take; shallow ones take less. */
  readonly leastSize: number;
  /** True where `usualSize` is the only height and width. */
  readonly fixed?: boolean;
}

export interface FeatureGraphOptions {
  /** Names of the nodes that are wanted; nothing deeper is built. */
  readonly to: readonly string[];
  /** `'average'` puts average pooling in place of the network's max pooling, as Gatys et al. paint. Default: `'max'`. */
  readonly pooling?: 'max' | 'average';
}

/** A network with its weights whose layers describe pictures: style transfer paints with it, inspection looks into it. */
export interface FeatureNetwork {
  readonly name: string;
  /** Layers that can be asked for, shallow to deep; each is a node of the graph of that name (after its ReLU). */
  readonly layers: readonly string[];
  /** Layers that style transfer takes unless told otherwise. */
  readonly content: readonly string[];
  readonly style: readonly string[];
  readonly input: FeatureInput;
  readonly parameters: Parameters;
  /**
   * The graph for pictures of one size with input `image` [N,H,W,C] of values 0 … 255 (RGB or luminance; normalisation
   * is its first node, `normalized`), up to the deepest of `to`. A caller may apply further ops (losses) to it: it is
   * made anew at each call.
   *
   * @throws InputError where the size does not suit the network, or a node of `to` is not there.
   */
  graph(size: PictureSize, options: FeatureGraphOptions): Graph;
}

export interface OwnFeaturesOptions {
  /** What errors call it. Default: `'own network'`. */
  readonly name?: string;
  /** The network, with one input; or what builds it for pictures of one size, where its nodes depend on that. */
  readonly graph: Graph | ((size: PictureSize) => Graph);
  readonly parameters: Parameters;
  /** Nodes to take features from, shallow to deep. */
  readonly layers: readonly string[];
  /** Default: the last but one of the layers. */
  readonly content?: readonly string[];
  /** Default: all layers. */
  readonly style?: readonly string[];
  /** Default: RGB of 32 pixels or more, 224 where nothing else is asked for. */
  readonly input?: Partial<FeatureInput>;
  /** The network sees (v − mean) / divisor of values v in 0 … 255, by one number or by one a channel. Default: 0 and 1. */
  readonly mean?: number | readonly number[];
  readonly divisor?: number | readonly number[];
}

/** Name of the graph's input. */
const IMAGE = 'image';
const NORMALIZED = 'normalized';
const [SCALE, SHIFT] = [`${NORMALIZED}/scale`, `${NORMALIZED}/shift`];

/**
 * Makes a feature network of any graph that takes pictures.
 *
 * @throws InputError naming the layer that is not in the graph, or the option that is out of range.
 *
 * @example
 * const graph = new Graph();
 * const x = graph.apply(conv, [graph.input('image')], { attributes: { padding: 'same' }, parameters: { filters: 'w' } });
 * graph.apply(relu, [x], { name: 'edges' });
 * const network = ownFeatures({ graph, parameters, layers: ['edges'], mean: 127.5, divisor: 127.5 });
 */
export function ownFeatures(options: OwnFeaturesOptions): FeatureNetwork {
  const { name = 'own network', layers, style = layers, content = layers.slice(-2).slice(0, 1) } = options;
  const input: FeatureInput = { channels: 3, usualSize: 224, leastSize: 32, ...options.input };
  const build = options.graph instanceof Graph ? () => options.graph as Graph : options.graph;
  const pixels = normalization(name, input.channels, options);
  check(name, input, layers, { content, style }, build({ height: input.usualSize, width: input.usualSize }));
  const parameters = pixels ? joined(name, options.parameters, pixels) : options.parameters;
  return {
    name,
    layers,
    content,
    style,
    input,
    parameters,
    graph(size, { to, pooling = 'max' }) {
      checkSize(name, size, input);
      if (to.length === 0) throw new InputError(`${name}: \`to\` must name a layer or more, got none`);
      const whole = build(size);
      requireNodes(name, whole, to, layers);
      const graph = new Graph();
      copyPart(
        graph,
        whole,
        to,
        () => {
          const image = graph.input(IMAGE);
          if (!pixels) return image;
          return graph.apply(affine, [image], { name: NORMALIZED, parameters: { scale: SCALE, shift: SHIFT } });
        },
        (op) => (pooling === 'average' && op.name === maxPool.name ? averagePool : op),
      );
      checkShapes(name, graph, size, { input, parameters });
      return graph;
    },
  };
}

/** Scale and shift of (v − mean) / divisor, undefined where that changes nothing. */
function normalization(name: string, channels: number, options: OwnFeaturesOptions): Parameters | undefined {
  const perChannel = (what: 'mean' | 'divisor', value: number | readonly number[]): readonly number[] => {
    const list = typeof value === 'number' ? new Array<number>(channels).fill(value) : value;
    if (list.length !== channels || !list.every((v) => Number.isFinite(v) && (what === 'mean' || v !== 0)))
      throw new InputError(
        `${name}: ${what} must be a number, or ${channels} of them${what === 'divisor' ? ', none 0' : ''}, got ${JSON.stringify(value)}`,
      );
    return list;
  };
  const mean = perChannel('mean', options.mean ?? 0);
  const divisor = perChannel('divisor', options.divisor ?? 1);
  if (mean.every((v) => v === 0) && divisor.every((v) => v === 1)) return undefined;
  return parametersOf({
    [SCALE]: { shape: [channels], values: divisor.map((v) => 1 / v) },
    [SHIFT]: { shape: [channels], values: mean.map((v, c) => -v / divisor[c]!) },
  });
}

function joined(name: string, own: Parameters, pixels: Parameters): Parameters {
  const taken = pixels.names.find((parameter) => own.has(parameter));
  if (taken !== undefined)
    throw new InputError(`${name}: no tensor may be called "${taken}", the normalisation of pixels is called so`);
  const entries = [own, pixels].flatMap((store) => store.names.map((key) => [key, store.get(key)] as const));
  return new Parameters(entries);
}

function check(
  name: string,
  { channels, usualSize, leastSize }: FeatureInput,
  layers: readonly string[],
  defaults: Readonly<Record<'content' | 'style', readonly string[]>>,
  graph: Graph,
): void {
  if (channels !== 1 && channels !== 3)
    throw new InputError(`${name}: a picture has 1 channel or 3 channels, got ${channels}`);
  for (const [what, value] of Object.entries({ usualSize, leastSize }))
    if (!Number.isInteger(value) || value < 1)
      throw new InputError(`${name}: ${what} must be a whole number of at least 1, got ${value}`);
  const inputs = graph.nodes.filter(({ op }) => !op);
  if (inputs.length !== 1)
    throw new InputError(
      `${name}: its graph must have one input, got ${inputs.map((input) => input.name).join(', ') || 'none'}`,
    );
  if (layers.length === 0) throw new InputError(`${name}: it must have a layer or more, got none`);
  requireNodes(
    name,
    graph,
    layers,
    graph.nodes.filter(({ op }) => op).map((node) => node.name),
  );
  for (const wanted of [defaults.content, defaults.style]) requireNodes(name, graph, wanted, layers);
}

function requireNodes(name: string, graph: Graph, wanted: readonly string[], known: readonly string[]): void {
  const there = new Set(graph.nodes.map((node) => node.name));
  const missing = wanted.find((layer) => !there.has(layer));
  if (missing !== undefined)
    throw new InputError(`${name}: no layer is called "${missing}"; there are ${known.join(', ')}`);
}

function checkSize(name: string, { height, width }: PictureSize, { usualSize, fixed }: FeatureInput): void {
  const whole = (pixels: number): boolean => Number.isInteger(pixels) && pixels >= 1;
  const fits = fixed ? height === usualSize && width === usualSize : whole(height) && whole(width);
  if (!fits)
    throw new InputError(
      `${name}: pictures must have ${fixed ? `${usualSize}×${usualSize}` : 'one or more'} pixels, got ${width}×${height}`,
    );
}

/** @throws InputError where the layers of a graph cannot be as deep as that for so small a picture, or a tensor is missing. */
function checkShapes(
  name: string,
  graph: Graph,
  { height, width }: PictureSize,
  network: Pick<FeatureNetwork, 'input' | 'parameters'>,
): void {
  try {
    inferShapes(graph.nodes, { [IMAGE]: [1, height, width, network.input.channels] }, network.parameters);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new InputError(
      `${name}: pictures of ${width}×${height} pixels do not fit, all its layers take ${network.input.leastSize}×${network.input.leastSize} and more: ${error.message}`,
      { cause: error },
    );
  }
}
