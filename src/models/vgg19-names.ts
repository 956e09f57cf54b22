import { vgg19Layers } from './vgg19.ts';
import type { Vgg19Pixels } from './vgg19-features.ts';

/** What a tensor of a file is to the network. */
export interface Vgg19Tensor {
  /** Name of the convolution: `conv1_1`. */
  readonly layer: string;
  readonly role: 'filters' | 'bias';
  /** For which pixels weights of such names are. */
  readonly pixels: Vgg19Pixels;
  /** True where the first layer's filters are for blue, green, red. */
  readonly reversed: boolean;
}

/** Places of the convolutions among torchvision's `features`: a ReLU stands behind each, a pool behind each block. */
const torchvision = new Map<number, string>();
for (const [i, layer] of vgg19Layers().entries()) torchvision.set(2 * i + Number(layer[4]) - 1, layer);

const roles: Readonly<Record<string, Vgg19Tensor['role']>> = {
  weight: 'filters',
  weights: 'filters',
  kernel: 'filters',
  filters: 'filters',
  W: 'filters',
  bias: 'bias',
  biases: 'bias',
  b: 'bias',
};

/**
 * Which tensor of VGG-19 a name means: `features.0.weight` (torchvision, timm), `conv1_1/filters` (ours),
 * `conv1_1.weight`, `conv1_1_W` and the like (Caffe's layers) and `block1_conv1/kernel` (Keras); a prefix may stand in
 * front. Undefined where it is none of a convolution.
 */
export function vgg19TensorOf(name: string): Vgg19Tensor | undefined {
  const [, place, torch] = /(?:^|[./])features\.(\d+)\.(weight|bias)$/.exec(name) ?? [];
  if (place !== undefined) {
    const layer = torchvision.get(Number(place));
    return layer === undefined ? undefined : { layer, role: roles[torch!]!, pixels: 'torchvision', reversed: false };
  }
  const [, ours, own] = /^(conv\d_\d)\/(filters|bias)$/.exec(name) ?? [];
  if (ours !== undefined) return known({ layer: ours, role: roles[own!]!, pixels: 'torchvision', reversed: false });
  const [, block, conv, role] = /(?:^|[./])(?:block|conv)(\d)_(?:conv)?(\d)[./_](\w+)$/.exec(name) ?? [];
  if (block === undefined || !Object.hasOwn(roles, role!)) return undefined;
  return known({ layer: `conv${block}_${conv}`, role: roles[role!]!, pixels: 'caffe', reversed: true });
}

const known = (tensor: Vgg19Tensor): Vgg19Tensor | undefined =>
  vgg19Layers().includes(tensor.layer) ? tensor : undefined;
