import { InputError } from '../core/errors.ts';
import { Pace } from '../core/pace.ts';
import { Rng } from '../core/rng.ts';
import { elementsOf, formatShape } from '../core/shape.ts';
import { Graph, type Node } from '../graph/graph.ts';
import { gram } from '../graph/ops/gram.ts';
import { styleLoss } from '../graph/ops/style-loss.ts';
import { type Plan, plan } from '../graph/plan.ts';
import { copyPart } from '../models/copy-part.ts';
import { type RandomFeatures, randomFeatures } from '../models/random-features.ts';
import { Lbfgs } from '../optimize/lbfgs.ts';
import { defaultEngine, type Engine } from '../runtime/engine.ts';
import { deviationOf } from '../volumes/rescan.ts';
import { type Triple, Volume } from '../volumes/volume.ts';

export interface VolumeTextureOptions {
  /** The volume whose texture is wanted. */
  readonly patch: Volume;
  /** Voxels of what is made. Default: those of the patch. */
  readonly shape?: Triple;
  /** Default: random features of four scales, as many as fit into the patch. */
  readonly features?: RandomFeatures;
  /** Iterations of L-BFGS. Default: 100. */
  readonly steps?: number;
  /** Default: 1. */
  readonly seed?: number;
  readonly engine?: Engine;
  readonly signal?: AbortSignal;
}

export interface VolumeTextureStep {
  /** From 1. */
  readonly iteration: number;
  readonly of: number;
  /** The mean over layers of Σ (G − A)² / Σ A²: 1 where nothing of the texture is there. */
  readonly loss: number;
  /** The volume as it is now, a copy, with the patch's spacing, directions and unit, and exactly as its values are spread. */
  volume(): Volume;
}

/**
 * Texture synthesis in three dimensions (Gatys, Ecker & Bethge 2015, for volumes): noise that is changed until the Gram
 * matrices of its features are those of a patch, J = mean over layers of ‖G − A‖² / ‖A‖², by L-BFGS.
 *
 * @throws InputError where an option is out of range, the patch is even, or too small for the features; NotFiniteError
 * @example
 * let made: Volume | undefined;
 * for await (const step of volumeTexture({ patch, steps: 60 })) made = step.volume();
 */
export async function* volumeTexture(
  options: VolumeTextureOptions,
): AsyncGenerator<VolumeTextureStep, void, undefined> {
  const { patch, shape = patch.shape, steps = 100, seed = 1, engine = defaultEngine(), signal } = options;
  if (!(Number.isInteger(steps) && steps > 0))
    throw new InputError(`volumeTexture: steps must be a whole number above 0, got ${steps}`);
  const { mean, deviation } = deviationOf(patch.values);
  if (!(deviation > 0)) throw new InputError('volumeTexture: a patch of one value has no texture');
  const features = options.features ?? randomFeatures({ rank: 3, scales: scalesOf([patch.shape, shape]), seed });
  const target = grams(
    features,
    patch.shape,
    patch.values.map((value) => (value - mean) / deviation),
    engine,
  );
  const objective = new TextureObjective(features, shape, target, engine);
  const elements = elementsOf(shape);
  const painting = engine.regions.allocate(elements * 4);
  const rng = new Rng(seed);
  const values = (): Float32Array => engine.memory.f32(painting.address, elements);
  values().set(Float32Array.from({ length: elements }, () => rng.normal() * START));
  const search = new Lbfgs(elements, { engine, firstStep: Math.sqrt(elements) / 10 });
  const pace = new Pace();
  try {
    for (let iteration = 1; iteration <= steps; iteration++) {
      signal?.throwIfAborted();
      const { value, moved } = search.step(painting.address, (at, gradient) => objective.evaluate(at, gradient));
      const of = moved ? steps : iteration;
      yield { iteration, of, loss: value, volume: () => spreadAs(values(), shape, patch) };
      if (!moved) return;
      await pace.breathe();
    }
  } finally {
    search.close();
    objective.close();
    engine.regions.free(painting);
  }
}

/** Standard deviation of the noise to begin with, of the patch's: what L-BFGS does not need to change stays as it is. */
const START = 0.1;
const WINDOW = 5;
const MOST_SCALES = 4;
/** Scales whose window of 5 fits into both volumes. */
function scalesOf(shapes: readonly Triple[]): number {
  const side = Math.min(...shapes.flat());
  let scales = 0;
  while (scales < MOST_SCALES && Math.floor(side / 2 ** scales) >= WINDOW) scales++;
  if (scales === 0)
    throw new InputError(
      `volumeTexture: volumes need ${WINDOW} voxels along each axis, got ${shapes.map(formatShape).join(' and ')}`,
    );
  return scales;
}

/** The features up to their layers, in a graph that may be added to. */
function copied({ graph, layers }: RandomFeatures): { readonly graph: Graph; readonly nodes: readonly Node[] } {
  const copy = new Graph();
  copyPart(
    copy,
    graph,
    layers,
    ({ name }) => copy.input(name),
    (op) => op,
  );
  return { graph: copy, nodes: layers.map((layer) => copy.node(layer)) };
}

/** Gram matrices [C,C] of a volume, divided by its positions, layer by layer. */
function grams(features: RandomFeatures, shape: Triple, values: Float32Array, engine: Engine): Float32Array[] {
  const { graph, nodes } = copied(features);
  const outputs = nodes.map(
    (node) => graph.apply(gram, [node], { name: `gram/${node.name}`, attributes: { divisor: 'positions' } }).name,
  );
  const planned = plan(graph, {
    parameters: features.parameters,
    inputs: { values: [1, ...shape, 1] },
    outputs,
    engine,
  });
  const results = planned.run({ values });
  planned.close();
  engine.releaseWorkspace();
  return outputs.map((output) => results[output]!);
}

/** J with its gradient, one plan for both. */
class TextureObjective {
  readonly #engine: Engine;
  readonly #elements: number;
  readonly #plan: Plan;
  readonly #inputs: Record<string, Float32Array>;
  readonly #outputs: Record<string, Float32Array>;
  readonly #seeds: Record<string, Float32Array>;

  constructor(features: RandomFeatures, shape: Triple, targets: readonly Float32Array[], engine: Engine) {
    const { graph, nodes } = copied(features);
    const weights = new Map<string, Float32Array>();
    this.#inputs = {};
    const inputs: Record<string, readonly number[]> = { values: [1, ...shape, 1] };
    for (const [i, node] of nodes.entries()) {
      const target = targets[i]!;
      const channels = Math.sqrt(target.length);
      const name = `loss/${node.name}`;
      inputs[`${name}/target`] = [channels, channels];
      this.#inputs[`${name}/target`] = target;
      graph.apply(styleLoss, [node, graph.input(`${name}/target`)], { name });
      // The op divides Σ (G − A)² by 4 C².
      const squares = target.reduce((sum, value) => sum + value * value, 0);
      weights.set(name, Float32Array.of((4 * target.length) / (squares * nodes.length)));
    }
    this.#engine = engine;
    this.#elements = elementsOf(shape);
    this.#seeds = Object.fromEntries(weights);
    this.#outputs = Object.fromEntries([...weights.keys()].map((name) => [name, new Float32Array(1)]));
    this.#plan = plan(graph, {
      parameters: features.parameters,
      inputs,
      outputs: [...weights.keys()],
      gradients: { nodes: ['values'] },
      engine,
    });
  }

  evaluate(values: number, gradient: number): number {
    const { memory } = this.#engine;
    this.#inputs.values = memory.f32(values, this.#elements);
    this.#plan.run(this.#inputs, this.#outputs);
    this.#plan.backward(this.#seeds, {
      into: { nodes: { values: memory.f32(gradient, this.#elements) }, parameters: {} },
    });
    return Object.entries(this.#seeds).reduce((sum, [name, seed]) => sum + seed[0]! * this.#outputs[name]![0]!, 0);
  }

  close(): void {
    this.#plan.close();
  }
}

/** A volume whose values have the ranks of these, and are spread as the patch's: the r-th smallest is its r-th smallest, between which it goes straight. */
function spreadAs(values: Float32Array, shape: Triple, { values: wanted, affine, unit }: Volume): Volume {
  const sorted = wanted.slice().sort();
  const order = Uint32Array.from(values, (_, i) => i).sort((a, b) => values[a]! - values[b]! || a - b);
  const out = new Float32Array(values.length);
  const step = (sorted.length - 1) / Math.max(1, values.length - 1);
  for (let rank = 0; rank < order.length; rank++) {
    const at = rank * step;
    const low = Math.floor(at);
    const high = Math.min(sorted.length - 1, low + 1);
    out[order[rank]!] = sorted[low]! + (sorted[high]! - sorted[low]!) * (at - low);
  }
  return new Volume({ values: out, shape, affine, unit });
}
