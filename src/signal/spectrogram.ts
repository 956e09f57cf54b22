import { InputError } from '../core/errors.ts';
import { log } from '../core/math.ts';
import { stft } from './stft.ts';
import type { StftOptions } from './stft-options.ts';

/** A number for each frame of a sound and each band of frequencies, or each coefficient. */
export interface Spectrogram {
  /** [frames, bands], a sequence of one axis, bands as channels. */
  readonly values: Float32Array;
  readonly frames: number;
  readonly bands: number;
}

export interface SpectrogramOptions extends StftOptions {
  /** 2: |X|², as spectrograms of librosa; 1: |X|. Default: 2. */
  readonly power?: 1 | 2;
}

/** Power or magnitude of each bin of each frame, [frames, size/2 + 1]. */
export function spectrogram(samples: Float32Array, options: SpectrogramOptions = {}): Spectrogram {
  const { power = 2 } = options;
  if (power !== 1 && power !== 2) throw new InputError(`spectrogram: power must be 1 or 2, got ${power}`);
  const { values, frames, bins } = stft(samples, options);
  const all = new Float32Array(frames * bins);
  for (let i = 0; i < all.length; i++) {
    const squared = values[2 * i]! * values[2 * i]! + values[2 * i + 1]! * values[2 * i + 1]!;
    all[i] = power === 2 ? squared : Math.sqrt(squared);
  }
  return { values: all, frames, bands: bins };
}

export interface DecibelOptions {
  /** What 0 dB is: a power, or the largest one there is. Default: 1. */
  readonly reference?: number | 'max';
  /** Powers below it count as it. Default: 1e-10. */
  readonly least?: number;
  /** The quietest value is so many dB below the loudest. Default: 80; `Infinity` keeps all. */
  readonly range?: number;
}

/** Powers in decibels, 10·log₁₀(power / reference), with librosa's defaults (`power_to_db`). */
export function decibels({ values, frames, bands }: Spectrogram, options: DecibelOptions = {}): Spectrogram {
  const { reference = 1, least = 1e-10, range = 80 } = options;
  for (const [name, value] of [['least', least] as const, ['range', range] as const])
    if (!(value > 0)) throw new InputError(`decibels: ${name} must be above 0, got ${value}`);
  const most = values.reduce((largest, value) => Math.max(largest, value), 0);
  const zero = decibel(Math.max(reference === 'max' ? most : reference, least));
  const levels = Float64Array.from(values, (value) => decibel(Math.max(value, least)) - zero);
  const loudest = levels.reduce((largest, value) => Math.max(largest, value), Number.NEGATIVE_INFINITY);
  return { values: Float32Array.from(levels, (value) => Math.max(value, loudest - range)), frames, bands };
}

const decibel = (power: number): number => 10 * log(power) * Math.LOG10E;
