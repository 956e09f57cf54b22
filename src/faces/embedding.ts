import { EmbeddingError } from './errors.ts';
import type { Embedding } from './face.ts';

/** Numbers in an embedding of the face network. */
export const EMBEDDING_SIZE = 128;

/**
 * A copy of a caller's embedding as float32, so that later changes to it change nothing here.
 * @throws EmbeddingError unless it is 128 finite numbers, not all zero.
 */
export function checkedEmbedding(who: string, values: ArrayLike<number>): Embedding {
  if (values.length !== EMBEDDING_SIZE)
    throw new EmbeddingError(`${who}: an embedding is ${EMBEDDING_SIZE} numbers, got ${values.length}`);
  const embedding = new Float32Array(EMBEDDING_SIZE);
  let sum = 0;
  for (let i = 0; i < EMBEDDING_SIZE; i++) {
    const value = values[i];
    embedding[i] = typeof value === 'number' ? value : Number.NaN;
    if (!Number.isFinite(embedding[i]))
      throw new EmbeddingError(`${who}: an embedding is ${EMBEDDING_SIZE} finite numbers, number ${i} is ${value}`);
    sum += Math.abs(embedding[i]!);
  }
  if (sum === 0) throw new EmbeddingError(`${who}: an embedding of zeros is nobody's`);
  return embedding;
}

/** True where a caller handed in an embedding in place of a photo. */
export const isEmbedding = (source: unknown): source is Float32Array | readonly number[] =>
  source instanceof Float32Array || (Array.isArray(source) && source.every((value) => typeof value === 'number'));
