import type { FaceEncoder } from '../../src/faces/encoder.ts';
import { Engine } from '../../src/runtime/engine.ts';
import { randomFrom } from '../support/random.ts';

export const identity = { name: 'face_recognition', hash: 'a'.repeat(64) };

/** What a gallery knows of faces, where only embeddings are handed in. */
export const encoder: FaceEncoder = {
  model: identity,
  alignment: 'chip',
  threshold: 0.6,
  engine: new Engine(),
  embed: () => Promise.reject(new Error('no photo was expected')),
  embedAll: () => Promise.reject(new Error('no photo was expected')),
};

/** An embedding `distance` away from `from` along axis `axis`; from the origin's neighbour where `from` is not given. */
export function embeddingAt(distance: number, axis = 0, from: Float32Array = origin()): Float32Array {
  const embedding = from.slice();
  embedding[axis] = embedding[axis]! + distance;
  return embedding;
}

/** All ones over √128: no face, yet an embedding. */
export const origin = (): Float32Array => new Float32Array(128).fill(1 / Math.sqrt(128));

export function randomEmbedding(seed: number): Float32Array {
  const random = randomFrom(seed);
  return Float32Array.from({ length: 128 }, () => (random() - 0.5) * 0.4);
}
