import { InputError } from '../core/errors.ts';
import { elementsOf, type Shape } from '../core/shape.ts';
import { channelMax } from '../graph/ops/channel-max.ts';
import { type Plan, plan } from '../graph/plan.ts';
import { type ReceptiveAxis, receptiveFields } from '../graph/receptive-field.ts';
import { inferShapes, reachable } from '../graph/schedule.ts';
import type { Engine } from '../runtime/engine.ts';
import type { Subject } from './subject.ts';

/** A layer of a network for samples of one shape. */
export interface LayerGeometry {
  readonly layer: string;
  readonly channels: number;
  /** Sizes of its map; empty where it has no spatial axes, as a fully connected one. */
  readonly map: readonly number[];
  /** What its units see of the input; all of it where `map` is empty. */
  readonly field: readonly ReceptiveAxis[];
}

/** The largest activation of a channel in one sample, and where: the position counted through all axes of the map. */
export interface ChannelPeak {
  readonly value: number;
  readonly position: number;
}

/**
 * The strongest activation of every channel of some layers, for batches of samples of one shape. Its plan always runs on a
 * whole batch, so that the same kernels run, and give the same bits, wherever a sample stands.
 */
export class LayerPeaks {
  readonly shape: Shape;
  readonly layers: readonly LayerGeometry[];
  readonly #batch: number;
  readonly #plan: Plan;
  readonly #input: string;
  readonly #values: Float32Array;
  readonly #taps: readonly string[];
  readonly #outputs: Record<string, Float32Array> = {};

  /** @throws InputError where no layer has that name, or the network takes no samples of that shape. */
  constructor(subject: Subject, layers: readonly string[], shape: Shape, batch: number, engine?: Engine) {
    const graph = subject.graph(shape, layers);
    const { parameters, input } = subject;
    const inputs = { [input]: [batch, ...shape.slice(1)] };
    const nodes = layers.map((layer) => graph.node(layer));
    const shapes = inferShapes(reachable(graph, nodes), inputs, parameters);
    const fields = receptiveFields(graph, layers, { inputs, parameters, input });
    this.shape = shape;
    this.layers = nodes.map((node) => {
      const size = shapes.get(node)!;
      return { layer: node.name, channels: size.at(-1)!, map: size.slice(1, -1), field: fields.get(node.name)! };
    });
    this.#taps = nodes.map((node, i) =>
      this.layers[i]!.map.length > 0 ? graph.apply(channelMax, [node], { name: `${node.name}/peaks` }).name : node.name,
    );
    this.#batch = batch;
    this.#input = input;
    this.#values = new Float32Array(elementsOf(inputs[input]!));
    this.#plan = plan(graph, { parameters, inputs, outputs: this.#taps, ...(engine && { engine }) });
  }

  /** Takes the samples of one batch. */
  run(samples: readonly Float32Array[]): void {
    const size = this.#values.length / this.#batch;
    for (const [i, values] of samples.entries()) this.#values.set(values, i * size);
    this.#values.fill(0, samples.length * size);
    this.#plan.run({ [this.#input]: this.#values }, this.#outputs);
  }

  /** A channel's peak in the sample at `row` of the last batch. */
  peak(layer: number, row: number, channel: number): ChannelPeak {
    const { channels, map } = this.layers[layer]!;
    const values = this.#outputs[this.#taps[layer]!]!;
    const at = row * channels + channel;
    return map.length > 0
      ? { value: values[2 * at]!, position: values[2 * at + 1]! }
      : { value: values[at]!, position: 0 };
  }
}

/** @throws InputError where a sample is no [1, …spatial, C] filled with numbers. */
export function checkSample(name: string, values: Float32Array, shape: Shape): void {
  const fits = shape.length > 2 && shape[0] === 1 && shape.every((size) => Number.isInteger(size) && size > 0);
  if (!fits) throw new InputError(`inspect: sample "${name}" must be [1, …spatial, C], got ${JSON.stringify(shape)}`);
  if (!(values instanceof Float32Array) || values.length !== elementsOf(shape))
    throw new InputError(
      `inspect: sample "${name}" of [${shape}] needs a Float32Array of ${elementsOf(shape)}, got ${values?.constructor?.name} of ${values?.length}`,
    );
}
