import { WeightsError } from '../core/errors.ts';
import { Sha256 } from '../core/sha256.ts';
import { type StoredTensor, valuesOf } from '../core/stored-tensor.ts';
import { isRecord } from '../io/json.ts';
import { readSafetensors, writeSafetensors } from '../io/safetensors.ts';
import type { Alignment } from './align.ts';
import { checkedEmbedding, EMBEDDING_SIZE } from './embedding.ts';
import type { FaceEncoder, ModelIdentity } from './encoder.ts';
import { GalleryError } from './errors.ts';
import type { Embedding } from './face.ts';
import { checkedId } from './person-id.ts';

/**
 * A gallery file is a safetensors file with one tensor, `embeddings` [examples, 128] in float32, person after person, and
 * two texts of metadata: what the embeddings are (JSON), and SHA-256 over that text and the bytes of the tensor.
 */
const VERSION = 1;
const TENSOR = 'embeddings';
const DESCRIPTION = 'facsimile.gallery';
const CHECKSUM = 'facsimile.checksum';

type People = readonly (readonly [id: string, examples: readonly Embedding[]])[];

interface Description {
  readonly version: number;
  readonly model: ModelIdentity;
  readonly alignment: Alignment;
  /** Ids in the order of enrolment, with how many rows of the tensor are theirs. */
  readonly people: readonly (readonly [id: string, examples: number])[];
}

/** Bytes of a gallery: equal galleries give equal bytes. */
export function writeGallery(gallery: {
  readonly model: ModelIdentity;
  readonly alignment: Alignment;
  readonly people: People;
}): Uint8Array {
  const { model, alignment, people } = gallery;
  const embeddings = people.flatMap(([, examples]) => examples);
  const bytes = new Uint8Array(embeddings.length * EMBEDDING_SIZE * 4);
  const view = new DataView(bytes.buffer);
  embeddings.forEach((embedding, row) => {
    embedding.forEach((value, i) => {
      view.setFloat32((row * EMBEDDING_SIZE + i) * 4, value, true);
    });
  });
  const description: Description = {
    version: VERSION,
    model: { name: model.name, hash: model.hash },
    alignment,
    people: people.map(([id, examples]) => [id, examples.length]),
  };
  const text = JSON.stringify(description);
  const tensor: StoredTensor = { type: 'F32', shape: [embeddings.length, EMBEDDING_SIZE], bytes };
  return writeSafetensors(new Map([[TENSOR, tensor]]), {
    [DESCRIPTION]: text,
    [CHECKSUM]: checksum(text, bytes),
  });
}

/**
 * The people of a gallery file, for an encoder that can add to it.
 * @throws GalleryError where it is damaged, of another format, or made with another network or alignment.
 */
export function readGallery(file: Uint8Array, faces: Pick<FaceEncoder, 'model' | 'alignment'>): People {
  const { tensor, text, sum } = parse(file);
  if (sum !== checksum(text, tensor.bytes)) refuse('its checksum does not fit: it was changed or damaged');
  const { model, alignment, people } = describe(text);
  if (model.name !== faces.model.name || model.hash !== faces.model.hash)
    refuse(
      `its embeddings are of ${model.name} ${model.hash}, these faces of ${faces.model.name} ${faces.model.hash}: enrol anew`,
    );
  if (alignment !== faces.alignment)
    refuse(`its faces were cut by '${alignment}', these faces cut by '${faces.alignment}': distances would not hold`);
  const rows = people.reduce((total, [, examples]) => total + examples, 0);
  if (tensor.type !== 'F32' || tensor.shape.join() !== [rows, EMBEDDING_SIZE].join())
    refuse(`its ${rows} examples need F32 [${rows},${EMBEDDING_SIZE}], got ${tensor.type} [${tensor.shape}]`);
  const values = valuesOf(tensor);
  let row = 0;
  const next = (): Embedding =>
    checkedEmbedding('gallery', values.subarray(row * EMBEDDING_SIZE, ++row * EMBEDDING_SIZE));
  return people.map(([id, examples]) => [id, Array.from({ length: examples }, next)]);
}

function parse(file: Uint8Array): { tensor: StoredTensor; text: string; sum: string | undefined } {
  if (!(file instanceof Uint8Array)) refuse('expected its bytes as a Uint8Array');
  try {
    const { tensors, metadata } = readSafetensors(file);
    const tensor = tensors.get(TENSOR);
    const text = metadata[DESCRIPTION];
    if (!tensor || tensors.size !== 1 || text === undefined)
      return refuse('this safetensors file holds something else');
    return { tensor, text, sum: metadata[CHECKSUM] };
  } catch (error) {
    if (error instanceof WeightsError)
      throw new GalleryError(`gallery: not a gallery file, or a damaged one (${error.message})`, { cause: error });
    throw error;
  }
}

/** The description, once it is sure to be one. Of another version nothing more is known than its number. */
function describe(text: string): Description {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new GalleryError('gallery: this file cannot be used: its description is not JSON', { cause: error });
  }
  const { version, model, alignment, people } = isRecord(parsed) ? parsed : {};
  if (version !== VERSION) refuse(`it has format ${JSON.stringify(version)}, this release reads ${VERSION}`);
  const ids = Array.isArray(people) && people.every(isCounted) ? people.map(([id]) => checkedId('gallery', id)) : [];
  if (!isRecord(model) || !Array.isArray(people) || ids.length !== people.length || new Set(ids).size !== ids.length)
    refuse('its description is incomplete');
  return { version, model, alignment, people } as unknown as Description;
}

const isCounted = (person: unknown): boolean =>
  Array.isArray(person) && person.length === 2 && Number.isSafeInteger(person[1]) && person[1] > 0;

const checksum = (text: string, bytes: Uint8Array): string =>
  new Sha256().update(new TextEncoder().encode(text)).update(bytes).hex();

function refuse(why: string): never {
  throw new GalleryError(`gallery: this file cannot be used: ${why}`);
}
