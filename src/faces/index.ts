export { type CoreSource, init } from '../runtime/init.ts';
export type { Alignment } from './align.ts';
export type { DetectorName } from './detector.ts';
export { EMBEDDING_SIZE } from './embedding.ts';
export type { EmbedOptions, FaceEncoder, FaceSource, ModelIdentity } from './encoder.ts';
export {
  EmbeddingError,
  FaceTooSmallError,
  GalleryError,
  NoFaceError,
  SeveralFacesError,
  UnknownPersonError,
} from './errors.ts';
export type { EmbeddedFace, Embedding, Face, RejectedFace, Rejection } from './face.ts';
export { Faces, type Verification, type VerifyOptions } from './faces.ts';
export { type DetectOptions, MIN_FACE_SIZE } from './finder.ts';
export { Gallery, type GalleryOptions, type Person, type Recognition, type RecognizedFace } from './gallery.ts';
export { type LoadFacesOptions, loadFaces } from './load.ts';
export type { Candidate, Policy } from './people.ts';
export type { FaceChoice } from './pick.ts';
export type { GalleryStore } from './store.ts';
export { DEFAULT_THRESHOLD } from './threshold.ts';
