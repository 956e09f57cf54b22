import type { Shape } from '../core/shape.ts';
import type { Padding } from '../core/window.ts';
import { Graph, type Node } from '../graph/graph.ts';
import { affine } from '../graph/ops/affine.ts';
import { conv } from '../graph/ops/conv.ts';
import { dense } from '../graph/ops/dense.ts';
import { depthwiseConv } from '../graph/ops/depthwise-conv.ts';
import type { Parameter, Parameters } from '../graph/parameters.ts';
import { type Architecture, bindTensors, type NetworkInput } from './architecture.ts';

/** Options of a convolution: `filters` and `bias` are names of tensors. */
export interface ConvOptions {
  readonly filters: string;
  readonly shape: readonly [number, number, number, number];
  readonly bias?: string;
  readonly stride?: number;
  readonly padding?: Padding;
}

/** Builds a graph and writes down the tensors that its nodes name, with the shapes they must have. */
export class ModelBuilder {
  readonly graph = new Graph();
  readonly #name: string;
  readonly #tensors = new Map<string, Shape>();
  readonly #derived = new Map<string, (tensors: Parameters) => Parameter>();

  /** @param name Name of the network. */
  constructor(name: string) {
    this.#name = name;
  }

  /** Notes a tensor that the network needs; gives its name back. */
  tensor(name: string, shape: Shape): string {
    this.#tensors.set(name, shape);
    return name;
  }

  conv(name: string, x: Node, { filters, shape, bias, stride = 1, padding = 'same' }: ConvOptions): Node {
    return this.graph.apply(conv, [x], {
      name,
      attributes: { stride, padding },
      parameters: {
        filters: this.tensor(filters, shape),
        ...(bias !== undefined && { bias: this.tensor(bias, [shape[3]]) }),
      },
    });
  }

  /** 3×3 filters, one a channel. */
  depthwise(name: string, x: Node, filters: string, channels: number, stride = 1): Node {
    return this.graph.apply(depthwiseConv, [x], {
      name,
      attributes: { stride, padding: 'same' },
      parameters: { filters: this.tensor(filters, [3, 3, channels, 1]) },
    });
  }

  /** Separable convolution: 3×3 depthwise, then 1×1 with the bias of both, nothing between. */
  separable(name: string, x: Node, from: number, to: number, stride = 1): Node {
    const spatial = this.depthwise(`${name}/depthwise`, x, `${name}/depthwise_filter`, from, stride);
    return this.conv(name, spatial, {
      filters: `${name}/pointwise_filter`,
      shape: [1, 1, from, to],
      bias: `${name}/bias`,
    });
  }

  dense(name: string, x: Node, filters: string, from: number, to: number, bias?: string): Node {
    return this.graph.apply(dense, [x], {
      name,
      parameters: {
        filters: this.tensor(filters, [from, to]),
        ...(bias !== undefined && { bias: this.tensor(bias, [to]) }),
      },
    });
  }

  /** y = x·scale + shift, both tensors. */
  affine(name: string, x: Node, scale: string, shift: string, channels: number): Node {
    return this.graph.apply(affine, [x], {
      name,
      parameters: { scale: this.tensor(scale, [channels]), shift: this.tensor(shift, [channels]) },
    });
  }

  /**
   * Batch normalisation at inference, y = (x − mean)·gamma/√(variance + ε) + beta, as an affine: its scale and shift are
   * derived from the tensors `name/gamma`, `/beta`, `/moving_mean` and `/moving_variance`.
   */
  batchNormalization(name: string, x: Node, channels: number, epsilon: number): Node {
    const [gamma, beta, mean, variance] = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map((part) =>
      this.tensor(`${name}/${part}`, [channels]),
    ) as [string, string, string, string];
    const factors = (tensors: Parameters): Float64Array => {
      const g = tensors.read(gamma);
      const v = tensors.read(variance);
      return Float64Array.from(g, (value, c) => value / Math.sqrt(v[c]! + epsilon));
    };
    const derive = (part: string, read: (tensors: Parameters) => Float32Array): string => {
      this.#derived.set(`${name}/${part}`, (tensors) => ({ shape: [channels], read: () => read(tensors) }));
      return `${name}/${part}`;
    };
    return this.graph.apply(affine, [x], {
      name,
      parameters: {
        scale: derive('scale', (tensors) => Float32Array.from(factors(tensors))),
        shift: derive('shift', (tensors) => {
          const factor = factors(tensors);
          const m = tensors.read(mean);
          return tensors.read(beta).map((value, c) => value - m[c]! * factor[c]!);
        }),
      },
    });
  }

  /** The finished network. */
  finish(input: NetworkInput, outputs: readonly string[]): Architecture {
    return {
      name: this.#name,
      graph: this.graph,
      input,
      outputs,
      tensors: this.#tensors,
      bind: (parameters) => bindTensors(this.#name, this.#tensors, this.#derived, parameters),
    };
  }
}
