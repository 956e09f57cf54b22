export { type ActivationMaps, activationMaps } from './activation-maps.ts';
export type { Frame, FrameOptions } from './frame.ts';
export type { LayerGeometry } from './layer-peaks.ts';
export { type MaximizeOptions, type MaximizeStep, maximization, maximizeActivation } from './maximize.ts';
export { type OcclusionMap, type OcclusionOptions, occlusionMap } from './occlusion.ts';
export type { Patch } from './patch.ts';
export type { NamedPicture, PictureEntry, Pictures, PicturesOptions, Skipped } from './pictures.ts';
export { type Projection, Projector, type ProjectorOptions, type UnitInSample } from './projection.ts';
export { projectionPicture } from './projection-picture.ts';
export { effectiveField, type Span, saliency } from './saliency.ts';
export { type GraphSubjectOptions, graphSubject, networkSubject, type Subject } from './subject.ts';
export {
  type LayerActivations,
  type Peak,
  type Sample,
  type TopActivations,
  type TopActivationsOptions,
  topActivations,
  type UnitPeaks,
  type Units,
} from './top-activations.ts';
export {
  type Cube,
  type CubeSheetOptions,
  cubeSheet,
  type LayerCubes,
  type TopCubesOptions,
  topCubes,
} from './top-cubes.ts';
export {
  type LayerPatches,
  type TopPatches,
  type TopPatchesOptions,
  topPatches,
  type UnitPatches,
  type UnitPatchesOptions,
} from './top-patches.ts';
export { UnitPainter, type UnitPictures, type UnitPicturesOptions } from './unit-pictures.ts';
