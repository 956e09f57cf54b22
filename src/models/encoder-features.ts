import { InputError } from '../core/errors.ts';
import { relu } from '../graph/ops/relu.ts';
import type { TrainedEncoder } from './encoder-file.ts';
import { type FeatureNetwork, ownFeatures } from './feature-network.ts';

/**
 * A trained encoder of pictures as a feature network: its layers are the blocks after their ReLU (`block1/relu`) and the
 * embedding, whose units are its numbers.
 * @throws InputError where its pictures are no squares: it is an encoder of sounds, volumes or other pictures
 */
export function encoderFeatures({ encoder, pixels, parameters }: TrainedEncoder): FeatureNetwork {
  const { graph, output, shape } = encoder;
  const [height, width] = shape;
  if (shape.length !== 3 || height !== width)
    throw new InputError(`encoder: to look into it, it must take square pictures, not [${shape}]`);
  const blocks = graph.nodes.filter(({ op }) => op?.name === relu.name).map(({ name }) => name);
  return ownFeatures({
    name: 'encoder',
    graph,
    parameters,
    layers: [...blocks, output],
    input: { channels: pixels.channels, usualSize: height!, leastSize: height!, fixed: true },
    mean: pixels.mean,
    divisor: pixels.divisor,
  });
}
