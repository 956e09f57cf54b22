import { mfcc, mono } from 'facsimile/signal';

const FRAMES = 20;
const SHORTEST = 256;
const conventions = {
  htk: { convention: 'htk' },
  librosa: { convention: 'librosa', windowLength: 256, hop: 80, bands: 40 },
};

/**
 * What one does without a network: MFCC of each clip as one vector, and the nearest neighbour. Two conventions, three ways to
 * make a sequence one vector (its mean, its mean and deviation, the sequence itself brought to 20 frames), each as it is or with
 * every coordinate divided by its deviation over the speakers that are not tested: { name: vectors }.
 */
export function mfccVectors(clips, isTested) {
  const all = {};
  for (const [convention, options] of Object.entries(conventions)) {
    const sequences = clips.map(({ sound }) =>
      mfcc(longEnough(mono(sound)), { sampleRate: sound.sampleRate, ...options }),
    );
    for (const [shape, flatten] of Object.entries({ mean: meanOf, moments: momentsOf, sequence: stretched })) {
      const vectors = sequences.map(flatten);
      all[`${convention} ${shape}`] = vectors;
      all[`${convention} ${shape}, scaled`] = scaled(vectors, (i) => !isTested(clips[i]));
    }
  }
  return all;
}

/** A clip of less than a frame gets silence behind it. */
function longEnough(samples) {
  if (samples.length >= SHORTEST) return samples;
  const padded = new Float32Array(SHORTEST);
  padded.set(samples);
  return padded;
}

function meanOf({ values, frames, bands }) {
  const mean = new Float64Array(bands);
  for (let i = 0; i < values.length; i++) mean[i % bands] += values[i] / frames;
  return mean;
}

function momentsOf(sequence) {
  const { values, frames, bands } = sequence;
  const mean = meanOf(sequence);
  const squares = new Float64Array(bands);
  for (let i = 0; i < values.length; i++) squares[i % bands] += (values[i] - mean[i % bands]) ** 2 / frames;
  return Float64Array.of(...mean, ...squares.map(Math.sqrt));
}

function stretched({ values, frames, bands }) {
  return Float64Array.from({ length: FRAMES * bands }, (_, i) => {
    const at = (Math.floor(i / bands) * (frames - 1)) / (FRAMES - 1);
    const from = Math.floor(at);
    const to = Math.min(from + 1, frames - 1);
    const k = i % bands;
    return values[from * bands + k] + (at - from) * (values[to * bands + k] - values[from * bands + k]);
  });
}

function scaled(vectors, counts) {
  const counted = vectors.filter((_, i) => counts(i));
  const mean = counted[0].map((_, k) => counted.reduce((sum, v) => sum + v[k], 0) / counted.length);
  const deviation = mean.map((m, k) =>
    Math.sqrt(counted.reduce((sum, v) => sum + (v[k] - m) ** 2, 0) / counted.length + 1e-12),
  );
  return vectors.map((v) => v.map((value, k) => value / deviation[k]));
}
