import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { weightsHash } from '../../../src/io/identity.ts';
import { arrayDataset } from '../../../src/metric/training/dataset.ts';
import {
  binaryHead,
  classifier,
  contrastive,
  episodes,
  type Objective,
  triplets,
} from '../../../src/metric/training/objectives.ts';
import type { TrainOptions } from '../../../src/metric/training/train-options.ts';
import { type TrainingStep, trainEmbedding } from '../../../src/metric/training/trainer.ts';
import { convEncoder } from '../../../src/models/conv-encoder.ts';
import { adam } from '../../../src/optimize/adam.ts';
import { createEngine } from '../../../src/runtime/create-engine.ts';
import { strokeDataset } from '../../support/shapes-dataset.ts';

const folder = mkdtempSync(join(tmpdir(), 'facsimile-train-'));
afterAll(() => rmSync(folder, { recursive: true }));

const encoder = convEncoder({ size: 12, filters: [8, 8], embedding: 16 });
const dataset = strokeDataset();
const held = strokeDataset({ first: 100 });
const semiHard = triplets({ mining: 'semi-hard', margin: 0.3, reduction: 'mean' });

const optionsOf = (more: Partial<TrainOptions> = {}): TrainOptions => ({
  parameters: encoder.initialise(1),
  objective: semiHard,
  batch: { classes: 4, each: 3 },
  optimizer: adam({ learningRate: 3e-3 }),
  steps: 12,
  seed: 5,
  ...more,
});
async function train(more: Partial<TrainOptions> = {}, data = dataset) {
  const training = trainEmbedding(encoder.graph, data, optionsOf(more));
  const steps: TrainingStep[] = [];
  for await (const step of training) steps.push(step);
  const result = { steps, hash: weightsHash(training.parameters), checkpoint: training.checkpoint(), training };
  training.close();
  return result;
}

describe('trainEmbedding', () => {
  const each: [Objective, Partial<TrainOptions>][] = [
    [semiHard, {}],
    [triplets({ mining: 'all', margin: 0.3, reduction: 'mean' }), {}],
    [triplets({ mining: 'hard', margin: 0.3, reduction: 'mean' }), {}],
    [triplets({ mining: 'random', margin: 0.3, reduction: 'mean' }), {}],
    [episodes({ temperature: 0.1 }), {}],
    [classifier(), {}],
    [contrastive({ margin: 1, reduction: 'mean' }), { batch: { pairs: 8 } }],
    [contrastive({ margin: 1, reduction: 'mean', convention: 'hadsell' }), { batch: { pairs: 8 } }],
    [binaryHead({ feature: 'absolute' }), { batch: { pairs: 8 } }],
  ];
  it.each(each)('learns by %o', async (objective, more) => {
    const { steps } = await train({ objective, steps: 120, ...more });
    expect(steps).toHaveLength(120);
    const mean = (from: TrainingStep[], of: (step: TrainingStep) => number) =>
      from.reduce((sum, step) => sum + of(step), 0) / from.length;
    const [start, end] = [steps.slice(0, 15), steps.slice(-15)];
    const apart = (step: TrainingStep) => step.negativeDistance - step.positiveDistance;
    expect(mean(end, apart)).toBeGreaterThan(mean(start, apart) + 0.1);
    if (objective.name !== 'triplets')
      expect(mean(end, ({ loss }) => loss)).toBeLessThan(mean(start, ({ loss }) => loss));
    const last = steps.at(-1)!;
    expect(last).toMatchObject({ step: 120, steps: 120, collapsed: false, secondsLeft: 0 });
    expect(last.imagesPerSecond).toBeGreaterThan(0);
  });

  it('learns with a head on |a − b| and on χ², whose features are not negative', async () => {
    const plain = convEncoder({ size: 12, filters: [8, 8], embedding: 0, normalized: false });
    const training = trainEmbedding(
      plain.graph,
      dataset,
      optionsOf({
        parameters: plain.initialise(1),
        objective: binaryHead({ feature: 'chiSquare' }),
        batch: { pairs: 8 },
        steps: 100,
      }),
    );
    const losses: number[] = [];
    for await (const { loss } of training) losses.push(loss);
    const mean = (from: number[]) => from.reduce((a, b) => a + b) / from.length;
    expect(mean(losses.slice(-10))).toBeLessThan(mean(losses.slice(0, 10)) * 0.8);
    expect(training.parameters.names).toContain('verifier/filters');
    training.close();
  });

  it('has the same bits for the same seed, and for any number of threads', async () => {
    const engine = await createEngine({ threads: 2 });
    const augment = { rotate: 10, elastic: 0.02 };
    const [one, again, two, other] = [
      await train({ augment }),
      await train({ augment }),
      await train({ augment, engine }),
      await train({ augment, seed: 6 }),
    ];
    engine.close();
    expect(again.hash).toBe(one.hash);
    expect(two.hash).toBe(one.hash);
    expect(other.hash).not.toBe(one.hash);
  });

  it('ends with the same bits where it was stopped and resumed, whatever the step', async () => {
    const validation = { dataset: held, every: 4, episodes: 20, ways: 4 };
    const whole = await train({ validation, augment: { shift: 0.05 } });
    for (const stopAt of [1, 5, 8]) {
      const training = trainEmbedding(encoder.graph, dataset, optionsOf({ validation, augment: { shift: 0.05 } }));
      for await (const { step } of training) if (step === stopAt) break;
      const resume = training.checkpoint();
      training.close();
      const resumed = await train({ validation, augment: { shift: 0.05 }, resume, parameters: encoder.initialise(9) });
      expect(resumed.steps[0]!.step).toBe(stopAt + 1);
      expect(resumed.checkpoint).toEqual(whole.checkpoint);
    }
  });

  it('keeps the running averages of batch normalisation', async () => {
    const training = trainEmbedding(encoder.graph, dataset, optionsOf({ steps: 60 }));
    const before = training.parameters.read('block1/norm/variance');
    for await (const _ of training);
    const after = training.parameters;
    expect(before).toEqual(new Float32Array(8).fill(1));
    expect(after.read('block1/norm/mean').some((v) => v !== 0)).toBe(true);
    for (const v of after.read('block1/norm/variance')) expect(v).toBeGreaterThan(0);
    training.close();
  });

  it('leaves a checkpoint and gives the reason where the signal says stop', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const path = join(folder, 'stopped.safetensors');
    const training = trainEmbedding(
      encoder.graph,
      dataset,
      optionsOf({ signal: stop.signal, checkpoint: { path, every: 1000 } }),
    );
    const seen: number[] = [];
    const run = (async () => {
      for await (const { step } of training) {
        seen.push(step);
        if (step === 3) stop.abort(reason);
      }
    })();
    await expect(run).rejects.toBe(reason);
    expect(seen).toEqual([1, 2, 3]);
    training.close();
    const resumed = await train({ resume: readFileSync(path) });
    expect(resumed.hash).toBe((await train()).hash);
    expect(readdirSync(folder)).toEqual(['stopped.safetensors']);
  });

  it('stops early where held-out classes get no better, and remembers the best', async () => {
    const { steps, training } = await train({
      steps: 200,
      optimizer: adam({ learningRate: 0 }),
      // Frozen weights and frozen averages: no validation can be better than the first.
      momentum: 1e-9,
      validation: { dataset: held, every: 2, patience: 3, episodes: 10, ways: 4 },
    });
    expect(steps.length).toBe(8);
    expect(steps.filter(({ validation }) => validation !== undefined).map(({ step }) => step)).toEqual([2, 4, 6, 8]);
    expect(training.step).toBe(8);
  });

  it('gets better at classes it never saw', async () => {
    const many = strokeDataset({ classes: 40 });
    const { steps } = await train(
      {
        steps: 150,
        objective: episodes({ temperature: 0.1 }),
        batch: { classes: 12, each: 2 },
        validation: { dataset: held, every: 150, episodes: 200, ways: 8 },
      },
      many,
    );
    // One of eight by chance.
    expect(steps.at(-1)!.validation).toBeGreaterThan(0.5);
  });

  it('says so where all embeddings have become one, and where there is no triplet', async () => {
    const zero = encoder.initialise(1);
    const { steps } = await train({
      steps: 1,
      parameters: {
        ...zero,
        names: zero.names,
        has: (name: string) => zero.has(name),
        get: (name: string) =>
          name === 'head/filters'
            ? { shape: zero.get(name).shape, read: () => new Float32Array(zero.read(name).length) }
            : name === 'head/bias'
              ? { shape: [16], read: () => new Float32Array(16).fill(1) }
              : zero.get(name),
        read: (name: string) => zero.read(name),
      } as typeof zero,
    });
    expect(steps[0]).toMatchObject({ collapsed: true, loss: 0, meanDistance: 0 });
  });

  it('trains what it is told to, and no gradient goes below', async () => {
    const { training, steps } = await train({ trainable: (name) => name.startsWith('head/') });
    expect(steps).toHaveLength(12);
    const frozen = encoder.initialise(1);
    const again = trainEmbedding(encoder.graph, dataset, optionsOf({ trainable: (name) => name.startsWith('head/') }));
    for await (const _ of again);
    for (const name of frozen.names) {
      const same = again.parameters.read(name).every((v, i) => v === frozen.read(name)[i]);
      expect(same, name).toBe(!name.startsWith('head/'));
    }
    again.close();
    expect(training.step).toBe(12);
  });

  describe('says what is wrong', () => {
    const expectError = (more: Partial<TrainOptions>, message: string, data = dataset) =>
      expect(() => trainEmbedding(encoder.graph, data, optionsOf(more))).toThrow(message);

    it('with the data', () => {
      const one = arrayDataset(
        [1, 2, 3].map(() => ({ class: 'a', values: new Float32Array(144) })),
        [12, 12, 1],
      );
      expectError({}, 'one class only ("a"): there is nothing to tell it from', one);
      expectError(
        { batch: { classes: 2, each: 2 }, shape: encoder.shape },
        "examples are [4], the network's input is [12,12,1] a row",
        arrayDataset(
          [
            { class: 'a', values: [1, 2, 3, 4] },
            { class: 'b', values: [1, 2, 3, 4] },
            { class: 'a', values: [1, 2, 3, 4] },
            { class: 'b', values: [1, 2, 3, 4] },
          ],
          [4],
        ),
      );
    });

    it('with the options', () => {
      expectError({ batch: { pairs: 4 } }, 'triplets takes batches of classes, got {"pairs":4}');
      expectError({ steps: 0 }, 'steps must be a whole number of at least 1, got 0');
      expectError({ seed: -1 }, 'seed must be a whole number of at least 0, got -1');
      expectError({ output: 'block1' }, 'node "block1" must hold embeddings, [N,D], got [12,6,6,8]');
    });

    it('with the checkpoint: cut off, of another graph, of another seed, none', async () => {
      const { checkpoint } = await train({ steps: 1 });
      for (const length of [0, 7, 100, checkpoint.length - 1])
        expectError({ resume: checkpoint.slice(0, length) }, 'safetensors');
      expectError({ resume: checkpoint, seed: 6 }, 'it was made with seed 5, this training has 6');
      expectError({ resume: checkpoint, objective: classifier() }, 'it belongs to another graph or objective');
      const other = convEncoder({ size: 12, filters: [8, 8], embedding: 8 });
      expect(() =>
        trainEmbedding(other.graph, dataset, optionsOf({ parameters: other.initialise(1), resume: checkpoint })),
      ).toThrow('head/filters');
    });
  });
});
