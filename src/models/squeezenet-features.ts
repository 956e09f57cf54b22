import { type Parameter, Parameters } from '../graph/parameters.ts';
import { parametersFrom } from '../io/tensors.ts';
import { type CompressedLayer, readDeepCompressed } from './deep-compression.ts';
import { type FeatureNetwork, ownFeatures } from './feature-network.ts';
import { filtersOf } from './filters.ts';
import { squeezenet } from './squeezenet.ts';

/** The layers of the published file `compressed_SqueezeNet.net`, in its order. */
function compressedLayers(): CompressedLayer[] {
  const layers: CompressedLayer[] = [];
  for (const [name, shape] of squeezenet().tensors) {
    const [height, width, from, to] = shape;
    if (name.endsWith('/filters'))
      layers.push({ name: name.slice(0, -'/filters'.length), shape: [to!, from!, height!, width!] });
  }
  return layers;
}

/**
 * Weights of SqueezeNet from the deep-compressed file of its authors, for RGB.
 * @throws WeightsError naming the layer at which the file is truncated or damaged.
 * @see https://github.com/songhan/SqueezeNet-Deep-Compression
 */
export function readSqueezenet(bytes: Uint8Array): Parameters {
  const stored = parametersFrom(readDeepCompressed(bytes, compressedLayers()));
  return new Parameters(
    Array.from(squeezenet().tensors, ([name, shape]): [string, Parameter] => {
      const parameter = stored.get(name);
      if (shape.length === 1) return [name, parameter];
      // The network was trained on blue, green, red.
      const reversed = name === 'conv1/filters';
      return [name, filtersOf(name, parameter, shape as [number, number, number, number], { reversed })];
    }),
  );
}

/**
 * SqueezeNet as a feature network: small and quick, and the smallest download that paints well. Layers `conv1`, `fire2` …
 * `fire9` and `conv10`, whose channels are ImageNet's 1000 classes.
 *
 * @throws WeightsError naming the tensor that is missing or has another shape.
 */
export function squeezenetFeatures(parameters: Parameters): FeatureNetwork {
  const { tensors, bind, input } = squeezenet();
  const layers = [...new Set(Array.from(tensors.keys(), (name) => name.split('/')[0]!))];
  return ownFeatures({
    name: 'squeezenet',
    graph: (size) => squeezenet(size).graph,
    parameters: bind(parameters),
    layers,
    content: ['fire4'],
    style: ['conv1', 'fire2', 'fire4', 'fire5', 'fire7'],
    input: { channels: 3, usualSize: input.size, leastSize: 21 },
    mean: input.mean,
    divisor: input.divisor,
  });
}
