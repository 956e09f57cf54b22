export {
  type CalibrateOptions,
  type Calibration,
  calibrate,
  type GalleryRate,
  type Rate,
} from './decision/calibrate.ts';
export {
  type Classification,
  FewShotClassifier,
  type FewShotOptions,
  type FewShotRule,
  type SupportExample,
} from './decision/few-shot.ts';
export { comparisonFalseAccept, galleryFalseAccept } from './decision/gallery-rate.ts';
export {
  type FitProbabilityOptions,
  fitProbability,
  PairProbability,
  type ProbabilityRecord,
} from './decision/probability.ts';
export { type EmbeddedPair, type TrainHeadOptions, trainVerificationHead } from './decision/train-verification-head.ts';
export { type HeadFeature, VerificationHead } from './decision/verification-head.ts';
export { cosine, type Distance, euclidean, squaredEuclidean } from './distance.ts';
export { accuracyAt, bestThreshold, type ThresholdAccuracy } from './evaluation/accuracy.ts';
export { type BootstrapOptions, bootstrapInterval } from './evaluation/bootstrap.ts';
export type { DistanceChoice } from './evaluation/distances-to.ts';
export type { FewShotResult } from './evaluation/few-shot-result.ts';
export {
  type Interval,
  type IntervalMethod,
  type ProportionOptions,
  proportionInterval,
} from './evaluation/interval.ts';
export type { Label } from './evaluation/labelled.ts';
export { type LabelledPair, type LabelledPairsOptions, labelledPairs } from './evaluation/labelled-pairs.ts';
export { type LfwFold, type LfwResult, lfwProtocol } from './evaluation/lfw.ts';
export { foldsOf, type Pair, parsePairs } from './evaluation/lfw-pairs.ts';
export { type NWayOptions, nWayKShot } from './evaluation/n-way.ts';
export {
  type OneShotError,
  type OneShotOptions,
  type OneShotResult,
  oneShotIdentification,
} from './evaluation/one-shot.ts';
export { type PrincipalComponents, principalComponents } from './evaluation/principal-components.ts';
export { type Reliability, type ReliabilityBin, reliability } from './evaluation/reliability.ts';
export { type Retrieval, type RetrievalOptions, retrieval } from './evaluation/retrieval.ts';
export { auc, equalErrorRate, type RocPoint, roc, tarAtFar } from './evaluation/roc.ts';
export { type RocIntervalOptions, type RocIntervals, rocIntervals } from './evaluation/roc-interval.ts';
export type { ScoredPair } from './evaluation/scored-pairs.ts';
export { type Neighbour, VectorIndex, type VectorIndexOptions } from './search/search.ts';
export { type Augmentation, type AugmentOptions, augmentation } from './training/augment.ts';
export {
  arrayDataset,
  collectDataset,
  type Dataset,
  type Example,
  type ExampleClass,
  selectClasses,
} from './training/dataset.ts';
export { type EmbedOptions, ExampleEncoder, embedDataset } from './training/embed.ts';
export { type EmbedSoundsOptions, embedSounds } from './training/embed-sounds.ts';
export { type FolderDataset, type FolderOptions, folderDataset } from './training/folder-dataset.ts';
export {
  type BinaryHeadOptions,
  binaryHead,
  classifier,
  contrastive,
  type EpisodesOptions,
  episodes,
  type Objective,
  triplets,
} from './training/objectives.ts';
export {
  type Batch,
  type ClassSamplerOptions,
  classSampler,
  type PairBatch,
  type PairSamplerOptions,
  pairSampler,
  type Sampler,
} from './training/sampler.ts';
export {
  type SoundDatasetOptions,
  type SoundExample,
  type SoundVariation,
  soundDataset,
} from './training/sound-dataset.ts';
export type { TrainOptions } from './training/train-options.ts';
export { type EmbeddingTraining, type TrainingStep, trainEmbedding } from './training/trainer.ts';
export { type TurnOptions, turnedClasses } from './training/turned-classes.ts';
export type { ValidationOptions } from './training/validation.ts';
