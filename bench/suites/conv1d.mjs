import { raceConvolutions } from '../lib/race-convolutions.mjs';

export const peers = ['@tensorflow/tfjs-backend-wasm'];

/** Convolutions over sound and sequences: samples, channels in and out, window. */
const SHAPES = [
  [16000, 64, 64, 9],
  [4096, 128, 128, 3],
  [1024, 256, 256, 5],
];

export const run = () =>
  raceConvolutions(
    SHAPES.map(([samples, from, to, window]) => ({
      name: `${from}→${to}@${samples}, ${window}`,
      input: [1, samples, from],
      filters: [window, from, to],
      tfjs: (tf, x, w) => tf.conv1d(x, w, 1, 'same'),
    })),
  );
