import { InputError, NotFiniteError } from '../core/errors.ts';
import type { Shape } from '../core/shape.ts';
import { defaultEngine, type Engine } from '../runtime/engine.ts';
import type { Graph } from './graph.ts';
import { refreshParameters, releaseParameters } from './packed.ts';
import { Parameters } from './parameters.ts';
import { plan } from './plan.ts';
import { reachable } from './schedule.ts';
import { slopeRatio } from './slope-ratio.ts';

export interface GradCheckOptions {
  readonly parameters: Parameters;
  /** The inputs at which gradients are compared, by name. */
  readonly inputs: Readonly<Record<string, { readonly shape: Shape; readonly values: Float32Array }>>;
  /** The node whose output starts with the loss. */
  readonly loss: string;
  /** Names of parameters. Default: all that the loss depends on. */
  readonly trainable?: readonly string[];
  /** Names of inputs whose gradients are checked as well. Default: none. */
  readonly nodes?: readonly string[];
  /** How far a gradient may be off, as a share of it. Default: 1e-3. */
  readonly tolerance?: number;
  readonly engine?: Engine;
}

/** How far the gradient in one tensor is from what the loss does. */
export interface GradientCheck {
  readonly name: string;
  /** Euclidean norm of the gradient. */
  readonly norm: number;
  /**
   * The largest |Δ / ⟨gradient, δ⟩ − 1| over several directions δ, where Δ is what the loss changes by: 0 where the gradient
   * is right.
   */
  readonly difference: number;
  /** How exactly that is known: the loss is a float32 number, so the changes of a large one are coarse. */
  readonly resolution: number;
  /** False where the difference is above both the tolerance and four times the resolution. */
  readonly agrees: boolean;
}

export interface GradCheck {
  readonly loss: number;
  readonly agrees: boolean;
  /** By name, the worst first. */
  readonly checks: readonly GradientCheck[];
}

/**
 * Compares the gradients of a graph with what its loss does when parameters move: central differences along the gradient,
 * along a half of it and along its signs, at ever smaller steps and extrapolated to none (Ridders 1982). For an op of your
 * own (`external`), or a loss that does not learn.
 * @throws NotFiniteError where the loss or a gradient is not finite at the inputs
 * @example
 * const { agrees, checks } = gradCheck(graph, { parameters, inputs: { x: { shape: [2, 3], values } }, loss: 'loss' });
 * if (!agrees) console.log(checks[0]); // { name: 'w', norm: 1.3, difference: 0.5, resolution: 1e-6, agrees: false }
 */
export function gradCheck(graph: Graph, options: GradCheckOptions): GradCheck {
  const { loss, nodes = [], engine = defaultEngine(), tolerance = 1e-3 } = options;
  const known = new Set(reachable(graph, [graph.node(loss)]).flatMap((node) => Object.values(node.parameters)));
  const names = options.trainable ?? [...known];
  const moving = new Moving(options.parameters, names, options.inputs);
  for (const name of nodes)
    if (!(name in options.inputs)) throw new InputError(`gradCheck: "${name}" must name an input`);
  const planned = plan(graph, {
    parameters: moving.parameters,
    inputs: Object.fromEntries(Object.entries(options.inputs).map(([name, { shape }]) => [name, shape])),
    outputs: [loss],
    gradients: { parameters: names, nodes },
    engine,
  });
  try {
    const outputs = planned.run(moving.inputs);
    const at = outputs[loss]![0]!;
    if (!Number.isFinite(at)) throw new NotFiniteError(`gradCheck: the loss "${loss}" is ${at}`);
    const seed = new Float32Array(outputs[loss]!.length);
    seed[0] = 1;
    const gradients = planned.backward({ [loss]: seed });
    const lossAt = (): number => {
      refreshParameters(engine, moving.parameters);
      return planned.run(moving.inputs, outputs)[loss]![0]!;
    };
    const checks = [
      ...names.map((name) => checkOf(name, moving.values.get(name)!, gradients.parameters[name]!, at, lossAt)),
      ...nodes.map((name) => checkOf(name, moving.inputs[name]!, gradients.nodes[name]!, at, lossAt)),
    ].map((check) => ({ ...check, agrees: check.difference <= Math.max(tolerance, 4 * check.resolution) }));
    checks.sort((a, b) => Number(a.agrees) - Number(b.agrees) || b.difference - a.difference);
    return { loss: at, agrees: checks.every(({ agrees }) => agrees), checks };
  } finally {
    planned.close();
    releaseParameters(engine, moving.parameters);
  }
}

/** Copies of parameters and inputs that can be moved. */
class Moving {
  readonly values: ReadonlyMap<string, Float32Array>;
  readonly parameters: Parameters;
  readonly inputs: Readonly<Record<string, Float32Array>>;

  constructor(parameters: Parameters, names: readonly string[], inputs: GradCheckOptions['inputs']) {
    const values = new Map(names.map((name) => [name, parameters.read(name).slice()]));
    this.values = values;
    this.parameters = new Parameters(
      parameters.names.map((name) => {
        const parameter = parameters.get(name);
        const moved = values.get(name);
        return [name, moved ? { shape: parameter.shape, read: () => moved } : parameter];
      }),
    );
    this.inputs = Object.fromEntries(Object.entries(inputs).map(([name, { values }]) => [name, values.slice()]));
  }
}

/** Two of three, as good as any half. */
const inHalf = (i: number): boolean => i % 3 !== 1;

function checkOf(
  name: string,
  values: Float32Array,
  gradient: Float32Array,
  loss: number,
  lossAt: () => number,
): Omit<GradientCheck, 'agrees'> {
  const norm = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0));
  if (!Number.isFinite(norm)) throw new NotFiniteError(`gradCheck: the gradient in "${name}" is not finite`);
  const directions = [
    gradient,
    gradient.map((g, i) => (inHalf(i) ? g : 0)),
    // Where the gradient is 0, the loss must not move.
    gradient.map((g, i) => (g === 0 ? (i % 2) * 2 - 1 : Math.sign(g))),
  ].filter((direction) => direction.some((d) => d !== 0));
  const ratios = directions.map((direction) => slopeRatio(values, direction, gradient, loss, lossAt));
  const worst = ratios.reduce((a, b) => (Math.abs(b.ratio - 1) > Math.abs(a.ratio - 1) ? b : a));
  return { name, norm, difference: Math.abs(worst.ratio - 1), resolution: worst.resolution };
}
