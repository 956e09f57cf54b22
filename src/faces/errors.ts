import { InputError } from '../core/errors.ts';
import type { Face, RejectedFace } from './face.ts';

/** A photo in which no face was found, so that there is nothing to decide about. */
export class NoFaceError extends InputError {
  override name = 'NoFaceError';
  /** What the detector proposed and the checks turned down. */
  readonly rejected: readonly RejectedFace[];

  constructor(message: string, rejected: readonly RejectedFace[] = []) {
    super(message);
    this.rejected = rejected;
  }
}

/** A photo whose only faces are too small to tell people apart. */
export class FaceTooSmallError extends NoFaceError {
  override name = 'FaceTooSmallError';
}

/** A photo with several faces where one was expected. Carries them all: pick one with `face`, or use embedAll. */
export class SeveralFacesError extends InputError {
  override name = 'SeveralFacesError';
  readonly faces: readonly Face[];

  constructor(message: string, faces: readonly Face[]) {
    super(message);
    this.faces = faces;
  }
}

/** Numbers that are not an embedding of this network: a wrong count, NaN or infinity among them. */
export class EmbeddingError extends InputError {
  override name = 'EmbeddingError';
}

/** An id that nobody in the gallery has. */
export class UnknownPersonError extends InputError {
  override name = 'UnknownPersonError';
}

/** A gallery file that cannot be used: truncated, changed, of a newer format, or made with another network. */
export class GalleryError extends InputError {
  override name = 'GalleryError';
}
