import { InputError } from '../core/errors.ts';
import { Rng } from '../core/rng.ts';
import { defaultEngine } from '../runtime/engine.ts';
import { Frames } from './frames.ts';
import type { Spectrogram } from './spectrogram.ts';
import { checkSpectra, unpad } from './stft.ts';
import { framingOf, type StftOptions } from './stft-options.ts';

export interface GriffinLimOptions extends StftOptions {
  /** Default: 60. */
  readonly iterations?: number;
  /** Of the phases that it starts from. Default: 0. */
  readonly seed?: number;
  /** How far each step goes on in the direction of the last one; 0 is the method of 1984. Default: 0.99, as in librosa. */
  readonly momentum?: number;
  /** Samples of the sound. Default: as many as the frames are sure to cover. */
  readonly length?: number;
}

/**
 * A sound with these magnitudes, whose phases are lost: spectra and sound are made of one another in turn, and each time the
 * magnitudes are put back (D. Griffin & J. Lim, 1984), with the momentum of N. Perraudin, P. Balazs & P. Søndergaard (A fast
 * Griffin–Lim algorithm, 2013). Equal seeds give equal bits on every engine.
 *
 * @param magnitudes [frames, bins], a spectrogram of power 1
 * @throws InputError where they do not fit the options
 */
export function griffinLim(magnitudes: Spectrogram, options: GriffinLimOptions = {}): Float32Array {
  const framing = framingOf('griffinLim', options);
  const { iterations = 60, seed = 0, momentum = 0.99, engine = defaultEngine() } = options;
  const { values, frames, bands } = magnitudes;
  checkSpectra('griffinLim', values.length, frames, bands, 1, framing.size);
  if (!Number.isInteger(iterations) || iterations < 0)
    throw new InputError(`griffinLim: iterations must be a whole number of at least 0, got ${iterations}`);
  if (!(momentum >= 0 && momentum < 1))
    throw new InputError(`griffinLim: momentum must be at least 0 and below 1, got ${momentum}`);
  const wrong = values.findIndex((value) => !(value >= 0 && Number.isFinite(value)));
  if (wrong >= 0) throw new InputError(`griffinLim: magnitude ${wrong} must be at least 0, got ${values[wrong]}`);
  return Frames.use(engine, framing, frames, (work) => {
    work.magnitudes.set(values);
    work.spectra.set(randomPhases(values, seed));
    work.keepMagnitudes();
    let last = new Float32Array(work.spectra.length);
    for (let i = 0; i < iterations; i++) {
      work.synthesise();
      work.analyse();
      const { spectra } = work;
      const now = spectra.slice();
      const onwards = momentum / (1 + momentum);
      for (let k = 0; k < now.length; k++) spectra[k] = now[k]! - onwards * last[k]!;
      last = now;
      work.keepMagnitudes();
    }
    work.synthesise();
    return unpad(work.sound, framing, options.length);
  });
}

/** Points that lie around 0 in all directions alike: pairs of normal values. */
function randomPhases(magnitudes: Float32Array, seed: number): Float32Array {
  const rng = new Rng(seed);
  return new Float32Array(2 * magnitudes.length).map(() => rng.normal());
}
