import { direction } from '../core/angle.ts';
import { InputError, SoundError } from '../core/errors.ts';
import { log } from '../core/math.ts';
import type { Engine } from '../runtime/engine.ts';
import { cosineTransform } from './cosine-transform.ts';
import { filtered, melFilters, melSpectrogram } from './mel.ts';
import { checkSamples } from './sound.ts';
import { decibels, type Spectrogram, spectrogram } from './spectrogram.ts';

export interface MfccOptions {
  readonly sampleRate: number;
  /**
   * `librosa`: decibels of a power spectrogram of 2048 samples every 512, 128 bands of Slaney's scale, 20 coefficients from
   * c₀ on. `htk`: natural logarithms of magnitudes of 25 ms every 10 ms, 26 bands of HTK's scale, c₁ … c₁₂, liftered.
   */
  readonly convention: 'librosa' | 'htk';
  /** How many. Default: 20, or 12. */
  readonly coefficients?: number;
  /** Bands of the mel scale. Default: 128, or 26. */
  readonly bands?: number;
  /** Samples of a frame's window. Default: 2048, or 25 ms. */
  readonly windowLength?: number;
  /** Samples from frame to frame. Default: 512, or 10 ms. */
  readonly hop?: number;
  readonly low?: number;
  readonly high?: number;
  readonly engine?: Engine;
}

/**
 * Mel-frequency cepstral coefficients, [frames, coefficients], by a named convention.
 *
 * `htk` is HTKBook 3.5, section 5.6, with its defaults: frames are not centred, each is emphasised by 0.97 by itself, windowed
 * by Hamming's, transformed at the next power of two, and samples count as 16-bit whole numbers. DCT with √(2/bands), lifter
 * 1 + 11·sin(πi/22).
 *
 * @throws InputError where an option is out of range, SoundError where the sound is too short
 */
export function mfcc(samples: Float32Array, options: MfccOptions): Spectrogram {
  checkSamples('mfcc', samples);
  const { convention } = options;
  if (convention !== 'librosa' && convention !== 'htk')
    throw new InputError(`mfcc: convention must be 'librosa' or 'htk', got ${JSON.stringify(convention)}`);
  const bands = options.bands ?? (convention === 'htk' ? 26 : 128);
  const coefficients = options.coefficients ?? (convention === 'htk' ? 12 : 20);
  const most = convention === 'htk' ? bands - 1 : bands;
  if (!Number.isInteger(coefficients) || coefficients < 1 || coefficients > most)
    throw new InputError(`mfcc: coefficients must be a whole number from 1 to ${most}, got ${coefficients}`);
  const compute = convention === 'htk' ? htk : librosa;
  return compute(samples, { ...options, bands, coefficients });
}

type Complete = MfccOptions & { readonly bands: number; readonly coefficients: number };

const powerOfTwoFrom = (length: number): number => {
  let size = 2;
  while (size < length) size *= 2;
  return size;
};

function librosa(samples: Float32Array, { windowLength = 2048, hop = 512, ...options }: Complete): Spectrogram {
  const size = powerOfTwoFrom(windowLength);
  const mel = melSpectrogram(samples, { ...options, size, windowLength, hop });
  return cosineTransform(decibels(mel), options.coefficients);
}

const EMPHASIS = 0.97;
const LIFTER = 22;
const FULL_SCALE = 32768;

function htk(samples: Float32Array, options: Complete): Spectrogram {
  const { sampleRate, coefficients } = options;
  const { windowLength = Math.round(sampleRate * 0.025), hop = Math.round(sampleRate * 0.01) } = options;
  const size = powerOfTwoFrom(windowLength);
  const magnitudes = emphasisedFrames(samples, windowLength, hop, size, options.engine);
  const filters = melFilters({ ...options, size, scale: 'htk', triangles: 'mel', norm: 'none' });
  const { values, frames, bands } = filtered(magnitudes, filters);
  const logarithms = { values: values.map((value) => log(Math.max(value, 1))), frames, bands };
  const cepstra = cosineTransform(logarithms, coefficients + 1);
  const lifter = Array.from(
    { length: coefficients },
    (_, i) => 1 + (LIFTER / 2) * direction((180 * (i + 1)) / LIFTER).sin,
  );
  const all = new Float32Array(frames * coefficients);
  for (let t = 0; t < frames; t++)
    for (const [i, weight] of lifter.entries())
      all[t * coefficients + i] = weight * cepstra.values[t * (coefficients + 1) + i + 1]!;
  return { values: all, frames, bands: coefficients };
}

/** Magnitudes of frames that are emphasised each by itself: x[0]·(1 − 0.97), x[j] − 0.97·x[j − 1]. */
function emphasisedFrames(
  samples: Float32Array,
  windowLength: number,
  hop: number,
  size: number,
  engine: Engine | undefined,
): Spectrogram {
  if (!(Number.isInteger(hop) && hop > 0)) throw new InputError(`mfcc: hop must be a whole number above 0, got ${hop}`);
  const frames = 1 + Math.floor((samples.length - windowLength) / hop);
  if (!(frames > 0))
    throw new SoundError(`mfcc: a frame of ${windowLength} samples needs a sound as long, got ${samples.length}`);
  // Each frame stands by itself, in the middle of the transform's size, where the window is.
  const apart = new Float32Array(frames * size);
  const first = Math.floor((size - windowLength) / 2);
  for (let t = 0; t < frames; t++)
    for (let j = 0; j < windowLength; j++) {
      const before = samples[t * hop + Math.max(j - 1, 0)]!;
      apart[t * size + first + j] = FULL_SCALE * (samples[t * hop + j]! - EMPHASIS * before);
    }
  return spectrogram(apart, {
    size,
    hop: size,
    window: 'hamming',
    windowLength,
    centred: false,
    power: 1,
    ...(engine && { engine }),
  });
}
