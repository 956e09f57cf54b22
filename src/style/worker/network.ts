import { InputError } from '../../core/errors.ts';
import type { Shape } from '../../core/shape.ts';
import { Parameters } from '../../graph/parameters.ts';
import { faceFeatures } from '../../models/face-features.ts';
import type { FeatureNetwork } from '../../models/feature-network.ts';
import { squeezenetFeatures } from '../../models/squeezenet-features.ts';
import { vgg19Features } from '../../models/vgg19-features.ts';

/** Makes a network of its tensors. */
export type NetworkMaker = (parameters: Parameters) => FeatureNetwork;

/** A network as it is sent: its name and its tensors; the other side knows the rest by the name. */
export interface PackedNetwork {
  readonly name: string;
  readonly layers: readonly string[];
  readonly tensors: readonly { readonly name: string; readonly shape: Shape; readonly values: Float32Array }[];
}

/** Networks of the library; a worker of one's own may know others. */
const known: Readonly<Record<string, NetworkMaker>> = {
  faces: faceFeatures,
  squeezenet: squeezenetFeatures,
  vgg19: vgg19Features,
};

/** The normalisation of pixels: tensors of the network, but none of the weights that it is made of. */
const PIXELS = 'normalized/';

export const packNetwork = ({ name, layers, parameters }: FeatureNetwork): PackedNetwork => ({
  name,
  layers,
  tensors: parameters.names.map((tensor) => ({
    name: tensor,
    shape: parameters.get(tensor).shape,
    values: parameters.read(tensor),
  })),
});

/**
 * @param own Networks that are known beside those of the library, by name
 * @throws InputError where the network is not known
 */
export function unpackNetwork(
  { name, layers, tensors }: PackedNetwork,
  own: Readonly<Record<string, NetworkMaker>>,
): FeatureNetwork {
  const parameters = new Parameters(
    tensors.map(({ name: tensor, shape, values }) => [tensor, { shape, read: () => values }] as const),
  );
  const makers = { ...known, ...own };
  if (!Object.hasOwn(makers, name))
    throw new InputError(
      `stylize: a worker cannot be sent the network "${name}", which is made of functions; let serveStylize({ networks }) in a worker of your own know it`,
    );
  const weights = parameters.names.filter((tensor) => !tensor.startsWith(PIXELS));
  const made = makers[name]!(new Parameters(weights.map((tensor) => [tensor, parameters.get(tensor)] as const)));
  if (made.layers.join() !== layers.join())
    throw new InputError(`stylize: the network "${name}" has other layers in the worker than here`);
  return { ...made, parameters };
}
