import { elementsOf, type Shape } from '../../core/shape.ts';
import type { Graph } from '../../graph/graph.ts';
import type { Parameters } from '../../graph/parameters.ts';
import { type Plan, plan } from '../../graph/plan.ts';
import type { Engine } from '../../runtime/engine.ts';
import type { AugmentOptions } from './augment.ts';
import { BatchReader } from './batch-reader.ts';
import type { Dataset } from './dataset.ts';

export interface EmbedOptions {
  readonly parameters: Parameters;
  /** Node that holds embeddings. Default: the graph's last one. */
  readonly output?: string;
  /** Shape of one row of the input. Default: that of the examples. */
  readonly shape?: Shape;
  /** Rows of a run. Default: 64. */
  readonly rows?: number;
  readonly engine?: Engine;
}

/** Embeds examples of datasets with one network. */
export class ExampleEncoder {
  /** Numbers in an embedding. */
  readonly dimension: number;
  readonly #plan: Plan;
  readonly #input: string;
  readonly #output: string;
  readonly #shape: Shape;
  readonly #rows: number;
  readonly #batch: Float32Array;
  readonly #out: Record<string, Float32Array>;

  constructor(graph: Graph, shape: Shape, { parameters, output, rows = 64, engine }: EmbedOptions) {
    this.#output = output ?? graph.nodes.at(-1)!.name;
    this.#input = graph.nodes.find((node) => !node.op)!.name;
    this.#shape = shape;
    this.#rows = rows;
    this.#plan = plan(graph, {
      parameters,
      inputs: { [this.#input]: [rows, ...shape] },
      outputs: [this.#output],
      ...(engine && { engine }),
    });
    this.dimension = elementsOf(this.#plan.outputs.get(this.#output)!) / rows;
    this.#batch = new Float32Array(rows * elementsOf(shape));
    this.#out = { [this.#output]: new Float32Array(rows * this.dimension) };
  }

  /**
   * Embeddings of some examples, a row each.
   * @param augment with `path`: each example is changed at random before, as a function of the path and its place
   */
  embed(
    dataset: Dataset,
    examples: ArrayLike<number>,
    augment?: AugmentOptions,
    path: readonly [number, ...number[]] = [0],
  ): Float32Array {
    const reader = new BatchReader(dataset, this.#shape, augment);
    const all = new Float32Array(examples.length * this.dimension);
    const list = Array.from(examples);
    for (let from = 0; from < list.length; from += this.#rows) {
      const part = list.slice(from, from + this.#rows);
      reader.fill(this.#batch, part, ...path, from);
      this.#plan.run({ [this.#input]: this.#batch }, this.#out);
      all.set(this.#out[this.#output]!.subarray(0, part.length * this.dimension), from * this.dimension);
    }
    return all;
  }

  close(): void {
    this.#plan.close();
  }
}

/**
 * Embeddings of all examples of a dataset, [examples, dimension], in the order of their numbers.
 * @throws InputError where the examples do not fit the graph's input.
 */
export function embedDataset(graph: Graph, dataset: Dataset, options: EmbedOptions): Float32Array {
  const encoder = new ExampleEncoder(graph, options.shape ?? dataset.shape, options);
  try {
    return encoder.embed(
      dataset,
      Int32Array.from({ length: dataset.size }, (_, i) => i),
    );
  } finally {
    encoder.close();
  }
}
