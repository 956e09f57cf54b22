import { InputError } from '../core/errors.ts';
import { exp } from '../core/math.ts';
import { elementsOf } from '../core/shape.ts';
import { type Plan, plan } from '../graph/plan.ts';
import type { Engine } from '../runtime/engine.ts';
import { resample } from '../signal/resample.ts';
import { mono, type Sound } from '../signal/sound.ts';
import type { LayersModel } from './layers-model/tfjs-layers.ts';

/** What CREPE hears at once, and its rate. */
const RATE = 16000;
const WINDOW = 1024;
const BINS = 360;
/** Bin i stands for 1997.38 + 20·i cents above 10 Hz: 32.7 Hz, which is C1, and every fifth of a semitone above it. */
const FIRST_CENTS = 1997.3794084376191;
const CENTS_PER_BIN = 20;
const REFERENCE = 10;
/** Bins on either side of the likeliest that its neighbourhood's mean takes in. */
const AROUND = 4;
/** Windows that go through the network together. */
const BATCH = 16;

/** The pitch of one moment. */
export interface Pitch {
  /** Seconds; the middle of the window. */
  readonly time: number;
  readonly hertz: number;
  /** The likeliest bin's activation, 0 … 1: how sure the network is that there is a pitch. */
  readonly confidence: number;
}

export interface PitchOptions {
  /** Seconds from one pitch to the next. Default: 0.01. */
  readonly step?: number;
}

/** The mean of the bins around the likeliest, weighted by activation, in cents above 10 Hz. */
export function pitchCents(activations: ArrayLike<number>): { readonly cents: number; readonly confidence: number } {
  let best = 0;
  for (let i = 1; i < BINS; i++) if (activations[i]! > activations[best]!) best = i;
  let [sum, weights] = [0, 0];
  for (let i = Math.max(0, best - AROUND); i <= Math.min(BINS - 1, best + AROUND); i++) {
    sum += activations[i]! * (FIRST_CENTS + CENTS_PER_BIN * i);
    weights += activations[i]!;
  }
  return { cents: sum / weights, confidence: activations[best]! };
}

export const hertzOfCents = (cents: number): number => REFERENCE * exp((cents / 1200) * Math.LN2);

/**
 * Follows the pitch of one voice or instrument with CREPE (J. W. Kim, J. Salamon, P. Li & J. P. Bello, CREPE: a convolutional
 * representation for pitch estimation, 2018): every 10 ms, 1024 samples at 16 kHz, each window with mean 0 and deviation 1.
 *
 * @example
 * const crepe = new Crepe(await loadLayersModel('crepe/model.json', { dropUnitAxis: true }));
 * for (const { time, hertz, confidence } of crepe.follow(await readSound('song.wav'))) …
 */
export class Crepe {
  readonly #plan: Plan;
  readonly #input: string;
  readonly #output: string;
  readonly #batch = new Float32Array(BATCH * WINDOW);

  /** @throws InputError where the model does not take [1024, 1] and give 360 numbers */
  constructor(model: LayersModel, engine?: Engine) {
    const [input, shape] = [...model.inputs][0] ?? [];
    if (input === undefined || model.inputs.size !== 1 || shape?.join() !== `${WINDOW},1` || model.outputs.length !== 1)
      throw new InputError(
        `crepe: the model must take one [${WINDOW},1] (load it with dropUnitAxis), got ${[...model.inputs.values()].map((s) => `[${s}]`).join(' ')}`,
      );
    this.#input = input;
    this.#output = model.outputs[0]!;
    this.#plan = plan(model.graph, {
      parameters: model.parameters,
      inputs: { [input]: [BATCH, WINDOW, 1] },
      outputs: [this.#output],
      ...(engine && { engine }),
    });
    const bins = elementsOf(this.#plan.outputs.get(this.#output)!) / BATCH;
    if (bins !== BINS) throw new InputError(`crepe: the model must give ${BINS} bins, got ${bins}`);
  }

  /** @throws SoundError where the sound is not finite, InputError where the step is not above 0 */
  follow(sound: Sound, { step = 0.01 }: PitchOptions = {}): Pitch[] {
    if (!(step > 0 && Number.isFinite(step))) throw new InputError(`crepe: step must be above 0, got ${step}`);
    const samples = resample(mono(sound), Math.round(sound.sampleRate), RATE);
    // A hair more, for steps that divide the length.
    const count = 1 + Math.floor(samples.length / (step * RATE) + 1e-9);
    const pitches: Pitch[] = [];
    for (let from = 0; from < count; from += BATCH) {
      const rows = Math.min(BATCH, count - from);
      for (let row = 0; row < rows; row++)
        writeNormalised(samples, Math.round((from + row) * step * RATE) - WINDOW / 2, this.#batch, row * WINDOW);
      const out = this.#plan.run({ [this.#input]: this.#batch })[this.#output]!;
      for (let row = 0; row < rows; row++) {
        const { cents, confidence } = pitchCents(out.subarray(row * BINS, (row + 1) * BINS));
        pitches.push({ time: (from + row) * step, hertz: hertzOfCents(cents), confidence });
      }
    }
    return pitches;
  }

  close(): void {
    this.#plan.close();
  }
}

/** 1024 samples from `first` on, zeros beyond the ends, with mean 0 and deviation 1; silence stays 0. */
function writeNormalised(samples: Float32Array, first: number, into: Float32Array, at: number): void {
  const window = into.subarray(at, at + WINDOW).fill(0);
  for (let i = Math.max(0, -first); i < WINDOW && first + i < samples.length; i++) window[i] = samples[first + i]!;
  const mean = window.reduce((sum, value) => sum + value, 0) / WINDOW;
  const variance = window.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / WINDOW;
  const scale = 1 / Math.max(Math.sqrt(variance), 1e-8);
  for (let i = 0; i < WINDOW; i++) window[i] = (window[i]! - mean) * scale;
}
