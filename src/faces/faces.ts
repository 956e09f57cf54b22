import type { Picture } from '../image/image.ts';
import { Photo } from '../image/photo.ts';
import { type ImageSource, readImage } from '../image/read.ts';
import { euclidean } from '../metric/distance.ts';
import { modelHash } from '../models/architecture.ts';
import type { Engine } from '../runtime/engine.ts';
import { type Alignment, cutFace, type LocatedFace } from './align.ts';
import { checkedEmbedding, isEmbedding } from './embedding.ts';
import type { EmbedOptions, FaceEncoder, FaceSource, ModelIdentity } from './encoder.ts';
import type { EmbeddedFace, Embedding, Face, RejectedFace } from './face.ts';
import { type DetectOptions, type FaceFinder, type FoundFace, MIN_FACE_SIZE } from './finder.ts';
import { Gallery, type GalleryOptions } from './gallery.ts';
import type { Network } from './network.ts';
import { noFace } from './no-face.ts';
import { faceInOriginal, rejectedInOriginal } from './original.ts';
import { pickFace } from './pick.ts';
import type { GalleryStore } from './store.ts';
import { checkedThreshold, DEFAULT_THRESHOLD } from './threshold.ts';

export interface VerifyOptions extends EmbedOptions {
  /** The largest distance that is still the same person. Default: 0.6. */
  readonly threshold?: number;
}

/** Whether two photos show the same person. */
export interface Verification {
  /** distance ≤ threshold */
  readonly same: boolean;
  /** Euclidean distance of the two embeddings, 0 and up. It is no probability and no percentage. */
  readonly distance: number;
  readonly threshold: number;
  /** The faces that were found in each photo, the surest first; none where an embedding was given. */
  readonly faces: readonly [readonly Face[], readonly Face[]];
}

/** What `Faces` is made of; `loadFaces` puts it together. */
export interface FacesParts {
  readonly finder: FaceFinder;
  readonly recognition: Network;
  readonly alignment: Alignment;
  readonly engine: Engine;
  /** Default of `minScore`. */
  readonly minScore?: number;
}

/** A photo's faces with what is needed to embed them, while the photo is at hand. */
interface Sight {
  readonly photo: Photo;
  readonly found: readonly FoundFace[];
  readonly faces: readonly Face[];
}

/**
 * Finds faces in photos, turns them into embeddings and compares them. Made by `loadFaces`.
 *
 * Nothing is decided about a photo without a face: it is a NoFaceError. A photo with several faces is a
 * SeveralFacesError until the caller says which one is meant.
 *
 * Limits: there is no liveness check, so a printed photo passes for the person. The network tells adults apart better than
 * children, and its accuracy varies with ethnicity. An embedding is biometric data.
 *
 * @example
 * const faces = await loadFaces();
 * const { same, distance, threshold } = await faces.verify('passport.jpg', 'selfie.jpg');
 */
export class Faces implements FaceEncoder {
  readonly alignment: Alignment;
  readonly engine: Engine;
  /** Largest Euclidean distance that still means the same person, 0.6. */
  readonly threshold = DEFAULT_THRESHOLD;
  readonly #finder: FaceFinder;
  readonly #recognition: Network;
  readonly #minScore: number | undefined;
  #model: ModelIdentity | undefined;

  constructor({ finder, recognition, alignment, engine, minScore }: FacesParts) {
    this.#finder = finder;
    this.#recognition = recognition;
    this.alignment = alignment;
    this.engine = engine;
    this.#minScore = minScore;
  }

  /** Which network makes the embeddings. The hash of its 5.6 million weights is made at first use, in some 0.2 s. */
  get model(): ModelIdentity {
    const { architecture, bound } = this.#recognition;
    this.#model ??= { name: architecture.name, hash: modelHash(architecture, bound) };
    return this.#model;
  }

  /**
   * The faces in a photo, the surest first; an empty list where there are none.
   * @throws ImageError where the photo cannot be read.
   */
  async detect(photo: ImageSource, options: DetectOptions = {}): Promise<Face[]> {
    const picture = await readImage(photo);
    return this.#look(picture, options, ({ faces }) => [...faces]);
  }

  /**
   * The embedding of the face in a photo.
   *
   * @throws NoFaceError where there is none, FaceTooSmallError where all are too small, SeveralFacesError where there are
   * several and `face` does not say which; ImageError.
   * @example
   * const { embedding, face } = await faces.embed('party.jpg', { face: 'largest' });
   */
  async embed(photo: ImageSource, options: EmbedOptions = {}): Promise<EmbeddedFace> {
    const { chosen } = await this.#embedChosen('embed', photo, options);
    return chosen;
  }

  /** Every face in a photo with its embedding, the surest first; an empty list where there are none. */
  async embedAll(photo: ImageSource, options: DetectOptions = {}): Promise<EmbeddedFace[]> {
    const picture = await readImage(photo);
    this.#prepare();
    return this.#look(picture, options, (sight) => sight.faces.map((_, i) => this.#embedFound(sight, i)));
  }

  /**
   * The embedding of what is in the middle of a photo, taken for a face of half the photo's size, whether it is one or
   * not: for test sets that are cut around faces and count every photo, as LFW. Decide nothing about people by it.
   */
  async embedCentre(photo: ImageSource): Promise<Embedding> {
    const picture = await readImage(photo);
    this.#prepare();
    const { width, height } = picture;
    const side = Math.max(1, Math.floor(Math.min(width, height) / 2));
    const region = { x: Math.floor((width - side) / 2), y: Math.floor((height - side) / 2), width: side, height: side };
    return this.#withPhoto(picture, (photo) =>
      this.#encode(photo, { box: region, region, landmarks: this.#finder.locate(photo, region) }),
    );
  }

  /**
   * Whether two photos show the same person: d = ‖f(a) − f(b)‖ ≤ threshold. Either may be an embedding made earlier, with
   * the same network and alignment.
   *
   * @throws NoFaceError, FaceTooSmallError, SeveralFacesError, EmbeddingError, ImageError, naming the photo.
   * @example
   * const { same, distance } = await faces.verify(passport, selfie, { threshold: 0.55 });
   */
  async verify(a: FaceSource, b: FaceSource, options: VerifyOptions = {}): Promise<Verification> {
    const { threshold = this.threshold, ...rest } = options;
    checkedThreshold('verify', threshold);
    const first = await this.#embedSource(nameOf('verify', a, 'the first photo'), a, rest);
    const second = await this.#embedSource(nameOf('verify', b, 'the second photo'), b, rest);
    const distance = euclidean(first.embedding, second.embedding);
    return { same: distance <= threshold, distance, threshold, faces: [first.faces, second.faces] };
  }

  /** An empty gallery for people to be recognized in. */
  gallery(options: GalleryOptions = {}): Gallery {
    return new Gallery(this, options);
  }

  /**
   * The gallery that was saved in a store, or an empty one where nothing has been saved yet.
   * @throws GalleryError where it is damaged, or was made with another network or alignment.
   */
  async openGallery(store: GalleryStore, options: GalleryOptions = {}): Promise<Gallery> {
    const bytes = await store.load();
    return bytes === undefined ? this.gallery(options) : Gallery.fromBytes(bytes, this, options);
  }

  async #embedSource(
    who: string,
    source: FaceSource,
    options: EmbedOptions,
  ): Promise<{ embedding: Embedding; faces: readonly Face[] }> {
    if (isEmbedding(source)) return { embedding: checkedEmbedding(who, source), faces: [] };
    const { chosen, faces } = await this.#embedChosen(who, source, options);
    return { embedding: chosen.embedding, faces };
  }

  async #embedChosen(
    who: string,
    photo: ImageSource,
    { face = 'only', ...options }: EmbedOptions,
  ): Promise<{ chosen: EmbeddedFace; faces: readonly Face[] }> {
    const picture = await readImage(photo);
    this.#prepare();
    const size = { width: picture.sourceWidth, height: picture.sourceHeight };
    const minSize = ((options.minSize ?? MIN_FACE_SIZE) * picture.sourceWidth) / picture.width;
    return this.#look(picture, options, (sight, rejected) => {
      if (sight.faces.length === 0) throw noFace(who, rejected, minSize);
      return { chosen: this.#embedFound(sight, pickFace(who, sight.faces, face, size)), faces: sight.faces };
    });
  }

  /** Plans all networks before a photo takes memory: what stays lies below what goes. */
  #prepare(): void {
    this.#finder.prepare();
    this.#recognition.prepare();
  }

  /** Finds the faces of a picture and uses them while the photo lies in wasm memory. */
  #look<T>(picture: Picture, options: DetectOptions, use: (sight: Sight, rejected: RejectedFace[]) => T): T {
    const { minScore = this.#minScore, ...rest } = options;
    this.#finder.prepare();
    return this.#withPhoto(picture, (photo) => {
      const { found, rejected } = this.#finder.find(photo, { ...rest, ...(minScore !== undefined && { minScore }) });
      const faces = found.map(({ face }) => faceInOriginal(face, picture));
      return use(
        { photo, found, faces },
        rejected.map((other) => rejectedInOriginal(other, picture)),
      );
    });
  }

  #withPhoto<T>(picture: Picture, use: (photo: Photo) => T): T {
    const photo = new Photo(picture, this.engine);
    try {
      return use(photo);
    } finally {
      photo.close();
    }
  }

  #embedFound({ photo, found, faces }: Sight, at: number): EmbeddedFace {
    const { face, region } = found[at]!;
    return { embedding: this.#encode(photo, { ...face, region }), face: faces[at]! };
  }

  #encode(photo: Photo, face: LocatedFace): Embedding {
    const network = this.#recognition;
    const pixels = cutFace(photo, face, this.alignment, network.sampling());
    return checkedEmbedding('embed', network.run(pixels).descriptor!);
  }
}

/** How messages call a source: a path by itself. */
const nameOf = (who: string, source: FaceSource, otherwise: string): string =>
  `${who}: ${typeof source === 'string' ? source : otherwise}`;
