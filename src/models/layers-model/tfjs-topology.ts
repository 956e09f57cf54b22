import { InputError } from '../../core/errors.ts';
import { isRecord } from '../../io/json.ts';

/** A layer of a Keras model as tfjs writes it. */
export interface KerasLayer {
  readonly name: string;
  readonly kind: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Names of the layers that it reads; none for an input. */
  readonly inputs: readonly string[];
}

export interface Topology {
  readonly name: string;
  /** Each behind those that it reads. */
  readonly layers: readonly KerasLayer[];
  readonly outputs: readonly string[];
}

const refuse = (what: string): never => {
  throw new InputError(`tfjs layers: ${what}`);
};

/**
 * The layers of a tfjs layers model, sequential or functional, from its `model.json`.
 * @throws InputError where it is no such model, or is of a form that is not supported.
 */
export function parseTopology(json: unknown): Topology {
  const topology = isRecord(json) ? json.modelTopology : undefined;
  if (!isRecord(topology)) {
    const graphModel = isRecord(json) && json.format === 'graph-model';
    return refuse(graphModel ? 'this is a graph model, expected a layers model' : 'model.json has no modelTopology');
  }
  const model = isRecord(topology.model_config) ? topology.model_config : topology;
  const { class_name: kind, config } = model;
  if (kind === 'Sequential') return sequential(config);
  if (isRecord(config) && (kind === 'Model' || kind === 'Functional')) return functional(config);
  return refuse(`the model must be Sequential, Model or Functional, got ${JSON.stringify(kind)}`);
}

function layersOf(config: unknown): readonly Readonly<Record<string, unknown>>[] {
  const layers = isRecord(config) ? config.layers : config;
  if (!Array.isArray(layers) || layers.length === 0 || !layers.every(isRecord))
    return refuse('the model has no list of layers');
  return layers;
}

function layerOf(layer: Readonly<Record<string, unknown>>, inputs: readonly string[]): KerasLayer {
  const { class_name: kind, config } = layer;
  if (typeof kind !== 'string' || !isRecord(config))
    return refuse(`a layer has no class_name and config: ${JSON.stringify(layer).slice(0, 100)}`);
  const name = layer.name ?? config.name;
  if (typeof name !== 'string' || name === '') return refuse(`a ${kind} has no name`);
  return { name, kind, config, inputs };
}

/** One layer behind another; the first one says what goes in, where no InputLayer does. */
function sequential(config: unknown): Topology {
  const layers: KerasLayer[] = [];
  for (const raw of layersOf(config)) {
    const last = layers.at(-1);
    const layer = layerOf(raw, last ? [last.name] : []);
    if (last || layer.kind === 'InputLayer') {
      layers.push(layer);
      continue;
    }
    const input = `${layer.name}_input`;
    const { batch_input_shape, batch_shape } = layer.config;
    layers.push({ name: input, kind: 'InputLayer', config: { batch_input_shape, batch_shape }, inputs: [] });
    layers.push({ ...layer, inputs: [input] });
  }
  const name = isRecord(config) && typeof config.name === 'string' ? config.name : 'sequential';
  return { name, layers, outputs: [layers.at(-1)!.name] };
}

function functional(config: Readonly<Record<string, unknown>>): Topology {
  const open = new Map(
    layersOf(config).map((raw) => {
      const { name } = layerOf(raw, []);
      return [name, layerOf(raw, inboundOf(name, raw.inbound_nodes))] as const;
    }),
  );
  const outputs = Array.isArray(config.output_layers)
    ? config.output_layers.map((ref) => referred(config.name, ref))
    : [];
  if (outputs.length === 0) refuse('the model names no output_layers');
  const sorted = new Map<string, KerasLayer>();
  const visit = (name: string, path: readonly string[]): void => {
    if (sorted.has(name)) return;
    const layer =
      open.get(name) ?? refuse(`layer "${path.at(-1) ?? 'output_layers'}" reads "${name}", which is not there`);
    if (path.includes(name)) refuse(`layers read one another in a circle: ${[...path, name].join(' ← ')}`);
    for (const input of layer.inputs) visit(input, [...path, name]);
    sorted.set(name, layer);
  };
  for (const name of outputs) visit(name, []);
  return { name: typeof config.name === 'string' ? config.name : 'model', layers: [...sorted.values()], outputs };
}

/** What a layer reads: `[[[name, node, tensor, {}], …]]`, one list for each time that it is applied. */
function inboundOf(name: string, nodes: unknown): string[] {
  if (!Array.isArray(nodes) || nodes.length === 0) return [];
  if (nodes.length > 1) refuse(`layer "${name}" is applied ${nodes.length} times; shared layers are not supported`);
  if (!Array.isArray(nodes[0])) refuse(`layer "${name}": its inbound_nodes are not those of Keras 2`);
  return nodes[0].map((ref: unknown) => referred(name, ref));
}

function referred(who: unknown, ref: unknown): string {
  const [name, node, tensor] = Array.isArray(ref) ? ref : [];
  if (typeof name !== 'string' || node !== 0 || tensor !== 0)
    return refuse(`"${who}" refers to ${JSON.stringify(ref)}, expected [name, 0, 0]`);
  return name;
}
