import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../core/errors.ts';
import { NoFaceError } from '../faces/errors.ts';
import type { Embedding } from '../faces/face.ts';
import type { Faces } from '../faces/faces.ts';
import { euclidean } from '../metric/distance.ts';
import type { Pair } from '../metric/lfw-pairs.ts';
import type { ScoredPair } from '../metric/scored-pairs.ts';
import { inPhoto } from './failure.ts';
import type { Progress } from './progress.ts';

/** A pair with its photos and its distance. */
export type EvaluatedPair = Pair & ScoredPair;

/** What became of the photos of some pairs. */
export interface Evaluation {
  readonly pairs: readonly EvaluatedPair[];
  /** Photos, each embedded once. */
  readonly images: number;
  /** Photos in which no face was found, embedded from their centre. */
  readonly misses: number;
  readonly seconds: number;
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

/**
 * The embedding of the face nearest the centre of a photo. Where none is found, `missed` is called and the network is
 * given the centre of the photo, where photos of LFW have the face: the protocol has no pair without an answer.
 */
async function embedCentre(faces: Faces, path: string, missed: () => void): Promise<Embedding> {
  try {
    return (await faces.embed(path, { face: 'central' })).embedding;
  } catch (error) {
    if (!(error instanceof NoFaceError)) throw error;
    missed();
    return faces.embedCentre(path);
  }
}

/** Embeds every photo once and measures every pair. */
export async function evaluatePairs(
  faces: Faces,
  folder: string,
  pairs: readonly Pair[],
  progress: Progress,
): Promise<Evaluation> {
  const embeddings = new Map<string, Embedding>();
  let misses = 0;
  const start = performance.now();
  const photos = photosOf(pairs);
  for (const photo of photos) {
    const path = join(folder, photo);
    const embedding = await inPhoto(
      path,
      embedCentre(faces, path, () => misses++),
    );
    embeddings.set(photo, embedding);
    progress.step();
  }
  const seconds = (performance.now() - start) / 1000;
  const evaluated = pairs.map((pair) => ({
    ...pair,
    distance: euclidean(embeddings.get(pair.a)!, embeddings.get(pair.b)!),
  }));
  return { pairs: evaluated, images: photos.length, misses, seconds };
}
