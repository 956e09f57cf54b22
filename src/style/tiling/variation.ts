import { type Activation, type GradientAddresses, identity, noAddresses, type Site } from '../../graph/op.ts';
import { type TotalVariationAttributes, totalVariation } from '../../graph/ops/total-variation.ts';
import type { Region } from '../../runtime/regions.ts';
import type { Goal } from '../objective.ts';

/** Total variation of a picture where it lies: its kernels need no copy of it, and no memory but the gradient's. */
export class Variation {
  readonly #goal: Goal;
  readonly #site: Site<TotalVariationAttributes>;
  /** The loss, and its weight behind it. */
  readonly #pair: Region;
  readonly #bytes: number;

  constructor(goal: Goal) {
    const { network, size, variation, engine } = goal;
    const { weight: _, ...attributes } = variation;
    const image = [1, size.height, size.width, network.input.channels];
    this.#goal = goal;
    this.#bytes = size.height * size.width * network.input.channels * 4;
    this.#site = {
      attributes,
      inputs: [image],
      output: totalVariation.shape([image], attributes, {}),
      parameters: {},
      activation: identity satisfies Activation,
      kernel: totalVariation.name,
    };
    this.#pair = engine.regions.allocate(8);
  }

  /** Gives the weighted loss of the picture at `image` and overwrites its gradient. */
  evaluate(image: number, gradient: number): number {
    const { engine, variation } = this.#goal;
    const { kernels, memory } = engine;
    if (variation.weight === 0) {
      memory.u8(gradient, this.#bytes).fill(0);
      return 0;
    }
    const weight = Math.fround(variation.weight);
    memory.f32(this.#pair.address, 2)[1] = weight;
    const at: GradientAddresses = {
      ...noAddresses(1),
      inputs: [image],
      output: this.#pair.address,
      inputGradients: [gradient],
      outputGradient: this.#pair.address + 4,
    };
    totalVariation.forward(kernels, this.#site, at, engine);
    totalVariation.backward!.run(kernels, this.#site, at, engine);
    return weight * memory.f32(this.#pair.address, 1)[0]!;
  }

  close(): void {
    this.#goal.engine.regions.free(this.#pair);
  }
}
