import { InputError } from '../../core/errors.ts';
import type { Shape } from '../../core/shape.ts';
import type { Tensor } from '../../graph/checkpoint.ts';
import type { Graph } from '../../graph/graph.ts';
import { refreshParameters } from '../../graph/packed.ts';
import type { TrainingPlan } from '../../graph/training-plan.ts';
import type { Label } from '../evaluation/labelled.ts';
import { nWayKShot } from '../evaluation/n-way.ts';
import type { Dataset } from './dataset.ts';
import { ExampleEncoder } from './embed.ts';

export interface ValidationOptions {
  /** Classes that are held out: the measure is how often one example of each is enough to tell them apart. */
  readonly dataset: Dataset;
  /** Steps from one validation to the next; there is one after the last step too. */
  readonly every: number;
  /** Stops after so many validations without a better one. Default: never. */
  readonly patience?: number;
  /** Classes of an episode. Default: 20, or as many as there are. */
  readonly ways?: number;
  /** Default: 400. */
  readonly episodes?: number;
  /** The classes of an episode are of one group, such as letters of one alphabet. Default: all are one group. */
  readonly groupOf?: (className: string) => Label;
}

/** What the best validation so far left. */
interface Best {
  readonly score: number;
  readonly step: number;
  /** Validations since then. */
  readonly since: number;
  readonly parameters: ReadonlyMap<string, Tensor>;
}

const DEFAULT_WAYS = 20;

/** Measures an encoder on held-out classes while it learns, and remembers the best. */
export class Validation {
  best: Best | undefined;
  readonly #options: ValidationOptions;
  readonly #training: TrainingPlan;
  readonly #encoder: ExampleEncoder;
  readonly #examples: readonly number[];
  readonly #labels: readonly string[];

  constructor(
    graph: Graph,
    output: string,
    shape: Shape,
    options: ValidationOptions,
    training: TrainingPlan,
    rows: number,
  ) {
    const { every, patience, dataset } = options;
    for (const [name, value] of [['every', every] as const, ['patience', patience ?? 1] as const])
      if (!Number.isInteger(value) || value < 1)
        throw new InputError(`validation: ${name} must be a whole number of at least 1, got ${value}`);
    this.#options = options;
    this.#training = training;
    this.#examples = dataset.classes.flatMap(({ examples }) => examples);
    this.#labels = dataset.classes.flatMap(({ name, examples }) => examples.map(() => name));
    const { parameters, engine } = training;
    this.#encoder = new ExampleEncoder(graph, shape, { parameters, output, rows, engine });
  }

  /** True where patience has run out. */
  get exhausted(): boolean {
    const { patience = Number.POSITIVE_INFINITY } = this.#options;
    return this.best !== undefined && this.best.since >= patience;
  }

  /** Measures after a step that is due for it; `held` copies the parameters. */
  after(step: number, steps: number, held: () => ReadonlyMap<string, Tensor>): number | undefined {
    if (step % this.#options.every !== 0 && step !== steps) return undefined;
    const score = this.#measure();
    if (!this.best || score > this.best.score) this.best = { score, step, since: 0, parameters: held() };
    else this.best = { ...this.best, since: this.best.since + 1 };
    return score;
  }

  restore(best: Best): void {
    this.best = best;
  }

  #measure(): number {
    const { dataset, ways, episodes = 400, groupOf } = this.#options;
    refreshParameters(this.#training.engine, this.#training.parameters);
    const rows = this.#encoder.embed(dataset, this.#examples);
    const { dimension } = this.#encoder;
    const embeddings = this.#examples.map((_, i) => rows.subarray(i * dimension, (i + 1) * dimension));
    return nWayKShot(embeddings, this.#labels, {
      ways: ways ?? Math.min(DEFAULT_WAYS, dataset.classes.length),
      episodes,
      ...(groupOf && { groupOf: (label: Label) => groupOf(label as string) }),
    }).accuracy;
  }

  close(): void {
    this.#encoder.close();
  }
}
