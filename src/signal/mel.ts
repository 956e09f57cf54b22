import { InputError } from '../core/errors.ts';
import { exp, log } from '../core/math.ts';
import { type Spectrogram, type SpectrogramOptions, spectrogram } from './spectrogram.ts';

/**
 * Scales of pitch as it is heard. `slaney`: even to 1000 Hz, then logarithmic, 27 mel for a factor of 6.4 (M. Slaney, Auditory
 * Toolbox, 1998; librosa's default). `htk`: 1127·ln(1 + f/700), as HTK and librosa's `htk=True` have it.
 */
export type MelScale = 'slaney' | 'htk';

const LINEAR_STEP = 200 / 3;
const BEND_HZ = 1000;
const BEND_MEL = BEND_HZ / LINEAR_STEP;
const LOG_STEP = log(6.4) / 27;
const HTK_FACTOR = 1127;
const HTK_CORNER = 700;

export function hertzToMel(hertz: number, scale: MelScale = 'slaney'): number {
  if (scale === 'htk') return HTK_FACTOR * log(1 + hertz / HTK_CORNER);
  return hertz < BEND_HZ ? hertz / LINEAR_STEP : BEND_MEL + log(hertz / BEND_HZ) / LOG_STEP;
}

export function melToHertz(mel: number, scale: MelScale = 'slaney'): number {
  if (scale === 'htk') return HTK_CORNER * (exp(mel / HTK_FACTOR) - 1);
  return mel < BEND_MEL ? mel * LINEAR_STEP : BEND_HZ * exp(LOG_STEP * (mel - BEND_MEL));
}

export interface MelOptions {
  readonly sampleRate: number;
  /** Samples of a frame. Default: 2048. */
  readonly size?: number;
  /** Default: 128. */
  readonly bands?: number;
  /** Ends of the range in hertz. Default: 0 and half the sample rate. */
  readonly low?: number;
  readonly high?: number;
  readonly scale?: MelScale;
  /** Where the sides of a triangle are straight lines: over hertz (librosa, in both scales) or over mel (HTK). Default: hertz. */
  readonly triangles?: 'hertz' | 'mel';
  /** `slaney`: every triangle has the area 1 over hertz; `none`: the height 1 (HTK). Default: slaney. */
  readonly norm?: 'slaney' | 'none';
}

/** One triangle: the weights of the bins from `first` on. */
export interface MelFilter {
  readonly first: number;
  readonly weights: Float64Array;
}

/** Triangles that rise from the centre of the one below to their own and fall to that of the one above. */
export function melFilters(options: MelOptions): readonly MelFilter[] {
  const { sampleRate, size = 2048, bands = 128, low = 0, high = sampleRate / 2, scale = 'slaney' } = options;
  const { triangles = 'hertz', norm = 'slaney' } = options;
  check(options, size, bands, low, high);
  const [bottom, top] = [hertzToMel(low, scale), hertzToMel(high, scale)];
  const mels = Array.from({ length: bands + 2 }, (_, i) => bottom + ((top - bottom) * i) / (bands + 1));
  const hertz = mels.map((mel) => melToHertz(mel, scale));
  const corners = triangles === 'mel' ? mels : hertz;
  const bins = Array.from({ length: size / 2 + 1 }, (_, k) => {
    const frequency = (k * sampleRate) / size;
    return triangles === 'mel' ? hertzToMel(frequency, scale) : frequency;
  });
  return Array.from({ length: bands }, (_, band) => {
    const [left, centre, right] = corners.slice(band, band + 3) as [number, number, number];
    const height = norm === 'slaney' ? 2 / (hertz[band + 2]! - hertz[band]!) : 1;
    const weights = bins.map((at) =>
      Math.max(0, Math.min((at - left) / (centre - left), (right - at) / (right - centre)) * height),
    );
    const first = Math.max(
      0,
      weights.findIndex((weight) => weight > 0),
    );
    const last = weights.findLastIndex((weight) => weight > 0);
    return { first, weights: Float64Array.from(weights.slice(first, last + 1)) };
  });
}

function check({ sampleRate, ...rest }: MelOptions, size: number, bands: number, low: number, high: number): void {
  const fail = (what: string, got: unknown): never => {
    throw new InputError(`melFilters: ${what}, got ${JSON.stringify(got)}`);
  };
  if (!(sampleRate > 0 && Number.isFinite(sampleRate))) fail('sampleRate must be a finite number above 0', sampleRate);
  if (!Number.isInteger(size) || size < 2) fail('size must be a whole number of at least 2', size);
  if (!Number.isInteger(bands) || bands < 1) fail('bands must be a whole number of at least 1', bands);
  if (!(low >= 0 && low < high && high <= sampleRate / 2))
    fail(`low and high must be 0 ≤ low < high ≤ ${sampleRate / 2}`, [low, high]);
  const names: Readonly<Record<string, readonly unknown[]>> = {
    scale: ['slaney', 'htk', undefined],
    triangles: ['hertz', 'mel', undefined],
    norm: ['slaney', 'none', undefined],
  };
  for (const [name, allowed] of Object.entries(names)) {
    const value = rest[name as keyof typeof rest];
    if (!allowed.includes(value)) fail(`${name} must be '${allowed[0]}' or '${allowed[1]}'`, value);
  }
}

/** The sums of a spectrogram under each filter, [frames, filters], added up in float64. */
export function filtered({ values, frames, bands }: Spectrogram, filters: readonly MelFilter[]): Spectrogram {
  const all = new Float32Array(frames * filters.length);
  for (let t = 0; t < frames; t++)
    for (const [band, { first, weights }] of filters.entries()) {
      const from = t * bands + first;
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k]! * values[from + k]!;
      all[t * filters.length + band] = sum;
    }
  return { values: all, frames, bands: filters.length };
}

/** A spectrogram in bands that are as wide as they are heard, [frames, bands]; librosa's `melspectrogram` by default. */
export const melSpectrogram = (samples: Float32Array, options: MelOptions & SpectrogramOptions): Spectrogram =>
  filtered(spectrogram(samples, options), melFilters(options));
