/**
 * Four speakers are few: each is heard as several, who differ in size (speed), in microphone (colour, in decibels over the mel
 * scale, and gain) and in noise. For telling voices apart each of them is a speaker of its own; for telling words apart they
 * are not.
 */
const others = [
  { speed: 0.82, colour: [3, -2, 1], gain: -12, signalToNoise: 30 },
  { speed: 0.88, colour: [-2, 3, -2], gain: 5, signalToNoise: 22 },
  { speed: 0.94, colour: [4, 1, 2], gain: -20, signalToNoise: 16 },
  { speed: 1.06, colour: [-4, -2, 1], gain: -6, signalToNoise: 26 },
  { speed: 1.13, colour: [2, 3, -1], gain: -16, signalToNoise: 19 },
  { speed: 1.2, colour: [-3, 1, 2], gain: 3, signalToNoise: 34 },
  { speed: 1, colour: [5, -3, -2], gain: -9, signalToNoise: 12 },
];
const versions = [{}, ...others.map((other, i) => ({ ...other, seed: i + 1 }))];

export const recipes = {
  /**
   * Frames of 64 ms keep the harmonics of a voice apart, and positions are averaged out, for what is said says nothing. How
   * loud somebody was recorded counts, as it does in c₀ of the baseline.
   */
  speakers: {
    seed: 1,
    input: { sampleRate: 8000, size: 512, hop: 80, bands: 64, frames: 48, fit: 'loop', evenLoudness: false },
    encoder: { filters: [64, 64, 128], pool: [true, true, false], average: true, embedding: 64 },
    versions,
    classOf: ({ speaker }, version) => `${speaker} ${version}`,
    variation: { gain: 0.1, tilt: 0.1, maskBands: 8, maskFrames: 8 },
    batch: { classes: 16, each: 6 },
    mining: { mining: 'hard', margin: 0.3 },
    learningRate: 2e-3,
    steps: 250,
  },
  /** Frames of 32 ms follow what is said; every word is stretched to one length. */
  digits: {
    seed: 1,
    input: { sampleRate: 8000, size: 256, hop: 80, bands: 32, frames: 24, fit: 'stretch', evenLoudness: true },
    encoder: { filters: [64, 64], embedding: 64 },
    versions: [versions[0], versions[2], versions[4], versions[7]],
    classOf: ({ digit }) => digit,
    variation: { gain: 0.1, tilt: 0.1, maskBands: 6, maskFrames: 4, trim: 0.15 },
    batch: { classes: 10, each: 8 },
    mining: { mining: 'semi-hard', margin: 0.3, reduction: 'mean' },
    learningRate: 2e-3,
    steps: 250,
  },
};
