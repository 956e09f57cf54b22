import { InputError } from '../core/errors.ts';
import { elementsOf, type Shape } from '../core/shape.ts';
import type { Rule } from '../graph/op.ts';
import { type Plan, plan } from '../graph/plan.ts';
import type { Engine } from '../runtime/engine.ts';
import { checkSample } from './layer-peaks.ts';
import type { Subject } from './subject.ts';
import { ravel, unravel } from './unravel.ts';

/** What of a unit is led back to a sample: a cell of its map, and how. */
export interface UnitInSample {
  readonly values: Float32Array;
  readonly unit: number;
  /** The cell of the layer's map; empty where it has no spatial axes. Default: where the unit is most active. */
  readonly position?: readonly number[];
}

export interface Projection {
  /** As large as the sample: what of it drives the unit. */
  readonly values: Float32Array;
  readonly activation: number;
  readonly position: readonly number[];
}

export interface ProjectorOptions {
  readonly layer: string;
  /** [1, …spatial, C]. */
  readonly shape: Shape;
  /** Samples that go through the network together. Default: 1. */
  readonly batch?: number;
  readonly engine?: Engine;
}

/**
 * Leads single activations of a layer back to samples of one shape, by a rule that is chosen at each call:
 *
 * * `'deconvnet'` (Zeiler & Fergus 2014): all other activations of the layer are set to 0, then unpooling by the switches
 *   that this sample set, a ReLU on the signal, and the filters transposed, layer by layer; it starts from the activation.
 * * `'guided'` (guided backpropagation, Springenberg et al. 2015): the same, and signals pass only where the forward ReLU
 *   was open; it starts from 1.
 * * `'gradient'` (saliency, Simonyan et al. 2014): the plain gradient of the activation.
 *
 * It holds a workspace until `close`.
 */
export class Projector {
  readonly #layer: string;
  readonly #input: string;
  readonly #shape: Shape;
  readonly #map: readonly number[];
  readonly #channels: number;
  readonly #batch: number;
  readonly #plan: Plan;
  readonly #values: Float32Array;
  readonly #seed: Float32Array;
  readonly #outputs: Record<string, Float32Array>;
  readonly #gradients: Record<string, Float32Array>;

  /** @throws InputError where no layer has that name, or the network takes no samples of that shape. */
  constructor(subject: Subject, { layer, shape, batch = 1, engine }: ProjectorOptions) {
    const { parameters, input } = subject;
    const graph = subject.graph(shape, [layer]);
    this.#layer = layer;
    this.#input = input;
    this.#shape = shape;
    this.#batch = batch;
    this.#plan = plan(graph, {
      parameters,
      inputs: { [input]: [batch, ...shape.slice(1)] },
      outputs: [layer],
      gradients: { nodes: [input] },
      ...(engine && { engine }),
    });
    const output = this.#plan.outputs.get(layer)!;
    this.#map = output.slice(1, -1);
    this.#channels = output.at(-1)!;
    this.#values = new Float32Array(batch * elementsOf(shape));
    this.#seed = new Float32Array(elementsOf(output));
    this.#outputs = { [layer]: new Float32Array(elementsOf(output)) };
    this.#gradients = { [input]: new Float32Array(this.#values.length) };
  }

  /**
   * One projection for each of at most a batch of samples.
   * @throws InputError naming a sample, unit or position that does not fit
   */
  project(samples: readonly UnitInSample[], rule: Rule): Projection[] {
    if (samples.length < 1 || samples.length > this.#batch)
      throw new InputError(`project: takes 1 to ${this.#batch} samples, got ${samples.length}`);
    const size = elementsOf(this.#shape);
    for (const [row, { values }] of samples.entries()) {
      checkSample(String(row), values, this.#shape);
      this.#values.set(values, row * size);
    }
    this.#plan.run({ [this.#input]: this.#values }, this.#outputs);
    const activations = this.#outputs[this.#layer]!;
    this.#seed.fill(0);
    const found = samples.map(({ unit, position }, row) => {
      const at = this.#cellOf(row, unit, position);
      const activation = activations[at.index]!;
      this.#seed[at.index] = rule === 'deconvnet' ? activation : 1;
      return { activation, position: at.position };
    });
    this.#plan.backward({ [this.#layer]: this.#seed }, { rule, into: { nodes: this.#gradients, parameters: {} } });
    const gradients = this.#gradients[this.#input]!;
    return found.map((rest, row) => ({ ...rest, values: gradients.slice(row * size, (row + 1) * size) }));
  }

  close(): void {
    this.#plan.close();
  }

  #cellOf(row: number, unit: number, position: readonly number[] | undefined) {
    const map = this.#map;
    const cells = elementsOf(map);
    if (!Number.isInteger(unit) || unit < 0 || unit >= this.#channels)
      throw new InputError(`project: ${this.#layer} has units 0 to ${this.#channels - 1}, got ${unit}`);
    const indexOf = (cell: number): number => (row * cells + cell) * this.#channels + unit;
    if (position) {
      if (position.length !== map.length || !position.every((at, i) => Number.isInteger(at) && at >= 0 && at < map[i]!))
        throw new InputError(`project: a position in ${this.#layer} lies within [${map}], got [${position}]`);
      return { index: indexOf(ravel(position, map)), position };
    }
    const activations = this.#outputs[this.#layer]!;
    let best = 0;
    for (let cell = 1; cell < cells; cell++) if (activations[indexOf(cell)]! > activations[indexOf(best)]!) best = cell;
    return { index: indexOf(best), position: unravel(best, map) };
  }
}
