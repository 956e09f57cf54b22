import { InputError, SoundError } from '../core/errors.ts';
import type { Engine } from '../runtime/engine.ts';
import { rootMeanSquare } from './alter.ts';
import { melSpectrogram } from './mel.ts';
import { resample } from './resample.ts';
import { checkSound, mono, type Sound } from './sound.ts';
import { decibels, type Spectrogram } from './spectrogram.ts';

/** How sounds become an encoder's input: levels of mel bands, as a sequence of frames. */
export interface SoundInput {
  /** Sounds of another rate are resampled. */
  readonly sampleRate: number;
  /** Samples of a frame, a power of two, and from frame to frame. */
  readonly size: number;
  readonly hop: number;
  /** Bands of Slaney's mel scale: the channels of the sequence. */
  readonly bands: number;
  /** Frames that the network takes at once. */
  readonly frames: number;
  /**
   * How a sound of other length fills them. `loop`: a window of it, and where it ends it begins again; `stretch`: all of it, faster
   * or slower, as words are compared.
   */
  readonly fit: 'loop' | 'stretch';
  /** Whether all sounds are brought to one loudness, so that how loud one was recorded says nothing. */
  readonly evenLoudness: boolean;
}

/** The root mean square of sounds of one loudness. */
const LEVEL = 0.1;
/** Powers below −80 dB count as it; levels are (dB + 30) / 15, which lie about 0. */
const LEAST = 1e-8;
const MIDDLE = -30;
const SPREAD = 15;

/**
 * What an encoder hears of a sound, [frames, bands]: all channels as one, at the encoder's rate (and at one loudness), as levels of
 * mel bands that lie about 0.
 *
 * @throws SoundError where the sound is silent, not finite or empty
 */
export function soundFeatures(sound: Sound, input: SoundInput, engine?: Engine): Spectrogram {
  checkSound('soundFeatures', sound);
  const { sampleRate, size, hop, bands, evenLoudness } = input;
  const rate = Math.round(sound.sampleRate);
  const samples = rate === sampleRate ? mono(sound) : resample(mono(sound), rate, sampleRate);
  const level = rootMeanSquare(samples);
  if (!(level > 0)) throw new SoundError(`soundFeatures: the sound is silent (${samples.length} samples)`);
  const heard = evenLoudness ? samples.map((value) => (value * LEVEL) / level) : samples;
  const mel = melSpectrogram(heard, { sampleRate, size, hop, bands, ...(engine && { engine }) });
  const levels = decibels(mel, { least: LEAST, range: Number.POSITIVE_INFINITY });
  return { ...levels, values: levels.values.map((value) => (value - MIDDLE) / SPREAD) };
}

/** Writes `frames` frames from the one at `start` on; behind the last one comes the first again. */
export function writeWindow(features: Spectrogram, start: number, frames: number, into: Float32Array): void {
  const { values, bands } = features;
  for (let i = 0; i < frames; i++) {
    const from = ((start + i) % features.frames) * bands;
    into.set(values.subarray(from, from + bands), i * bands);
  }
}

/** Writes `frames` frames evenly from `first` to `last`, both fractions of a frame's number, each between its neighbours. */
export function writeStretched(
  { values, bands, frames: all }: Spectrogram,
  [first, last]: readonly [number, number],
  frames: number,
  into: Float32Array,
): void {
  for (let i = 0; i < frames; i++) {
    const at = frames === 1 ? first : first + ((last - first) * i) / (frames - 1);
    const below = Math.min(Math.floor(at), all - 1);
    const above = Math.min(below + 1, all - 1);
    const share = at - below;
    for (let k = 0; k < bands; k++) {
      const value = values[below * bands + k]!;
      into[i * bands + k] = value + share * (values[above * bands + k]! - value);
    }
  }
}

/** @throws InputError naming the number that is out of range */
export function checkSoundInput(who: string, input: SoundInput): void {
  for (const [name, least] of Object.entries({ sampleRate: 1, size: 2, hop: 1, bands: 1, frames: 1 })) {
    const value = input[name as keyof SoundInput] as number;
    if (!Number.isInteger(value) || value < least)
      throw new InputError(`${who}: ${name} must be a whole number of at least ${least}, got ${value}`);
  }
  if (input.fit !== 'loop' && input.fit !== 'stretch')
    throw new InputError(`${who}: fit must be 'loop' or 'stretch', got ${JSON.stringify(input.fit)}`);
  if (typeof input.evenLoudness !== 'boolean')
    throw new InputError(`${who}: evenLoudness must be true or false, got ${input.evenLoudness}`);
}
