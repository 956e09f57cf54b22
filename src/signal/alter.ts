import { direction } from '../core/angle.ts';
import { InputError } from '../core/errors.ts';
import { exp } from '../core/math.ts';
import { Rng } from '../core/rng.ts';
import { hertzToMel } from './mel.ts';
import { resampler } from './resample.ts';
import { istft, stft } from './stft.ts';

/** How another voice or another microphone would have it. */
export interface AlterOptions {
  /** Played faster or slower: pitch and formants move as those of a smaller or larger speaker. Default: 1. */
  readonly speed?: number;
  /**
   * The colour of a microphone or a room: gain in decibels, Σ aₙ·cos(πn·m) for n from 1 on, with m = 0 … 1 over the mel scale.
   * Default: none.
   */
  readonly colour?: readonly number[];
  /** Louder by so many decibels. Default: 0. */
  readonly gain?: number;
  /** White noise, so many decibels below the sound. Default: none. */
  readonly signalToNoise?: number;
  /** Of the noise. Default: 0. */
  readonly seed?: number;
}

const FRAME = 256;
const decibelsToGain = (decibels: number): number => exp((decibels * Math.LN10) / 20);

/**
 * Makes altered versions of sounds, the same bits on every engine: first the speed, then the colour and the gain, then the noise.
 * Filters are computed once for all sounds.
 * @throws InputError naming the option that is out of range
 */
export function alterer(sampleRate: number, options: AlterOptions): (samples: Float32Array) => Float32Array {
  const { speed = 1, colour = [], gain = 0, signalToNoise, seed = 0 } = options;
  if (!(speed >= 0.25 && speed <= 4)) throw new InputError(`alterer: speed must be from 0.25 to 4, got ${speed}`);
  if (!colour.every(Number.isFinite))
    throw new InputError(`alterer: colour must be finite, got [${colour.join(', ')}]`);
  if (!Number.isFinite(gain)) throw new InputError(`alterer: gain must be finite, got ${gain}`);
  if (signalToNoise !== undefined && !Number.isFinite(signalToNoise))
    throw new InputError(`alterer: signalToNoise must be finite, got ${signalToNoise}`);
  const faster = resampler(Math.round(sampleRate * speed), sampleRate);
  const gains = Float64Array.from({ length: FRAME / 2 + 1 }, (_, k) => gainAt(k / (FRAME / 2), sampleRate, colour));
  const factor = decibelsToGain(gain);
  const noise = signalToNoise === undefined ? 0 : decibelsToGain(-signalToNoise);
  return (samples) => {
    let altered = speed === 1 ? samples : faster(samples);
    if (colour.length > 0) altered = coloured(altered, gains);
    if (gain !== 0) altered = altered.map((value) => value * factor);
    return noise > 0 ? withNoise(altered, noise, seed) : altered;
  };
}

function gainAt(share: number, sampleRate: number, colour: readonly number[]): number {
  const top = sampleRate / 2;
  const m = hertzToMel(share * top) / hertzToMel(top);
  return decibelsToGain(colour.reduce((sum, a, i) => sum + a * direction(180 * (i + 1) * m).cos, 0));
}

function coloured(samples: Float32Array, gains: Float64Array): Float32Array {
  const spectra = stft(samples, { size: FRAME });
  const { values, bins } = spectra;
  for (let i = 0; i < values.length; i++) values[i] = values[i]! * gains[(i >> 1) % bins]!;
  return istft(spectra, { size: FRAME, length: samples.length });
}

/** Noise whose root mean square is `share` of the sound's. */
function withNoise(samples: Float32Array, share: number, seed: number): Float32Array {
  const rng = new Rng(seed);
  const level = share * rootMeanSquare(samples);
  return samples.map((value) => value + level * rng.normal());
}

/** √(Σx²/n), 0 for no samples. */
export function rootMeanSquare(samples: Float32Array): number {
  let squares = 0;
  for (const value of samples) squares += value * value;
  return Math.sqrt(squares / Math.max(samples.length, 1));
}
