import { decodeImage } from '../image/decode.ts';
import { encodeJpeg, encodePng } from '../image/encode.ts';
import { Photo } from '../image/photo.ts';
import { VectorIndex } from '../metric/search/search.ts';
import { defaultEngine, type Engine } from '../runtime/engine.ts';
import { faceEmbedding } from './face-case.ts';
import { hashOf } from './hash.ts';
import { noise, picture } from './noise.ts';
import { opCases } from './op-cases.ts';
import { runOp } from './run-op.ts';
import { soundEmbedding } from './sound-case.ts';
import { painting } from './style-case.ts';
import { training } from './training-case.ts';
import { volumeEmbedding } from './volume-case.ts';

type Parts = readonly (Float32Array | Uint8Array)[];
type Case = (engine: Engine) => Parts | Promise<Parts>;

export interface Digest {
  /** SHA-256 over the hashes of all cases, in order. */
  readonly digest: string;
  /** SHA-256 of what each case computed, by name. */
  readonly cases: Readonly<Record<string, string>>;
}

export interface DigestOptions {
  /** Computes everything. Default: the engine that all of the library shares. */
  readonly engine?: Engine;
}

const DIMENSION = 128;

/** The ids and distances of the nearest of 3,000 vectors, for one query and for many together. */
function nearest(engine: Engine): Parts {
  const index = new VectorIndex(DIMENSION, { engine });
  for (let i = 0; i < 3000; i++) index.add(noise([DIMENSION], i));
  const queries = Array.from({ length: 20 }, (_, i) => noise([DIMENSION], 5000 + i));
  const found = [index.nearest(queries[0]!, 10), ...index.nearest(queries, 10)];
  index.close();
  return found.map((neighbours) => Float32Array.from(neighbours.flatMap(({ id, distance }) => [id, distance])));
}

/** A picture resized to a square, enlarged and reduced. */
function square(engine: Engine): Parts {
  const photo = new Photo(picture(97, 61), engine);
  const options = { place: 'centre', mean: [120, 110, 100], divisor: 255 } as const;
  const squares = [43, 150].map((size) => photo.square({ x: 3, y: 2, width: 90, height: 50 }, { ...options, size }));
  photo.close();
  return squares;
}

/** The file that a picture becomes, and the pixels that come out of it. */
const coded =
  (encode: (image: ReturnType<typeof picture>) => Promise<Uint8Array>): Case =>
  async () => {
    const file = await encode(picture(83, 57));
    const { data } = await decodeImage(file);
    return [file, Uint8Array.from(data)];
  };

const cases = (): Readonly<Record<string, Case>> => ({
  ...Object.fromEntries(opCases().map((entry) => [entry.name, (engine: Engine) => runOp(entry, engine)])),
  nearest,
  square,
  'face embedding': faceEmbedding,
  'sound embedding': soundEmbedding,
  'volume embedding': volumeEmbedding,
  training,
  painting,
  jpeg: coded((image) => encodeJpeg(image, 85)),
  png: coded(encodePng),
});

/**
 * A fixed set of computations, hashed: every op forward and backward, search, sampling, a face from RGBA to its embedding, a
 * sound and a volume to theirs, steps of training, ten steps of painting, image codecs; from seeded inputs, without weights or
 * files. Two places that give the same digest give the same bits. Any NaN counts as one and the same. It takes some seconds.
 *
 * @example
 * const { digest: hash } = await digest();
 */
export async function digest({ engine = defaultEngine() }: DigestOptions = {}): Promise<Digest> {
  const hashes: [name: string, hash: string][] = [];
  for (const [name, compute] of Object.entries(cases())) hashes.push([name, hashOf(await compute(engine))]);
  const all = new TextEncoder().encode(hashes.map(([name, hash]) => `${name} ${hash}\n`).join(''));
  return { digest: hashOf([all]), cases: Object.fromEntries(hashes) };
}
