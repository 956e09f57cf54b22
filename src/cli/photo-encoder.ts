import { readFile } from 'node:fs/promises';
import { Option } from 'commander';
import { NoFaceError } from '../faces/errors.ts';
import type { Faces } from '../faces/faces.ts';
import { readImage } from '../image/read.ts';
import { resample } from '../image/resample.ts';
import { weightsHash } from '../io/identity.ts';
import { embedDataset } from '../metric/training/embed.ts';
import { readEncoder } from '../models/encoder-file.ts';
import { inPhoto } from './failure.ts';
import type { FaceOptions } from './options.ts';
import { type Progress, progressOf } from './progress.ts';
import type { Session } from './session.ts';
import type { Terminal } from './terminal.ts';

/** Photos, each embedded once. */
export interface EmbeddedPhotos {
  /** In the order of the photos. */
  readonly embeddings: readonly Float32Array[];
  readonly images: number;
  /** Photos in which no face was found, embedded from their centre. */
  readonly misses: number;
  /** Whether faces were looked for. */
  readonly faces: boolean;
  readonly seconds: number;
}

/** What turns photos into embeddings: the face networks, or an encoder that was trained. */
export interface PhotoEncoder {
  readonly model: { readonly name: string; readonly hash: string };
  /** How faces are cut out; `'whole'` where pictures are taken as they are. */
  readonly alignment: string;
  embed(paths: readonly string[], terminal: Terminal): Promise<EmbeddedPhotos>;
}

export interface EncoderOptions extends FaceOptions {
  readonly model?: string;
}

export const modelOption = (): Option =>
  new Option('--model <file>', 'an encoder that "facsimile train" wrote, in place of the face networks').conflicts([
    'detector',
    'alignment',
    'weights',
  ]);

/** The encoder that the options ask for. */
export const openEncoder = async (session: Session, { model, ...options }: EncoderOptions): Promise<PhotoEncoder> =>
  model === undefined ? facesEncoder(await session.openFaces(options)) : trainedEncoder(model);

/** Runs work with a bar, and says how long it took. */
async function timed(
  terminal: Terminal,
  count: number,
  work: (progress: Progress) => Promise<Omit<EmbeddedPhotos, 'images' | 'seconds'>>,
): Promise<EmbeddedPhotos> {
  const progress = progressOf(terminal, 'Embedding', count);
  const start = performance.now();
  try {
    return { ...(await work(progress)), images: count, seconds: (performance.now() - start) / 1000 };
  } finally {
    progress.done();
  }
}

/**
 * Embeds the face nearest the centre of each photo. Where none is found, the network is given the centre of the photo,
 * where photos of LFW have the face: the protocol has no pair without an answer.
 */
const facesEncoder = (faces: Faces): PhotoEncoder => ({
  get model() {
    return faces.model;
  },
  alignment: faces.alignment,
  embed: (paths, terminal) =>
    timed(terminal, paths.length, async (progress) => {
      const embeddings: Float32Array[] = [];
      let misses = 0;
      const embedCentral = async (path: string): Promise<Float32Array> => {
        try {
          return (await faces.embed(path, { face: 'central' })).embedding;
        } catch (error) {
          if (!(error instanceof NoFaceError)) throw error;
          misses++;
          return faces.embedCentre(path);
        }
      };
      for (const path of paths) {
        embeddings.push(await inPhoto(path, embedCentral(path)));
        progress.step();
      }
      return { embeddings, misses, faces: true };
    }),
});

/** An encoder in a file: pictures are brought to its size, whole. */
async function trainedEncoder(file: string): Promise<PhotoEncoder> {
  const { encoder, pixels, parameters } = await inPhoto(file, readFile(file).then(readEncoder));
  const [height, width] = encoder.shape as [number, number, number];
  return {
    model: { name: 'encoder', hash: weightsHash(parameters, encoder.tensors.keys()) },
    alignment: 'whole',
    embed: (paths, terminal) =>
      timed(terminal, paths.length, async (progress) => {
        const pictures: Uint8Array[] = [];
        for (const path of paths) {
          pictures.push(resample(await inPhoto(path, readImage(path)), [height, width], pixels.channels));
          progress.step();
        }
        const rows = embedDataset(
          encoder.graph,
          {
            shape: encoder.shape,
            classes: [],
            size: pictures.length,
            read: (example, into) =>
              pictures[example]!.forEach((value, i) => {
                into[i] = (value - pixels.mean) / pixels.divisor;
              }),
          },
          { parameters, output: encoder.output },
        );
        const dimension = rows.length / pictures.length;
        const embeddings = pictures.map((_, i) => rows.slice(i * dimension, (i + 1) * dimension));
        return { embeddings, misses: 0, faces: false };
      }),
  };
}
