import { InputError } from '../core/errors.ts';
import { Rng } from '../core/rng.ts';
import { elementsOf, type Shape } from '../core/shape.ts';
import { relu } from '../graph/ops/relu.ts';
import { plan } from '../graph/plan.ts';
import type { Engine } from '../runtime/engine.ts';
import { rolled, smoothed } from './spatial.ts';
import type { Subject } from './subject.ts';
import { ravel } from './unravel.ts';

export interface MaximizeOptions {
  readonly layer: string;
  /** Number of the channel; of a layer without spatial axes, of the class. */
  readonly unit: number;
  /** `'centre'`: the cell in the middle of the map. `'channel'`: the mean of the map. Or a cell. Default: `'centre'`. */
  readonly at?: 'centre' | 'channel' | readonly number[];
  /** [1, …spatial, C]. */
  readonly shape: Shape;
  /** Least and largest value of the sample, to which each step is clipped. Default: 0 and 255, a picture. */
  readonly range?: readonly [low: number, high: number];
  /** Default: 200. */
  readonly steps?: number;
  /** Root mean square of a step before regularisers, as a share of the range. Default: 0.02. */
  readonly rate?: number;
  /** L2: the share of its distance to the middle of the range that each value loses in a step. Default: 0.01. */
  readonly l2?: number;
  /** Each step looks at the sample shifted by up to so many cells an axis, what leaves at one end entering at the other. Default: 4. */
  readonly jitter?: number;
  /** Every so many steps the sample is blurred by [1, 2, 1] / 4 along each axis; 0: never. Default: 4. */
  readonly blurEvery?: number;
  /** Decides the start and the shifts. Default: 1. */
  readonly seed?: number;
  readonly engine?: Engine;
  readonly signal?: AbortSignal;
}

/** One step of gradient ascent. */
export interface MaximizeStep {
  readonly step: number;
  readonly of: number;
  /** What is made larger, before this step was taken: the activation in front of the layer's ReLU, if it has one. */
  readonly activation: number;
  /** The sample so far, a copy. */
  values(): Float32Array;
}

/** The noise that it starts from, as a share of the range. */
const START = 0.05;

/**
 * Activation maximisation (Erhan et al. 2009; Yosinski et al. 2015): gradient ascent on the sample, from noise around the
 * middle of the range, to what makes a unit, a channel or a class as active as can be. Equal options give equal bits.
 * x ← clip(blur((1 − l2)·(x + rate·g / rms(g)))), x about the middle of the range, g the gradient at x shifted by the jitter.
 * Where the layer is a ReLU the value in front of it is made larger: behind it a unit that is off has no gradient.
 *
 * @example
 * for (const { step, activation } of maximization(subject, { layer: 'conv64_1', unit: 17, shape: [1, 150, 150, 3] })) …
 * @throws InputError naming the option that is out of range; an aborted signal's reason
 */
export function* maximization(subject: Subject, options: MaximizeOptions): Generator<MaximizeStep, Float32Array> {
  const { layer, shape, range: [low, high] = [0, 255], steps = 200, rate = 0.02, l2 = 0.01 } = options;
  const { jitter = 4, blurEvery = 4, seed = 1, engine, signal } = options;
  check(options);
  const { parameters, input } = subject;
  const graph = subject.graph(shape, [layer]);
  const node = graph.node(layer);
  const linear = node.op?.name === relu.name ? node.inputs[0]! : node;
  const planned = plan(graph, {
    parameters,
    inputs: { [input]: shape },
    outputs: [linear.name],
    gradients: { nodes: [input] },
    ...(engine && { engine }),
  });
  try {
    const target = seedOf(layer, planned.outputs.get(linear.name)!, options);
    const [middle, half] = [(low + high) / 2, (high - low) / 2];
    const rng = new Rng(seed, 0);
    let x: Float32Array = Float32Array.from(
      { length: elementsOf(shape) },
      () => middle + rng.normal() * START * (high - low),
    );
    for (let step = 1; step <= steps; step++) {
      signal?.throwIfAborted();
      const drawn = new Rng(seed, step);
      const shift = shape.slice(1, -1).map(() => drawn.below(2 * jitter + 1) - jitter);
      const output = planned.run({ [input]: rolled(x, shape, shift) })[linear.name]!;
      const activation = target.reduce((sum, weight, i) => (weight === 0 ? sum : sum + weight * output[i]!), 0);
      const { nodes } = planned.backward({ [linear.name]: target });
      const gradient = rolled(
        nodes[input]!,
        shape,
        shift.map((by) => -by),
      );
      const scale = stepScale(gradient, rate * (high - low));
      x = x.map((value, i) => {
        const from = (value - middle + scale * gradient[i]!) * (1 - l2);
        return middle + Math.min(Math.max(from, -half), half);
      });
      if (blurEvery > 0 && step % blurEvery === 0 && step < steps) x = smoothed(x, shape);
      const now = x;
      yield { step, of: steps, activation, values: () => now.slice() };
    }
    return x;
  } finally {
    planned.close();
  }
}

/** Runs `maximization` to its end. @throws as it does */
export function maximizeActivation(subject: Subject, options: MaximizeOptions): Float32Array {
  const run = maximization(subject, options);
  for (;;) {
    const { done, value } = run.next();
    if (done) return value;
  }
}

/** What brings a gradient to the root mean square that a step is to have; 0 where it vanishes. */
function stepScale(gradient: Float32Array, size: number): number {
  let sum = 0;
  for (const value of gradient) sum += value * value;
  return sum > 0 ? size / Math.sqrt(sum / gradient.length) : 0;
}

/** Weights of the layer's values in what is made larger: 1 at a cell, or shares of a channel. */
function seedOf(layer: string, output: Shape, { unit, at = 'centre' }: MaximizeOptions): Float32Array {
  const map = output.slice(1, -1);
  const channels = output.at(-1)!;
  const cells = elementsOf(map);
  if (!Number.isInteger(unit) || unit < 0 || unit >= channels)
    throw new InputError(`maximize: ${layer} has units 0 to ${channels - 1}, got ${unit}`);
  const seed = new Float32Array(elementsOf(output));
  if (at === 'channel') {
    for (let cell = 0; cell < cells; cell++) seed[cell * channels + unit] = 1 / cells;
    return seed;
  }
  const cell = at === 'centre' ? map.map((size) => Math.floor(size / 2)) : at;
  if (cell.length !== map.length || !cell.every((i, axis) => Number.isInteger(i) && i >= 0 && i < map[axis]!))
    throw new InputError(
      `maximize: at must be 'centre', 'channel' or a cell within [${map}], got ${JSON.stringify(at)}`,
    );
  seed[ravel(cell, map) * channels + unit] = 1;
  return seed;
}

function check({ range = [0, 255], ...options }: MaximizeOptions): void {
  if (!(Number.isFinite(range[0]) && Number.isFinite(range[1]) && range[0] < range[1]))
    throw new InputError(`maximize: range must be two numbers, the lower one first, got [${range}]`);
  const { steps = 200, jitter = 4, blurEvery = 4, seed = 1, rate = 0.02, l2 = 0.01 } = options;
  for (const [name, value, least] of [
    ['steps', steps, 1],
    ['jitter', jitter, 0],
    ['blurEvery', blurEvery, 0],
    ['seed', seed, 0],
  ] as const)
    if (!Number.isInteger(value) || value < least)
      throw new InputError(`maximize: ${name} must be a whole number of at least ${least}, got ${value}`);
  if (!(rate > 0 && Number.isFinite(rate))) throw new InputError(`maximize: rate must be above 0, got ${rate}`);
  if (!(l2 >= 0 && l2 < 1)) throw new InputError(`maximize: l2 must lie from 0 to below 1, got ${l2}`);
}
