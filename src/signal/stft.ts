import { InputError } from '../core/errors.ts';
import { defaultEngine } from '../runtime/engine.ts';
import { Frames } from './frames.ts';
import { checkSamples } from './sound.ts';
import { type Framing, framesOf, framingOf, type StftOptions } from './stft-options.ts';

/** Spectra of the frames of a sound. */
export interface Spectra {
  /** [frames, bins, 2]: (re, im) of bin k, whose frequency is k · sampleRate / size. */
  readonly values: Float32Array;
  readonly frames: number;
  readonly bins: number;
}

/** Where the sound begins among the samples that the frames cover. */
const leadOf = ({ size, centred }: Framing): number => (centred ? size / 2 : 0);

/** Puts a sound between its paddings; samples that no frame reaches are left out. */
function padInto(covered: Float32Array, samples: Float32Array, framing: Framing): void {
  const lead = leadOf(framing);
  covered.fill(0);
  covered.set(samples.subarray(0, covered.length - lead), lead);
  if (framing.padding === 'zeros' || lead === 0) return;
  for (let i = 1; i <= lead; i++) covered[lead - i] = samples[i]!;
  for (let i = lead + samples.length; i < covered.length; i++)
    covered[i] = samples[2 * (samples.length - 1) - (i - lead)]!;
}

/**
 * Short-time Fourier transform, X[t, k] = Σ_j window[j] · x[t·hop + j − lead] · e^(−2πi·jk/size), computed in float64 and
 * rounded to float32 at the end, with the same bits on every engine. Defaults are librosa's.
 *
 * @throws InputError where an option is out of range, SoundError where the sound is too short or not finite
 * @example
 * const { values, frames, bins } = stft(mono(sound), { size: 1024, hop: 256 });
 */
export function stft(samples: Float32Array, options: StftOptions = {}): Spectra {
  checkSamples('stft', samples);
  const framing = framingOf('stft', options);
  const frames = framesOf('stft', samples.length, framing);
  return Frames.use(options.engine ?? defaultEngine(), framing, frames, (work) => {
    padInto(work.sound, samples, framing);
    work.analyse();
    return { values: work.spectra.slice(), frames, bins: work.bins };
  });
}

/** The samples of `covered` that the sound had, or `length` of them, zeros where there are fewer. */
export function unpad(covered: Float32Array, framing: Framing, length: number | undefined): Float32Array {
  const lead = leadOf(framing);
  const samples = new Float32Array(length ?? covered.length - 2 * lead);
  samples.set(covered.subarray(lead, lead + samples.length));
  return samples;
}

/** @throws InputError where spectra do not fit the frames that the options describe */
export function checkSpectra(
  who: string,
  count: number,
  frames: number,
  bins: number,
  each: number,
  size: number,
): void {
  if (bins !== size / 2 + 1)
    throw new InputError(`${who}: frames of ${size} samples have ${size / 2 + 1} bins, got ${bins}`);
  if (frames < 1 || count !== frames * bins * each)
    throw new InputError(`${who}: ${frames} frames of ${bins} bins need ${frames * bins * each} values, got ${count}`);
}

/**
 * The sound whose spectra are nearest to these in the sense of least squares: for spectra that `stft` made, the sound itself.
 *
 * @param options those of `stft`; `length`: samples of the sound. Default: as many as the frames are sure to cover
 */
export function istft(spectra: Spectra, options: StftOptions & { readonly length?: number } = {}): Float32Array {
  const framing = framingOf('istft', options);
  const { values, frames, bins } = spectra;
  checkSpectra('istft', values.length, frames, bins, 2, framing.size);
  return Frames.use(options.engine ?? defaultEngine(), framing, frames, (work) => {
    work.spectra.set(values);
    work.synthesise();
    return unpad(work.sound, framing, options.length);
  });
}
