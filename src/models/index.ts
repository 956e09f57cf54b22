export { type Architecture, inputShape, modelHash, type NetworkInput } from './architecture.ts';
export { bundleNetworks } from './bundle.ts';
export { type CatalogueEntry, catalogue, manifestsOf, type NetworkName, weightsPackage } from './catalogue.ts';
export { type ConvEncoderOptions, convEncoder, type Encoder } from './conv-encoder.ts';
export { Crepe, hertzOfCents, type Pitch, type PitchOptions, pitchCents } from './crepe.ts';
export { type CompressedLayer, readDeepCompressed } from './deep-compression.ts';
export type { Decode, Detection, DetectOptions, Detector, PhotoSize } from './detector.ts';
export { type Download, type DownloadName, downloads } from './downloads/downloads.ts';
export { cachedWeights, type PulledWeights, type PullOptions, pullWeights } from './downloads/pull-weights.ts';
export { type EncoderPixels, readEncoder, type TrainedEncoder, writeEncoder } from './encoder-file.ts';
export { faceFeatures } from './face-features.ts';
export { faceRecognition } from './face-recognition.ts';
export {
  type FeatureGraphOptions,
  type FeatureInput,
  type FeatureNetwork,
  type OwnFeaturesOptions,
  ownFeatures,
  type PictureSize,
} from './feature-network.ts';
export { type Initialiser, type InitialTensor, initialParameters } from './initialise.ts';
export { decodeLandmarks, type LandmarksVariant, landmarks68 } from './landmarks68.ts';
export { type LayersFeaturesOptions, layersFeatures } from './layers-model/layers-features.ts';
export { loadLayersModel } from './layers-model/load-layers-model.ts';
export { importLayers, type LayersModel, type LayersModelOptions } from './layers-model/tfjs-layers.ts';
export { type FeatureName, featureNames, type LoadFeaturesOptions, loadFeatures } from './load-features.ts';
export { suppressOverlaps } from './nms.ts';
export { type RandomFeatures, type RandomFeaturesOptions, randomFeatures } from './random-features.ts';
export { alexnetV2 } from './slim/alexnet-v2.ts';
export { resnetV150 } from './slim/resnet-v1-50.ts';
export { vgg16 } from './slim/vgg-16.ts';
export { readSoundEncoder, type SoundEncoder, writeSoundEncoder } from './sound-encoder-file.ts';
export { squeezenet } from './squeezenet.ts';
export { readSqueezenet, squeezenetFeatures } from './squeezenet-features.ts';
export { ssdMobilenet } from './ssd-mobilenet.ts';
export { tinyFaceDetector } from './tiny-face-detector.ts';
export { type Vgg19, type Vgg19Options, vgg19 } from './vgg19.ts';
export { type Vgg19Pixels, vgg19Features } from './vgg19-features.ts';
export { loadVgg19, type Vgg19WeightsOptions } from './vgg19-weights.ts';
