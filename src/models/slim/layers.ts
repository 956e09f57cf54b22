import type { Padding } from '../../core/window.ts';
import type { Node } from '../../graph/graph.ts';
import { maxPool } from '../../graph/ops/max-pool.ts';
import { relu } from '../../graph/ops/relu.ts';
import type { ModelBuilder } from '../builder.ts';

/** Output channels of a convolution and its window, called as its scope in TF-slim. */
export interface SlimConv {
  readonly name: string;
  readonly channels: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly padding?: Padding;
  /** False for logits. Default: true. */
  readonly active?: boolean;
}

/** Convolutions with bias and ReLU, and max pools, one behind another: tensors `name/weights` and `name/biases`. */
export class SlimLayers {
  readonly #builder: ModelBuilder;
  #last: Node;
  #channels = 3;

  constructor(builder: ModelBuilder) {
    this.#builder = builder;
    this.#last = builder.graph.input('image');
  }

  conv({ name, channels, kernel, stride = 1, padding = 'same', active = true }: SlimConv): this {
    const linear = this.#builder.conv(active ? `${name}/linear` : name, this.#last, {
      filters: `${name}/weights`,
      shape: [kernel, kernel, this.#channels, channels],
      bias: `${name}/biases`,
      stride,
      padding,
    });
    this.#last = active ? this.#builder.graph.apply(relu, [linear], { name }) : linear;
    this.#channels = channels;
    return this;
  }

  pool(name: string, size: number): this {
    this.#last = this.#builder.graph.apply(maxPool, [this.#last], { name, attributes: { size, stride: 2 } });
    return this;
  }
}
