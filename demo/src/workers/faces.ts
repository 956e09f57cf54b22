import { type Embedding, type Face, type Faces, type Gallery, loadFaces, type Verification } from 'facsimile/faces';
import type { Picture } from 'facsimile/image';
import { type Calibration, calibrate, euclidean, labelledPairs, type ScoredPair } from 'facsimile/metric';
import { canvasOf, inPicture, squareAround, thumbnail } from './crop.ts';
import { forget, keep, kept } from './database.ts';
import { openPhoto } from './open-photo.ts';
import { serve } from './serve.ts';
import { fetchWeights } from './weights.ts';

/** A face in a photo: where it is, what stands for it, and a small picture of it. */
export interface SeenFace extends Face {
  readonly embedding: Embedding;
  readonly portrait: Blob;
}

/** The faces of a photo, the surest first, in pixels of the upright original, whose size is `width` × `height`. */
export interface Sight {
  readonly width: number;
  readonly height: number;
  readonly faces: readonly SeenFace[];
}

export interface EnrolledPerson {
  readonly id: string;
  readonly examples: number;
  readonly portrait: Blob | undefined;
}

export interface Example {
  readonly label: string;
  readonly embedding: Embedding;
}

export interface CalibrationResult {
  readonly calibration: Calibration;
  readonly pairs: readonly ScoredPair[];
}

const PORTRAIT = 160;

let loading: Promise<Faces> | undefined;
const load = (): Promise<Faces> => {
  loading ??= fetchWeights()
    .then((weights) => loadFaces({ weights, detector: 'ssd' }))
    .catch((error) => {
      loading = undefined;
      throw error;
    });
  return loading;
};

const store = {
  load: () => kept<Uint8Array>('gallery', 'people'),
  save: async (bytes: Uint8Array) => void (await keep('gallery', 'people', bytes)),
};

let opening: Promise<Gallery> | undefined;
const openGallery = (): Promise<Gallery> => {
  opening ??= load().then((faces) => faces.openGallery(store));
  return opening;
};

async function look(photo: Blob): Promise<Sight> {
  const [faces, picture] = await Promise.all([load(), openPhoto(photo)]);
  const found = await faces.embedAll(picture);
  // What was turned down, and why, only an error tells.
  if (found.length === 0) await faces.embed(picture, { face: 'largest' });
  return {
    width: picture.sourceWidth,
    height: picture.sourceHeight,
    faces: await withPortraits(found, picture),
  };
}

function withPortraits(
  found: readonly { readonly embedding: Embedding; readonly face: Face }[],
  picture: Picture,
): Promise<SeenFace[]> {
  const canvas = canvasOf(picture);
  return Promise.all(
    found.map(async ({ embedding, face }) => {
      const square = squareAround(inPicture(face.box, picture), 1.5, picture);
      return { ...face, embedding, portrait: await thumbnail(canvas, square, PORTRAIT) };
    }),
  );
}

async function people(): Promise<EnrolledPerson[]> {
  const gallery = await openGallery();
  return Promise.all(
    gallery.list().map(async ({ id, examples }) => ({ id, examples, portrait: await kept<Blob>('portraits', id) })),
  );
}

const service = {
  /** Has the networks ready. */
  load: async (): Promise<void> => void (await load()),

  look,

  async compare(a: Embedding, b: Embedding, threshold: number): Promise<Verification> {
    return (await load()).verify(a, b, { threshold });
  },

  people,

  async enrol(id: string, embedding: Embedding, portrait: Blob): Promise<EnrolledPerson[]> {
    const gallery = await openGallery();
    const { id: name, examples } = await gallery.enroll(id, embedding);
    if (examples === 1) await keep('portraits', name, portrait);
    await gallery.save(store);
    return people();
  },

  async remove(id: string): Promise<EnrolledPerson[]> {
    const gallery = await openGallery();
    gallery.remove(id);
    await forget('portraits', id);
    await gallery.save(store);
    return people();
  },

  /** The enrolled nearest to a face, nearest first. */
  async rank(embedding: Embedding): Promise<readonly { readonly id: string; readonly distance: number }[]> {
    return (await openGallery()).match(embedding).candidates;
  },

  /** The threshold for a false accept rate, by all pairs of the examples. */
  calibrate(examples: readonly Example[], far: number): CalibrationResult {
    const labels = examples.map(({ label }) => label);
    const pairs = labelledPairs(labels, { different: labels.length ** 2 }).map(({ a, b, same }) => ({
      same,
      distance: euclidean(examples[a]!.embedding, examples[b]!.embedding),
    }));
    return { calibration: calibrate(pairs, { far, people: [1, 10, 100] }), pairs };
  },
};

export type FacesService = typeof service;
serve(service);
