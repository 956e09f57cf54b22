import { InputError } from '../../core/errors.ts';
import { Pace } from '../../core/pace.ts';
import { elementsOf, type Shape } from '../../core/shape.ts';
import type { Tensor } from '../../graph/checkpoint.ts';
import type { Graph } from '../../graph/graph.ts';
import { type Parameter, Parameters } from '../../graph/parameters.ts';
import { type TrainingPlan, trainingPlan } from '../../graph/training-plan.ts';
import { replaceFile } from '../../io/replace-file.ts';
import { initialValues } from '../../models/initialise.ts';
import { batchDistances, isCollapsed } from '../evaluation/figures.ts';
import { BatchReader } from './batch-reader.ts';
import { checkHeld, heldOf, readCheckpoint, storeOf, writeCheckpoint } from './checkpoint.ts';
import type { Dataset } from './dataset.ts';
import type { ObjectiveSite } from './objectives.ts';
import { movedAverages } from './running-averages.ts';
import { classSampler, pairSampler, type Sampler, shotMajor } from './sampler.ts';
import { checkTrainOptions, type TrainOptions } from './train-options.ts';
import { graphHash, onlyInput, shapesOf, type TrainingGraph, trainingGraph } from './training-graph.ts';
import { Validation } from './validation.ts';

/** What one step came to. */
export interface TrainingStep {
  /** From 1. */
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
  /** The share of triplets or pairs whose loss is above 0; absent where the objective has none. */
  readonly activeFraction?: number;
  /** The share of the batch that is decided rightly, where the objective decides. */
  readonly accuracy?: number;
  /** Mean Euclidean distances in the batch: pairs of one class, of two, all. */
  readonly positiveDistance: number;
  readonly negativeDistance: number;
  readonly meanDistance: number;
  /** True where all embeddings of the batch have become one: the loss does not show it. */
  readonly collapsed: boolean;
  /** True where the batch held no triplet to learn from: the loss is 0, and nothing was learned. */
  readonly noTriplets: boolean;
  readonly learningRate: number;
  readonly imagesPerSecond: number;
  readonly secondsLeft: number;
  /** The measure on held-out classes, after the steps that have one. */
  readonly validation?: number;
}

/** Streams of the seed. */
const AUGMENT = 3;
const MODE = 0o644;

/**
 * A training that runs as it is iterated; leaving the loop pauses it, another loop goes on. `close` gives its memory back.
 */
export class EmbeddingTraining implements AsyncIterable<TrainingStep> {
  /** Steps that are done. */
  step = 0;
  readonly #options: TrainOptions;
  readonly #graph: TrainingGraph;
  readonly #plan: TrainingPlan;
  readonly #hash: string;
  readonly #input: string;
  readonly #output: string;
  readonly #sampler: Sampler;
  readonly #reader: BatchReader;
  readonly #batch: Float32Array;
  readonly #site: ObjectiveSite;
  readonly #shape: Shape;
  readonly #validation: Validation | undefined;

  constructor(graph: Graph, dataset: Dataset, options: TrainOptions) {
    const { objective, batch, seed = 0, trainable = () => true, shape = dataset.shape, validation, resume } = options;
    checkTrainOptions(options);
    this.#options = options;
    this.#shape = shape;
    this.#output = options.output ?? graph.nodes.at(-1)!.name;
    this.#input = onlyInput(graph);
    const lone = { lone: options.lone ?? 'fail' } as const;
    this.#sampler =
      'pairs' in batch
        ? pairSampler(dataset, { ...batch, seed, ...lone })
        : classSampler(dataset, { ...batch, seed, ...lone });
    this.#reader = new BatchReader(dataset, shape, options.augment);
    this.#batch = new Float32Array(this.#sampler.rows * elementsOf(shape));
    const [groups, each] = 'pairs' in batch ? [batch.pairs, 2] : [batch.classes, batch.each];
    const shapes = shapesOf(graph, this.#output, { [this.#input]: [this.#sampler.rows, ...shape] }, options.parameters);
    const dimension = shapes.get(graph.node(this.#output))![1]!;
    this.#site = { groups, each, dimension, classes: dataset.classes.length };
    this.#graph = trainingGraph(graph, this.#output, objective, this.#site, trainable, shapes);
    this.#hash = graphHash(this.#graph.graph);
    this.#plan = this.#makePlan(trainable);
    try {
      if (validation)
        this.#validation = new Validation(graph, this.#output, shape, validation, this.#plan, this.#sampler.rows);
      if (resume) this.#resume(resume);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #makePlan(trainable: (name: string) => boolean): TrainingPlan {
    const { parameters, optimizer, clipNorm, accumulate, recompute, seed = 0, engine } = this.#options;
    const { objective, norms, distances, graph } = this.#graph;
    const own = [...objective.tensors].map(([name, tensor]): [string, Parameter] => {
      const values = initialValues(name, tensor, seed);
      return [name, { shape: tensor.shape, read: () => values.slice() }];
    });
    const constants = Object.entries(objective.constants).map(([name, { shape, values }]): [string, Parameter] => [
      name,
      { shape, read: () => values.slice() },
    ]);
    const known = parameters.names.map((name): [string, Parameter] => [name, parameters.get(name)]);
    return trainingPlan(graph, {
      // What a store already holds of a head goes on from there.
      parameters: new Parameters([...own, ...constants, ...known]),
      inputs: { [this.#input]: [this.#sampler.rows, ...this.#shape], ...objective.inputs },
      outputs: [this.#output, distances, ...norms.map(({ moments }) => moments)],
      train: {
        loss: objective.loss.name,
        optimizer,
        trainable: (name) => !(name in objective.constants) && trainable(name),
        ...(clipNorm !== undefined && { clipNorm }),
        ...(accumulate !== undefined && { accumulate }),
        ...(recompute !== undefined && { recompute }),
      },
      ...(engine && { engine }),
    });
  }

  /** The parameters as they are now, frozen ones included: a copy. */
  get parameters(): Parameters {
    const { constants } = this.#graph.objective;
    const { parameters } = this.#plan;
    const names = parameters.names.filter((name) => !(name in constants));
    return storeOf(heldOf(parameters, names));
  }

  /** The parameters at the best validation so far; those of now where there was none. */
  get best(): Parameters {
    const best = this.#validation?.best;
    if (!best) return this.parameters;
    const now = this.parameters;
    return storeOf(new Map([...heldOf(now, now.names), ...best.parameters]));
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TrainingStep> {
    const { steps, checkpoint, signal } = this.#options;
    const pace = new Pace();
    while (this.step < steps && !this.#validation?.exhausted) {
      if (signal?.aborted) {
        if (checkpoint) await this.save(checkpoint.path);
        throw signal.reason;
      }
      const start = performance.now();
      const figures = this.#advance();
      pace.add(performance.now() - start);
      const validation = this.#validation?.after(this.step, steps, () =>
        heldOf(this.#plan.parameters, this.#plan.learned),
      );
      const last = this.step === steps || this.#validation?.exhausted === true;
      if (checkpoint && (last || this.step % checkpoint.every === 0)) await this.save(checkpoint.path);
      yield {
        ...figures,
        imagesPerSecond: (this.#sampler.rows * 1000) / pace.milliseconds,
        secondsLeft: ((steps - this.step) * pace.milliseconds) / 1000,
        ...(validation !== undefined && { validation }),
      };
      await pace.breathe();
    }
  }

  /** One step: a batch, forward, backward, update. */
  #advance(): Omit<TrainingStep, 'imagesPerSecond' | 'secondsLeft' | 'validation'> {
    const { seed = 0, steps, momentum = 0.1, objective } = this.#options;
    const { norms, distances, objective: built } = this.#graph;
    const batch = objective.shotMajor
      ? shotMajor(this.#sampler.batch(this.step), this.#site.groups, this.#site.each)
      : this.#sampler.batch(this.step);
    this.#reader.fill(this.#batch, batch.examples, seed, AUGMENT, this.step);
    const outputs = this.#plan.step({ [this.#input]: this.#batch, ...built.feed(batch, seed, this.step) });
    for (const norm of norms) {
      const { mean, variance } = movedAverages(this.#plan.parameters, norm, outputs[norm.moments]!, momentum);
      this.#plan.setParameter(norm.mean, mean);
      this.#plan.setParameter(norm.variance, variance);
    }
    this.step++;
    const loss = outputs[built.loss.name]!;
    const { activeFraction, accuracy, valid } = built.entries;
    const means = batchDistances(outputs[distances]!, batch.labels);
    return {
      step: this.step,
      steps,
      loss: loss[0]!,
      ...(activeFraction !== undefined && { activeFraction: loss[activeFraction]! }),
      ...(accuracy !== undefined && { accuracy: loss[accuracy]! }),
      positiveDistance: means.positive,
      negativeDistance: means.negative,
      meanDistance: means.all,
      collapsed: isCollapsed(outputs[this.#output]!, this.#sampler.rows, means.all),
      noTriplets: valid !== undefined && loss[valid] === 0,
      learningRate: this.#plan.report.learningRate,
    };
  }

  /** All of the training as a file, to go on from. */
  checkpoint(): Uint8Array {
    const best = this.#validation?.best;
    return writeCheckpoint({
      step: this.step,
      seed: this.#options.seed ?? 0,
      graph: this.#hash,
      parameters: heldOf(this.#plan.parameters, this.#plan.learned),
      optimizer: this.#plan.state(),
      ...(best && { best }),
    });
  }

  /** Writes a checkpoint, whole or not at all. */
  save(path: string): Promise<void> {
    return replaceFile('trainEmbedding', path, this.checkpoint(), MODE);
  }

  #resume(bytes: Uint8Array): void {
    const { seed = 0 } = this.#options;
    const checkpoint = readCheckpoint(bytes, this.#hash);
    if (checkpoint.seed !== seed)
      throw new InputError(`checkpoint: it was made with seed ${checkpoint.seed}, this training has ${seed}`);
    const now = this.#plan.parameters;
    checkHeld(checkpoint.parameters, now, this.#plan.learned);
    if (checkpoint.best) checkHeld(checkpoint.best.parameters, now, this.#plan.learned);
    const all = new Map<string, Tensor>([...heldOf(now, now.names), ...checkpoint.parameters]);
    this.#plan.restore(storeOf(all), checkpoint.optimizer);
    if (checkpoint.best) this.#validation?.restore(checkpoint.best);
    this.step = checkpoint.step;
  }

  /** Gives back the memory of the plans; parameters cannot be read afterwards. */
  close(): void {
    this.#validation?.close();
    this.#plan.close();
  }
}

/**
 * Trains an encoder, given as the graph that it is used by: its batch normalisation, frozen there, takes the batch's moments
 * while it learns, and its running averages are kept.
 *
 * @throws InputError where the dataset does not serve (one class only, a class with one example, a shape that does not
 * fit), WeightsError where a checkpoint is damaged or belongs to another graph.
 *
 * @example
 * const encoder = convEncoder({ size: 28, embedding: 64 });
 * const training = trainEmbedding(encoder.graph, dataset, {
 *   parameters: encoder.initialise(1),
 *   objective: triplets({ mining: 'semi-hard', margin: 0.2 }),
 *   batch: { classes: 16, each: 4 },
 *   optimizer: adam({ learningRate: 1e-3 }),
 *   steps: 1000,
 *   shape: encoder.shape,
 * });
 * for await (const { step, loss } of training) console.log(step, loss);
 */
export const trainEmbedding = (graph: Graph, dataset: Dataset, options: TrainOptions): EmbeddingTraining =>
  new EmbeddingTraining(graph, dataset, options);
