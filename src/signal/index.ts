export { type AlterOptions, alterer } from './alter.ts';
export { cosineTransform } from './cosine-transform.ts';
export { type GriffinLimOptions, griffinLim } from './griffin-lim.ts';
export {
  filtered,
  hertzToMel,
  type MelFilter,
  type MelOptions,
  type MelScale,
  melFilters,
  melSpectrogram,
  melToHertz,
} from './mel.ts';
export { type MfccOptions, mfcc } from './mfcc.ts';
export { readSound, type SoundSource } from './read.ts';
export { resample, resampler } from './resample.ts';
export { mono, peakOf, type Sound, secondsOf } from './sound.ts';
export { type SoundInput, soundFeatures } from './sound-input.ts';
export {
  type DecibelOptions,
  decibels,
  type Spectrogram,
  type SpectrogramOptions,
  spectrogram,
} from './spectrogram.ts';
export { istft, type Spectra, stft } from './stft.ts';
export type { StftOptions } from './stft-options.ts';
export { decodeWav, encodeWav, type WavFormat } from './wav.ts';
export type { WindowName } from './window.ts';
