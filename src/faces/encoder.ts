import type { ImageSource } from '../image/read.ts';
import type { Engine } from '../runtime/engine.ts';
import type { Alignment } from './align.ts';
import type { EmbeddedFace } from './face.ts';
import type { DetectOptions } from './finder.ts';
import type { FaceChoice } from './pick.ts';

/** Which network made an embedding. Embeddings compare only with those of the same network and alignment. */
export interface ModelIdentity {
  readonly name: string;
  /** SHA-256 over the network's weights: names, shapes and float32 values, in whatever file they came. */
  readonly hash: string;
}

/** A photo, or an embedding that was made earlier with the same network and alignment. */
export type FaceSource = ImageSource | Float32Array | readonly number[];

export interface EmbedOptions extends DetectOptions {
  /** Which face, where a photo shows several. Default: `'only'`. */
  readonly face?: FaceChoice;
}

/** What a gallery asks of `Faces`. */
export interface FaceEncoder {
  readonly model: ModelIdentity;
  readonly alignment: Alignment;
  readonly threshold: number;
  readonly engine: Engine;
  embed(photo: ImageSource, options?: EmbedOptions): Promise<EmbeddedFace>;
  embedAll(photo: ImageSource, options?: DetectOptions): Promise<EmbeddedFace[]>;
}
