import type { Parameters } from '../graph/parameters.ts';
import { Plan } from '../graph/plan.ts';
import type { SquareOptions } from '../image/photo.ts';
import { type Architecture, inputShape } from '../models/architecture.ts';
import type { Engine } from '../runtime/engine.ts';

/** A network with its weights on an engine. It is planned when it first runs, once for each input size. */
export class Network<A extends Architecture = Architecture> {
  readonly architecture: A;
  /** The weights, checked. */
  readonly bound: Parameters;
  readonly #engine: Engine;
  readonly #memoryBudget: number | undefined;
  readonly #plans = new Map<number, Plan>();

  /**
   * @param memoryBudget The most bytes of packed filters that stay in memory.
   * @throws WeightsError naming the tensor that is missing or has another shape.
   */
  constructor(architecture: A, weights: Parameters, engine: Engine, memoryBudget?: number) {
    this.#memoryBudget = memoryBudget;
    this.architecture = architecture;
    this.bound = architecture.bind(weights);
    this.#engine = engine;
  }

  /** Plans it for its usual size, so that what it holds lies below what comes and goes, as photos. */
  prepare(): void {
    this.#planned(this.architecture.input.size);
  }

  /** How a photo's region becomes the network's input: where it is planned already, in place, until the next run. */
  sampling(size = this.architecture.input.size): SquareOptions {
    const { name, place, mean, divisor } = this.architecture.input;
    return { size, place, mean, divisor, into: this.#plans.get(size)?.inputView(name) };
  }

  /** Runs it on one picture, [size, size, 3]. */
  run(pixels: Float32Array): Record<string, Float32Array> {
    const { name } = this.architecture.input;
    return this.#planned(Math.sqrt(pixels.length / 3)).run({ [name]: pixels });
  }

  #planned(size: number): Plan {
    const known = this.#plans.get(size);
    if (known) return known;
    const { graph, input, outputs } = this.architecture;
    const plan = new Plan(graph, {
      parameters: this.bound,
      inputs: { [input.name]: inputShape(this.architecture, size) },
      outputs,
      engine: this.#engine,
      ...(this.#memoryBudget !== undefined && { memoryBudget: this.#memoryBudget }),
    });
    this.#plans.set(size, plan);
    return plan;
  }
}
