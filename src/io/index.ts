export { type NumberType, type Quantization, type StoredTensor, valuesOf } from '../core/stored-tensor.ts';
export { type Parameter, Parameters, parametersOf } from '../graph/parameters.ts';
export { weightsHash } from './identity.ts';
export { readSafetensors, type Safetensors, writeSafetensors } from './safetensors.ts';
export { type BytesSource, readBytes } from './source.ts';
export { parametersFrom, storedTensors } from './tensors.ts';
export { readTfjsWeights } from './tfjs-weights.ts';
export { type LoadOptions, loadParameters, type WeightFiles, type WeightsSource } from './weights.ts';
