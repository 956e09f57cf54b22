import { InputError, SoundError } from '../core/errors.ts';
import { exp, log } from '../core/math.ts';
import { Lbfgs } from '../optimize/lbfgs.ts';
import { defaultEngine, type Engine } from '../runtime/engine.ts';
import { griffinLim } from '../signal/griffin-lim.ts';
import { resample } from '../signal/resample.ts';
import { mono, type Sound } from '../signal/sound.ts';
import { type Spectrogram, spectrogram } from '../signal/spectrogram.ts';
import { type SoundLosses, SoundObjective } from './sound-objective.ts';

export interface SoundStyleOptions {
  /** What is said or played: its length and its rate are those of the result. */
  readonly content: Sound;
  /** Whose texture it takes on. */
  readonly style: Sound;
  /** α and β, shares of what the losses are at the start. Defaults: 0.1 and 1. */
  readonly contentWeight?: number;
  readonly styleWeight?: number;
  /** Iterations of L-BFGS. Default: 100. */
  readonly steps?: number;
  /** Samples of a frame, a power of two, and from frame to frame. Defaults: 512 and a quarter. */
  readonly size?: number;
  readonly hop?: number;
  /** Random filters, and frames that each spans. Few leave hiss: they do not see it. Defaults: 1024 and 11. */
  readonly filters?: number;
  readonly width?: number;
  /** Of the filters and of the phases. Default: 1. */
  readonly seed?: number;
  readonly engine?: Engine;
}

/** What one iteration came to. */
export interface SoundStyleStep {
  readonly iteration: number;
  readonly of: number;
  readonly losses: SoundLosses;
  /** The magnitudes so far, [frames, size/2 + 1]. */
  spectrogram(): Spectrogram;
  /** A sound with these magnitudes, by Griffin–Lim. */
  sound(): Sound;
}

/** ln(1 + magnitude): quiet parts count too. */
const compressed = ({ values, frames, bands }: Spectrogram): Spectrogram => ({
  values: values.map((value) => log(1 + value)),
  frames,
  bands,
});

const expanded = ({ values, frames, bands }: Spectrogram): Spectrogram => ({
  values: values.map((value) => Math.max(0, exp(value) - 1)),
  frames,
  bands,
});

function check({
  steps = 100,
  filters = 1024,
  width = 11,
  contentWeight = 0.1,
  styleWeight = 1,
}: SoundStyleOptions): void {
  for (const [name, value] of Object.entries({ steps, filters, width }))
    if (!Number.isInteger(value) || value < 1)
      throw new InputError(`stylizeSound: ${name} must be a whole number of at least 1, got ${value}`);
  for (const [name, value] of Object.entries({ contentWeight, styleWeight }))
    if (!(value >= 0 && Number.isFinite(value)))
      throw new InputError(`stylizeSound: ${name} must be a finite number of at least 0, got ${value}`);
}

/**
 * Gives one sound the texture of another (D. Ulyanov & V. Lebedev, Audio texture synthesis and style transfer, 2016): the
 * spectrogram is a sequence with frequencies as channels, one layer of random filters over time sees it, style is the Gram matrix of
 * what they give, and L-BFGS changes the content's spectrogram until both fit. Phases come from Griffin–Lim. Equal seeds give equal
 * bits on every engine.
 *
 * @throws InputError where an option is out of range, SoundError where a sound is shorter than the filters
 * @example
 * for await (const step of stylizeSound({ content: speech, style: music })) if (step.iteration === step.of) save(step.sound());
 */
export async function* stylizeSound(options: SoundStyleOptions): AsyncGenerator<SoundStyleStep> {
  check(options);
  const { content, style, contentWeight = 0.1, styleWeight = 1, steps = 100, size = 512, hop = size / 4 } = options;
  const { filters = 1024, width = 11, seed = 1, engine = defaultEngine() } = options;
  const sampleRate = Math.round(content.sampleRate);
  const framing = { size, hop, engine };
  const see = (samples: Float32Array): Spectrogram => compressed(spectrogram(samples, { ...framing, power: 1 }));
  const samples = mono(content);
  const from = see(samples);
  const like = see(resample(mono(style), Math.round(style.sampleRate), sampleRate));
  for (const [name, { frames }] of Object.entries({ content: from, style: like }))
    if (frames < width)
      throw new SoundError(`stylizeSound: the ${name} has ${frames} frames, filters span ${width}: it is too short`);
  const weights = { content: contentWeight, style: styleWeight };
  const objective = new SoundObjective(from, like, { count: filters, width, seed }, weights, engine);
  const search = new Lbfgs(objective.elements, { engine });
  const point = engine.regions.allocate(objective.elements * 4);
  try {
    engine.memory.f32(point.address, objective.elements).set(from.values);
    let losses: SoundLosses = { content: 0, style: 0, total: 0 };
    for (let iteration = 1; iteration <= steps; iteration++) {
      search.step(point.address, (at, gradient) => {
        losses = objective.evaluate(at, gradient);
        return losses.total;
      });
      const values = engine.memory.f32(point.address, objective.elements).slice();
      const magnitudes = (): Spectrogram => expanded({ ...from, values });
      yield {
        iteration,
        of: steps,
        losses,
        spectrogram: magnitudes,
        sound: () => ({
          channels: [griffinLim(magnitudes(), { ...framing, seed, length: samples.length })],
          sampleRate,
        }),
      };
    }
  } finally {
    engine.regions.free(point);
    search.close();
    objective.close();
  }
}
