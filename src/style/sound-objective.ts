import { Rng } from '../core/rng.ts';
import { Graph } from '../graph/graph.ts';
import { contentLoss } from '../graph/ops/content-loss.ts';
import { conv } from '../graph/ops/conv.ts';
import { gram } from '../graph/ops/gram.ts';
import { relu } from '../graph/ops/relu.ts';
import { styleLoss } from '../graph/ops/style-loss.ts';
import { Parameters } from '../graph/parameters.ts';
import { type Plan, plan } from '../graph/plan.ts';
import type { Engine } from '../runtime/engine.ts';
import type { Spectrogram } from '../signal/spectrogram.ts';

/** The one layer that sees a spectrogram: random filters over time, with frequencies as channels. */
export interface RandomFilters {
  readonly count: number;
  /** Frames that each spans. */
  readonly width: number;
  readonly seed: number;
}

/** J of a spectrogram with its parts, each already weighted. */
export interface SoundLosses {
  readonly content: number;
  readonly style: number;
  readonly total: number;
}

export interface SoundWeights {
  readonly content: number;
  readonly style: number;
}

function filtersOf({ count, width, seed }: RandomFilters, bands: number): Parameters {
  const rng = new Rng(seed);
  const deviation = Math.sqrt(2 / (width * bands));
  const values = new Float32Array(width * bands * count).map(() => deviation * rng.normal());
  return new Parameters([['filters', { shape: [width, bands, count], read: () => values }]]);
}

/** x [1, frames, bands] → ReLU of random convolutions, [1, frames − width + 1, count]. */
function featureGraph(): Graph {
  const graph = new Graph();
  const linear = graph.apply(conv, [graph.input('sound')], {
    name: 'linear',
    attributes: { padding: 'valid' },
    parameters: { filters: 'filters' },
  });
  graph.apply(relu, [linear], { name: 'features' });
  return graph;
}

/** Runs a graph once on a spectrogram. */
function once(
  graph: Graph,
  output: string,
  parameters: Parameters,
  { values, frames, bands }: Spectrogram,
  engine: Engine,
) {
  const run = plan(graph, { engine, parameters, inputs: { sound: [1, frames, bands] }, outputs: [output] });
  try {
    return { values: run.run({ sound: values })[output]!, shape: run.outputs.get(output)! };
  } finally {
    run.close();
  }
}

/**
 * J of spectrograms of one length: α times the squared distance from the content's features over their mean square, and β
 * times the style loss (`styleLoss`, Gram matrices over time) over what it is for the content. So both weights are shares, whatever
 * the filters are.
 */
export class SoundObjective {
  readonly elements: number;
  readonly #engine: Engine;
  readonly #plan: Plan;
  readonly #inputs: Record<string, Float32Array>;
  readonly #outputs = { content: new Float32Array(1), style: new Float32Array(1) };
  readonly #factors: SoundWeights;

  constructor(content: Spectrogram, style: Spectrogram, filters: RandomFilters, weights: SoundWeights, engine: Engine) {
    const parameters = filtersOf(filters, content.bands);
    const target = once(featureGraph(), 'features', parameters, content, engine);
    const grams = featureGraph();
    grams.apply(gram, [grams.node('features')], { name: 'gram', attributes: { divisor: 'positions' } });
    const wanted = once(grams, 'gram', parameters, style, engine).values;

    const graph = featureGraph();
    const features = graph.node('features');
    graph.apply(contentLoss, [features, graph.input('target')], {
      name: 'content',
      attributes: { normalization: 'mean' },
    });
    graph.apply(styleLoss, [features, graph.input('gram')], { name: 'style' });
    this.#engine = engine;
    this.elements = content.values.length;
    this.#inputs = { target: target.values, gram: wanted, sound: content.values };
    this.#plan = plan(graph, {
      engine,
      parameters,
      inputs: {
        sound: [1, content.frames, content.bands],
        target: target.shape,
        gram: [filters.count, filters.count],
      },
      outputs: ['content', 'style'],
      gradients: { nodes: ['sound'] },
    });
    this.#plan.run(this.#inputs, this.#outputs);
    const square = target.values.reduce((sum, value) => sum + value * value, 0) / target.values.length;
    this.#factors = { content: weights.content / (square || 1), style: weights.style / (this.#outputs.style[0]! || 1) };
  }

  /** J and ∂J/∂x. Addresses of `elements` floats each: the point is read, the gradient overwritten. */
  evaluate(point: number, gradient: number): SoundLosses {
    const { memory } = this.#engine;
    this.#inputs.sound = memory.f32(point, this.elements);
    this.#plan.run(this.#inputs, this.#outputs);
    const into = { nodes: { sound: memory.f32(gradient, this.elements) }, parameters: {} };
    const seeds = { content: Float32Array.of(this.#factors.content), style: Float32Array.of(this.#factors.style) };
    this.#plan.backward(seeds, { into });
    const content = this.#factors.content * this.#outputs.content[0]!;
    const style = this.#factors.style * this.#outputs.style[0]!;
    return { content, style, total: content + style };
  }

  close(): void {
    this.#plan.close();
  }
}
