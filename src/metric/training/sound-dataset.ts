import { InputError } from '../../core/errors.ts';
import type { Rng } from '../../core/rng.ts';
import { type SoundInput, writeStretched, writeWindow } from '../../signal/sound-input.ts';
import type { Spectrogram } from '../../signal/spectrogram.ts';
import { classesOf, type Dataset } from './dataset.ts';

/** A sound of a class, as `soundFeatures` or another front end gives it; of any number of frames. */
export interface SoundExample {
  readonly class: string;
  readonly features: Spectrogram;
}

/** How a window is changed at random, in the units of the features. Default of each: 0. */
export interface SoundVariation {
  /** Standard deviation of what is added to all values. */
  readonly gain?: number;
  /** Standard deviation of what is added to the highest band and taken from the lowest, in a line between. */
  readonly tilt?: number;
  /** The most bands, and the most frames, side by side, that are set to 0 (D. Park et al., SpecAugment, 2019). */
  readonly maskBands?: number;
  readonly maskFrames?: number;
  /** The largest share that a stretched sound may lack at either end. */
  readonly trim?: number;
}

export interface SoundDatasetOptions {
  /** Frames of an example, and how sounds of other length fill them (see `SoundInput`). Default: `'loop'`. */
  readonly frames: number;
  readonly fit?: SoundInput['fit'];
  readonly variation?: SoundVariation;
}

/**
 * Sounds as sequences of one length, [frames, bands]. `read` gives the window from the first frame on, or all of the sound; `vary`
 * a window that begins anywhere, or a stretch of most of it, changed at random.
 *
 * @throws InputError where there are no sounds, or two have other bands, or a number is out of range
 */
export function soundDataset(examples: readonly SoundExample[], options: SoundDatasetOptions): Dataset {
  const { frames, fit = 'loop', variation = {} } = options;
  const bands = examples[0]?.features.bands;
  if (bands === undefined) throw new InputError('soundDataset: there are no sounds');
  for (const [i, { class: name, features }] of examples.entries())
    if (features.bands !== bands || features.frames < 1)
      throw new InputError(
        `soundDataset: sound ${i} ("${name}") must have ${bands} bands and a frame or more, got [${features.frames},${features.bands}]`,
      );
  check(frames, bands, variation);
  return {
    shape: [frames, bands],
    classes: classesOf(examples.map((example) => example.class)),
    size: examples.length,
    read: (example, into) => writeSound(examples[example]!.features, fit, 0, frames, into),
    vary(example, into, rng) {
      const { features } = examples[example]!;
      if (fit === 'loop') writeWindow(features, rng.below(features.frames), frames, into);
      else writeStretched(features, trimmed(features.frames, variation, rng), frames, into);
      shade(into, bands, variation, rng);
      mask(into, frames, bands, variation, rng);
    },
  };
}

/** A sound as an example that nothing changed: from the frame `start` on, or all of it. */
export function writeSound(
  features: Spectrogram,
  fit: SoundInput['fit'],
  start: number,
  frames: number,
  into: Float32Array,
): void {
  if (fit === 'loop') writeWindow(features, start, frames, into);
  else writeStretched(features, [0, features.frames - 1], frames, into);
}

/** The first and the last frame of a stretch that lacks a little at both ends. */
function trimmed(frames: number, { trim = 0 }: SoundVariation, rng: Rng): [number, number] {
  const last = frames - 1;
  return [last * trim * rng.uniform(), last * (1 - trim * rng.uniform())];
}

function shade(into: Float32Array, bands: number, { gain = 0, tilt = 0 }: SoundVariation, rng: Rng): void {
  const [shift, slope] = [gain * rng.normal(), tilt * rng.normal()];
  for (let i = 0; i < into.length; i++) into[i]! += shift + slope * ((2 * (i % bands)) / bands - 1);
}

function mask(
  into: Float32Array,
  frames: number,
  bands: number,
  { maskBands = 0, maskFrames = 0 }: SoundVariation,
  rng: Rng,
): void {
  const height = rng.below(maskBands + 1);
  const lowest = rng.below(bands - height + 1);
  for (let row = 0; row < frames; row++) into.fill(0, row * bands + lowest, row * bands + lowest + height);
  const width = rng.below(maskFrames + 1);
  const first = rng.below(frames - width + 1);
  into.fill(0, first * bands, (first + width) * bands);
}

function check(
  frames: number,
  bands: number,
  { gain = 0, tilt = 0, maskBands = 0, maskFrames = 0, trim = 0 }: SoundVariation,
): void {
  const whole = (name: string, value: number, least: number, most: number): void => {
    if (!Number.isInteger(value) || value < least || value > most)
      throw new InputError(`soundDataset: ${name} must be a whole number from ${least} to ${most}, got ${value}`);
  };
  whole('frames', frames, 1, 2 ** 20);
  whole('maskBands', maskBands, 0, bands);
  whole('maskFrames', maskFrames, 0, frames);
  if (!(trim >= 0 && trim < 0.5))
    throw new InputError(`soundDataset: trim must be at least 0 and below 0.5, got ${trim}`);
  for (const [name, value] of [['gain', gain] as const, ['tilt', tilt] as const])
    if (!(value >= 0 && Number.isFinite(value)))
      throw new InputError(`soundDataset: ${name} must be a finite number of at least 0, got ${value}`);
}
