import type { Parameters } from '../graph/parameters.ts';
import { faceRecognition } from './face-recognition.ts';
import { type FeatureNetwork, ownFeatures } from './feature-network.ts';

/** Blocks of the network, shallow to deep; each is a node after its ReLU. */
const LAYERS = [
  ...['conv32_down', 'conv32_1', 'conv32_2', 'conv32_3'],
  ...['conv64_down', 'conv64_1', 'conv64_2', 'conv64_3'],
  ...['conv128_down', 'conv128_1', 'conv128_2'],
  ...['conv256_down', 'conv256_1', 'conv256_2', 'conv256_down_out'],
];

/**
 * dlib's face recognition network as a feature network for pictures of any size: its shallow layers see strokes and
 * textures as well as any, its deep ones parts of faces.
 *
 * @param parameters The tensors by their names, or by names that begin with `face_recognition/`.
 * @throws WeightsError naming the tensor that is missing or has another shape.
 */
export function faceFeatures(parameters: Parameters): FeatureNetwork {
  const { bind, input } = faceRecognition();
  return ownFeatures({
    name: 'faces',
    graph: (size) => faceRecognition(size).graph,
    parameters: bind(parameters),
    layers: LAYERS,
    content: ['conv64_1'],
    style: ['conv32_down', 'conv32_1', 'conv32_3', 'conv64_2', 'conv128_1'],
    input: { channels: 3, usualSize: input.size, leastSize: 103 },
    mean: input.mean,
    divisor: input.divisor,
  });
}
