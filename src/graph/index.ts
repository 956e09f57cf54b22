export type { Shape } from '../core/shape.ts';
export type { Padding, WindowAttributes } from '../core/window.ts';
export { createEngine } from '../runtime/create-engine.ts';
export { type AsyncEngineOptions, defaultEngine, type Engine, type EngineOptions } from '../runtime/engine.ts';
export { type CoreSource, init } from '../runtime/init.ts';
export type { Gradients } from './backward-pass.ts';
export type { Tensor } from './checkpoint.ts';
export { type GradCheck, type GradCheckOptions, type GradientCheck, gradCheck } from './grad-check.ts';
export type { GradientRequest } from './gradients.ts';
export { type ApplyOptions, Graph, type Node } from './graph.ts';
export type { Op, Rule } from './op.ts';
export { absoluteDifference } from './ops/absolute-difference.ts';
export { add } from './ops/add.ts';
export { affine } from './ops/affine.ts';
export { averagePool } from './ops/average-pool.ts';
export { type BatchNormAttributes, batchNorm } from './ops/batch-norm.ts';
export { channelMax } from './ops/channel-max.ts';
export { channelMoments } from './ops/channel-moments.ts';
export { chiSquareDifference } from './ops/chi-square-difference.ts';
export { clip } from './ops/clip.ts';
export { type ConcatAttributes, concat } from './ops/concat.ts';
export { contentLoss } from './ops/content-loss.ts';
export { type ContrastiveLossAttributes, contrastiveLoss, contrastiveLossEntries } from './ops/contrastive-loss.ts';
export { conv } from './ops/conv.ts';
export { convTranspose } from './ops/conv-transpose.ts';
export { type CropAttributes, crop } from './ops/crop.ts';
export { dense } from './ops/dense.ts';
export { depthwiseConv } from './ops/depthwise-conv.ts';
export { type DropoutAttributes, dropout } from './ops/dropout.ts';
export { type ExternalAttributes, external } from './ops/external.ts';
export { flatten } from './ops/flatten.ts';
export { globalAveragePool } from './ops/global-average-pool.ts';
export { gram } from './ops/gram.ts';
export {
  type IndexedTripletLossAttributes,
  indexedTripletLoss,
  indexedTripletLossEntries,
} from './ops/indexed-triplet-loss.ts';
export { instanceNorm } from './ops/instance-norm.ts';
export { l2Normalize } from './ops/l2-normalize.ts';
export { leakyRelu } from './ops/leaky-relu.ts';
export { mask } from './ops/mask.ts';
export { maxPool } from './ops/max-pool.ts';
export { mean } from './ops/mean.ts';
export { multiply } from './ops/multiply.ts';
export { pad } from './ops/pad.ts';
export { type PairwiseDistanceAttributes, pairwiseDistance } from './ops/pairwise-distance.ts';
export { prelu } from './ops/prelu.ts';
export { relu } from './ops/relu.ts';
export { resizeBilinear } from './ops/resize-bilinear.ts';
export { type RowsAttributes, rows } from './ops/rows.ts';
export { sigmoid } from './ops/sigmoid.ts';
export { sigmoidCrossEntropy, sigmoidCrossEntropyEntries } from './ops/sigmoid-cross-entropy.ts';
export { softmax } from './ops/softmax.ts';
export { softmaxCrossEntropy, softmaxCrossEntropyEntries } from './ops/softmax-cross-entropy.ts';
export { squaredDifference } from './ops/squared-difference.ts';
export { styleLoss } from './ops/style-loss.ts';
export { tanh } from './ops/tanh.ts';
export { totalVariation } from './ops/total-variation.ts';
export { type TripletLossAttributes, tripletLoss, tripletLossEntries } from './ops/triplet-loss.ts';
export type { Optimizer, Update } from './optimizer.ts';
export { refreshParameters, releaseParameters } from './packed.ts';
export { type Parameter, Parameters, parametersOf, shapesOnly } from './parameters.ts';
export { type BackwardCall, type Plan, type PlanOptions, plan } from './plan.ts';
export {
  cellsOfUnit,
  type ReceptiveAxis,
  type ReceptiveFieldOptions,
  receptiveField,
  receptiveFields,
} from './receptive-field.ts';
export type { StepReport, TrainOptions } from './train-options.ts';
export type { Trainable } from './trainable.ts';
export { type TrainingPlan, type TrainingPlanOptions, trainingPlan } from './training-plan.ts';
