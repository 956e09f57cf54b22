import { InputError } from '../core/errors.ts';
import type { ImageSource } from '../image/read.ts';
import { checkedEmbedding, isEmbedding } from './embedding.ts';
import type { EmbedOptions, FaceEncoder, FaceSource } from './encoder.ts';
import { UnknownPersonError } from './errors.ts';
import type { Embedding, Face } from './face.ts';
import type { DetectOptions } from './finder.ts';
import { readGallery, writeGallery } from './gallery-file.ts';
import { type Candidate, People, type Policy, policies } from './people.ts';
import { checkedId } from './person-id.ts';
import type { GalleryStore } from './store.ts';
import { checkedThreshold } from './threshold.ts';

export interface GalleryOptions {
  /** How a person's examples make one distance. Default: `'min'`, the nearest. */
  readonly policy?: Policy;
  /** The largest distance that is still the same person. Default: that of the faces, 0.6 for the default network. */
  readonly threshold?: number;
}

/** An answer to "who is this?". */
export interface Recognition {
  /** The nearest enrolled person where `distance` ≤ `threshold`, else null: not recognized. */
  readonly id: string | null;
  /** Euclidean distance to the nearest person, recognized or not; Infinity in an empty gallery. */
  readonly distance: number;
  readonly threshold: number;
  /** The nearest people, nearest first, at most five. */
  readonly candidates: readonly Candidate[];
}

/** A face in a photo and who it is. */
export interface RecognizedFace extends Recognition {
  readonly face: Face;
}

/** Someone enrolled. */
export interface Person {
  readonly id: string;
  readonly examples: number;
}

const MOST_CANDIDATES = 5;

/**
 * People that faces are compared with. One photo enrols a person; nothing is trained when people are added. Ties go to
 * whoever was enrolled first.
 *
 * A gallery holds biometric data of people: keep it as such. Recognition has no liveness check, so a printed photo passes
 * for the person, and with K people enrolled a stranger has about K chances to be taken for one of them.
 *
 * @example
 * const gallery = faces.gallery();
 * await gallery.enroll('ada', 'ada.jpg');
 * const { id, distance } = await gallery.recognize('someone.jpg'); // 'ada' or null
 */
export class Gallery {
  readonly policy: Policy;
  readonly threshold: number;
  readonly #faces: FaceEncoder;
  readonly #people: People;

  constructor(faces: FaceEncoder, options: GalleryOptions = {}) {
    const { policy = 'min' } = options;
    if (!policies.includes(policy))
      throw new InputError(`gallery: policy must be ${policies.map((name) => `'${name}'`).join(', ')}, got ${policy}`);
    this.policy = policy;
    this.threshold = checkedThreshold('gallery', options.threshold ?? faces.threshold);
    this.#faces = faces;
    this.#people = new People(faces.engine);
  }

  /** How many people are enrolled. */
  get size(): number {
    return this.#people.size;
  }

  /** Everyone enrolled, in the order of their first example. */
  list(): Person[] {
    return this.#people.list();
  }

  /**
   * Adds one example of a person, or several at once: photos that show their face, or embeddings. Where one of several
   * cannot be used, none is added.
   *
   * @throws InputError for an unusable id; NoFaceError, FaceTooSmallError, SeveralFacesError for a photo; EmbeddingError.
   * @example
   * await gallery.enroll('ada', ['front.jpg', 'side.jpg']);
   */
  async enroll(id: string, sources: FaceSource | readonly FaceSource[], options: EmbedOptions = {}): Promise<Person> {
    const who = checkedId('enroll', id);
    if (Array.isArray(sources) && sources.length === 0)
      throw new InputError(`enroll: expected at least one photo of "${who}", got none`);
    const several = Array.isArray(sources) && !isEmbedding(sources);
    const embeddings: Embedding[] = [];
    for (const source of several ? (sources as readonly FaceSource[]) : [sources as FaceSource])
      embeddings.push((await this.#embedded('enroll', source, options)).embedding);
    for (const embedding of embeddings) this.#people.add(who, embedding);
    return { id: who, examples: this.#people.examples(who).length };
  }

  /** Removes a person with all examples. False where nobody has that id. */
  remove(id: string): boolean {
    return this.#people.remove(checkedId('remove', id));
  }

  /**
   * Who a photo shows. With several faces in it, say which one by `face`, or ask `recognizeAll`.
   * @throws NoFaceError, FaceTooSmallError, SeveralFacesError
   */
  async recognize(photo: ImageSource, options: EmbedOptions = {}): Promise<RecognizedFace> {
    const { embedding, face } = await this.#faces.embed(photo, options);
    return { face, ...this.match(embedding) };
  }

  /** Who is in a photo: an answer for every face, surest detection first; none for a photo without faces. */
  async recognizeAll(photo: ImageSource, options: DetectOptions = {}): Promise<RecognizedFace[]> {
    const found = await this.#faces.embedAll(photo, options);
    return found.map(({ embedding, face }) => ({ face, ...this.match(embedding) }));
  }

  /** Whose an embedding is. @throws EmbeddingError */
  match(embedding: ArrayLike<number>): Recognition {
    const candidates = this.#people.rank(checkedEmbedding('match', embedding), this.policy, MOST_CANDIDATES);
    const nearest = candidates[0];
    const distance = nearest?.distance ?? Number.POSITIVE_INFINITY;
    const { threshold } = this;
    return { id: nearest && distance <= threshold ? nearest.id : null, distance, threshold, candidates };
  }

  /**
   * Whether a photo shows the person it claims to show.
   * @throws UnknownPersonError where nobody has that id; and as `recognize`.
   */
  async verify(
    id: string,
    photo: FaceSource,
    options: EmbedOptions = {},
  ): Promise<{ same: boolean; distance: number; threshold: number; face?: Face }> {
    const who = checkedId('verify', id);
    const known = (): void => {
      if (!this.#people.has(who)) throw new UnknownPersonError(`verify: nobody in the gallery is called "${who}"`);
    };
    known();
    const { embedding, face } = await this.#embedded('verify', photo, options);
    known();
    const distance = this.#people.distance(who, embedding, this.policy);
    return { same: distance <= this.threshold, distance, threshold: this.threshold, ...(face && { face }) };
  }

  /**
   * The gallery as bytes: a safetensors file with the embeddings [examples, 128], the ids, and which network and
   * alignment made them, under a checksum.
   */
  toBytes(): Uint8Array {
    const { model, alignment } = this.#faces;
    const people = this.#people.list().map(({ id }) => [id, this.#people.examples(id)] as const);
    return writeGallery({ model, alignment, people });
  }

  /**
   * A gallery from the bytes of `toBytes`.
   * @throws GalleryError where they are damaged, or were made with another network, alignment or a newer format.
   */
  static fromBytes(bytes: Uint8Array, faces: FaceEncoder, options: GalleryOptions = {}): Gallery {
    const gallery = new Gallery(faces, options);
    for (const [id, examples] of readGallery(bytes, faces))
      for (const example of examples) gallery.#people.add(id, example);
    return gallery;
  }

  /** Saves the gallery to a store; `faces.openGallery(store)` opens it again. */
  async save(store: GalleryStore): Promise<void> {
    await store.save(this.toBytes());
  }

  async #embedded(
    who: string,
    source: FaceSource,
    options: EmbedOptions,
  ): Promise<{ embedding: Embedding; face?: Face }> {
    return isEmbedding(source) ? { embedding: checkedEmbedding(who, source) } : this.#faces.embed(source, options);
  }
}
