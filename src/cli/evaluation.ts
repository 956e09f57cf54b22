import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../core/errors.ts';
import { euclidean } from '../metric/distance.ts';
import { type Pair, parsePairs } from '../metric/evaluation/lfw-pairs.ts';
import type { ScoredPair } from '../metric/evaluation/scored-pairs.ts';
import type { EmbeddedPhotos, PhotoEncoder } from './photo-encoder.ts';
import type { Terminal } from './terminal.ts';

/** A pair with its photos and its distance. */
export type EvaluatedPair = Pair & ScoredPair;

/** What became of the photos of some pairs. */
export interface Evaluation extends Omit<EmbeddedPhotos, 'embeddings'> {
  readonly pairs: readonly EvaluatedPair[];
}

/** The photos of some pairs, each once, in the order in which they are first named. */
export const photosOf = (pairs: readonly Pair[]): string[] => [...new Set(pairs.flatMap(({ a, b }) => [a, b]))];

/** @throws InputError naming the first photo that is not there, and how many are not. */
export function checkPhotos(folder: string, photos: readonly string[]): void {
  const missing = photos.filter((photo) => !existsSync(join(folder, photo)));
  if (missing.length > 0)
    throw new InputError(
      `${join(folder, missing[0]!)} is missing${missing.length > 1 ? `, and ${missing.length - 1} more` : ''} of the ${photos.length} photos that the pairs name`,
    );
}

/** Embeds every photo of some pairs once and measures every pair. */
export async function evaluatePairs(
  encoder: PhotoEncoder,
  folder: string,
  pairs: readonly Pair[],
  terminal: Terminal,
): Promise<Evaluation> {
  const photos = photosOf(pairs);
  const paths = photos.map((photo) => join(folder, photo));
  const { embeddings, ...rest } = await encoder.embed(paths, terminal);
  const of = new Map(photos.map((photo, i) => [photo, embeddings[i]!]));
  const evaluated = pairs.map((pair) => ({ ...pair, distance: euclidean(of.get(pair.a)!, of.get(pair.b)!) }));
  return { pairs: evaluated, ...rest };
}

/** What is said first of every evaluation. */
export function photosText({ images, misses, faces, seconds }: Omit<EmbeddedPhotos, 'embeddings'>): string {
  const missed = faces ? `, ${misses} without a face found` : '';
  return `${images} photos${missed}, ${(seconds / images).toFixed(3)} s a photo`;
}

/** The lists of pairs in some files, one list a file. */
export async function readPairs(files: readonly string[]): Promise<Pair[][]> {
  const lists = [];
  for (const file of files) lists.push(parsePairs(await readFile(file, 'utf8'), file));
  return lists;
}
