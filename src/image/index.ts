export { provideJpegCodec } from './codec/jpeg-codec.ts';
export { decodeImage } from './decode.ts';
export { encodeJpeg, encodePng } from './encode.ts';
export { type Box, fitSimilarity, type Point, type Similarity } from './geometry.ts';
export type { Picture, RgbaImage } from './image.ts';
export type { DecodeOptions } from './limits.ts';
export { Photo, type SampleOptions, type SquareOptions } from './photo.ts';
export { type ImageSource, readImage } from './read.ts';
export { resample } from './resample.ts';
