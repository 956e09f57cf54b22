import { raceConvolutions } from '../lib/race-convolutions.mjs';

export const peers = ['@tensorflow/tfjs-backend-wasm'];

/** 3 × 3 × 3 convolutions over volumes: side, channels in and out. */
const SHAPES = [
  [48, 16, 16],
  [32, 32, 32],
  [16, 64, 64],
];

export const run = () =>
  raceConvolutions(
    SHAPES.map(([side, from, to]) => ({
      name: `${from}→${to}@${side}`,
      input: [1, side, side, side, from],
      filters: [3, 3, 3, from, to],
      tfjs: (tf, x, w) => tf.conv3d(x, w, 1, 'same'),
    })),
  );
