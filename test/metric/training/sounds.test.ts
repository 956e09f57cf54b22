import { describe, expect, it } from 'vitest';
import { Rng } from '../../../src/core/rng.ts';
import { embedDataset } from '../../../src/metric/training/embed.ts';
import { embedSounds } from '../../../src/metric/training/embed-sounds.ts';
import { triplets } from '../../../src/metric/training/objectives.ts';
import { soundDataset } from '../../../src/metric/training/sound-dataset.ts';
import { trainEmbedding } from '../../../src/metric/training/trainer.ts';
import { convEncoder } from '../../../src/models/conv-encoder.ts';
import { readSoundEncoder, writeSoundEncoder } from '../../../src/models/sound-encoder-file.ts';
import { adam } from '../../../src/optimize/adam.ts';
import type { Spectrogram } from '../../../src/signal/spectrogram.ts';

const BANDS = 6;
const FRAMES = 8;

/** A sound of a kind: one band is loud, a little noise on all. */
function kind(band: number, seed: number, frames = 11): Spectrogram {
  const rng = new Rng(seed, band);
  const values = Float32Array.from(
    { length: frames * BANDS },
    (_, i) => (i % BANDS === band ? 1 : 0) + 0.1 * rng.normal(),
  );
  return { values, frames, bands: BANDS };
}
const examples = [0, 2, 4].flatMap((band) =>
  [1, 2, 3, 4].map((seed) => ({ class: `band ${band}`, features: kind(band, seed) })),
);
const options = { size: [FRAMES], channels: BANDS, filters: [8], pool: [false], average: true, embedding: 4 };
const input = {
  sampleRate: 8000,
  size: 256,
  hop: 80,
  bands: BANDS,
  frames: FRAMES,
  fit: 'loop',
  evenLoudness: true,
} as const;

describe('soundDataset', () => {
  it('reads the first window, and varies it by its random numbers alone', () => {
    const dataset = soundDataset(examples, {
      frames: FRAMES,
      variation: { gain: 0.1, tilt: 0.1, maskBands: 2, maskFrames: 2 },
    });
    expect(dataset.shape).toEqual([FRAMES, BANDS]);
    expect(dataset.classes.map(({ name }) => name)).toEqual(['band 0', 'band 2', 'band 4']);
    const [read, first, again, other] = Array.from({ length: 4 }, () => new Float32Array(FRAMES * BANDS));
    dataset.read(0, read!);
    expect(read).toEqual(examples[0]!.features.values.subarray(0, FRAMES * BANDS));
    for (const [into, seed] of [
      [first!, 1],
      [again!, 1],
      [other!, 2],
    ] as const)
      dataset.vary!(0, into, new Rng(seed));
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('masks at most so many bands and frames, all side by side', () => {
    const flat = { values: new Float32Array(11 * BANDS).fill(1), frames: 11, bands: BANDS };
    const dataset = soundDataset([{ class: 'a', features: flat }], {
      frames: FRAMES,
      variation: { maskBands: 3, maskFrames: 2 },
    });
    const seen = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const into = new Float32Array(FRAMES * BANDS);
      dataset.vary!(0, into, new Rng(seed));
      const rows = Array.from({ length: FRAMES }, (_, i) => into.subarray(i * BANDS, (i + 1) * BANDS));
      const silent = rows.filter((row) => row.every((value) => value === 0)).length;
      const kept = rows.find((row) => row.some((value) => value !== 0))!;
      const bands = kept.filter((value) => value === 0).length;
      expect(silent).toBeLessThanOrEqual(2);
      expect(bands).toBeLessThanOrEqual(3);
      seen.add(bands);
    }
    expect(seen.size).toBe(4);
  });

  it.each([
    [[], {}, 'soundDataset: there are no sounds'],
    [
      [...examples, { class: 'x', features: { values: new Float32Array(5), frames: 1, bands: 5 } }],
      {},
      'sound 12 ("x") must have 6 bands and a frame or more, got [1,5]',
    ],
    [examples, { maskBands: 7 }, 'maskBands must be a whole number from 0 to 6, got 7'],
    [examples, { gain: -1 }, 'gain must be a finite number of at least 0, got -1'],
  ])('refuses what does not serve', (list, variation, message) => {
    expect(() => soundDataset(list, { frames: FRAMES, variation })).toThrow(message);
  });
});

describe('an encoder of sounds', () => {
  const encoder = convEncoder(options);
  async function trained(steps: number) {
    const dataset = soundDataset(examples, { frames: FRAMES, variation: { gain: 0.05 } });
    const training = trainEmbedding(encoder.graph, dataset, {
      parameters: encoder.initialise(1),
      objective: triplets({ mining: 'hard', margin: 0.3 }),
      batch: { classes: 3, each: 4 },
      optimizer: adam({ learningRate: 1e-2 }),
      steps,
      seed: 1,
      augment: 'own',
    });
    let loss = Number.NaN;
    for await (const step of training) loss = step.loss;
    const { parameters } = training;
    training.close();
    return { parameters, loss };
  }

  it('learns, with the same bits each time', async () => {
    const [first, again] = [await trained(25), await trained(25)];
    const name = 'block1/conv/filters';
    expect(again.parameters.read(name)).toEqual(first.parameters.read(name));
    expect(first.loss).toBeLessThan((await trained(1)).loss);
  });

  it('gives embeddings of length 1 that do not hang on the length of the sound', () => {
    const parameters = encoder.initialise(1);
    const constant = (frames: number): Spectrogram => ({
      values: Float32Array.from({ length: frames * BANDS }, (_, i) => (i % BANDS) / 3),
      frames,
      bands: BANDS,
    });
    const [short, long] = embedSounds(encoder.graph, [constant(3), constant(40)], {
      parameters,
      output: encoder.output,
      frames: FRAMES,
    });
    expect(Math.hypot(...short!)).toBeCloseTo(1, 6);
    expect(short).toEqual(long);
  });

  it("is trained by 'own' variations only where the dataset has them", () => {
    const plain = { ...soundDataset(examples, { frames: FRAMES }), vary: undefined as never };
    const start = () =>
      trainEmbedding(encoder.graph, plain, {
        parameters: encoder.initialise(1),
        objective: triplets({ mining: 'hard', margin: 0.3 }),
        batch: { classes: 3, each: 2 },
        optimizer: adam({ learningRate: 1e-2 }),
        steps: 1,
        augment: 'own',
      });
    expect(start).toThrow("training: augment 'own' needs a dataset that varies its examples and gives [8,6]");
  });

  it('comes back from its file as it was', () => {
    const parameters = encoder.initialise(3);
    const file = writeSoundEncoder({ options, input, parameters, threshold: 0.7 });
    const back = readSoundEncoder(file);
    expect(back).toMatchObject({ input, threshold: 0.7 });
    const dataset = soundDataset(examples, { frames: FRAMES });
    const embed = (from: typeof parameters) =>
      embedDataset(encoder.graph, dataset, { parameters: from, output: encoder.output });
    expect(embed(back.parameters)).toEqual(embed(parameters));
  });

  it('refuses files that hold none', () => {
    const parameters = encoder.initialise(3);
    const broken = (change: object) => () =>
      readSoundEncoder(writeSoundEncoder({ options, input, parameters, threshold: 0.7, ...change }));
    expect(broken({ threshold: -1 })).toThrow(/its description is not one of version 1/);
    expect(broken({ input: { ...input, hop: 0 } })).toThrow(/hop must be a whole number of at least 1, got 0/);
    expect(() => readSoundEncoder(new Uint8Array(20))).toThrow();
  });
});
