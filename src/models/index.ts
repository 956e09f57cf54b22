export { type Architecture, inputShape, modelHash, type NetworkInput } from './architecture.ts';
export { bundleNetworks } from './bundle.ts';
export { type CatalogueEntry, catalogue, manifestsOf, type NetworkName, weightsPackage } from './catalogue.ts';
export type { Decode, Detection, DetectOptions, Detector, PhotoSize } from './detector.ts';
export { faceRecognition } from './face-recognition.ts';
export { decodeLandmarks, type LandmarksVariant, landmarks68 } from './landmarks68.ts';
export { suppressOverlaps } from './nms.ts';
export { ssdMobilenet } from './ssd-mobilenet.ts';
export { tinyFaceDetector } from './tiny-face-detector.ts';
