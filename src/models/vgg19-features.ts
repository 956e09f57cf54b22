import { WeightsError } from '../core/errors.ts';
import type { Parameters } from '../graph/parameters.ts';
import { bindTensors } from './architecture.ts';
import { type FeatureNetwork, ownFeatures } from './feature-network.ts';
import { vgg19, vgg19Layers } from './vgg19.ts';

/**
 * What the pixels were when the weights were trained. `torchvision`: RGB 0 … 1, less their means, over their deviations.
 * `caffe`: 0 … 255 less their means (the authors' own weights; these come for BGR and are turned round when they are read).
 */
export type Vgg19Pixels = 'torchvision' | 'caffe';

/** Means and divisors of red, green and blue on the scale 0 … 255. */
const pixelsOf = {
  /** https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.vgg19.html */
  torchvision: {
    mean: [0.485, 0.456, 0.406].map((v) => v * 255),
    divisor: [0.229, 0.224, 0.225].map((v) => v * 255),
  },
  /** https://gist.github.com/ksimonyan/3785162f95cd2d5fee77 */
  caffe: { mean: [123.68, 116.779, 103.939], divisor: 1 },
} as const;

/** What Gatys et al. (2016) paint with. */
const CONTENT = ['conv4_2'];
const STYLE = ['conv1_1', 'conv2_1', 'conv3_1', 'conv4_1', 'conv5_1'];

/**
 * VGG-19 as a feature network, as deep as there are weights: its layers are `conv1_1` … up to the last whose tensors are
 * there. Tensors `conv1_1/filters` [3,3,3,64], `conv1_1/bias` [64] and so on, for RGB.
 *
 * @throws WeightsError naming the tensor that is missing or has another shape.
 */
export function vgg19Features(parameters: Parameters, pixels: Vgg19Pixels = 'torchvision'): FeatureNetwork {
  const all = vgg19Layers();
  const missing = all.findIndex((name) => !parameters.has(`${name}/filters`));
  const layers = missing < 0 ? all : all.slice(0, missing);
  if (layers.length === 0) throw new WeightsError('vgg19: tensor "conv1_1/filters" is missing');
  const { graph, tensors } = vgg19({ to: layers.at(-1)! });
  const there = (wanted: readonly string[]): readonly string[] => wanted.filter((name) => layers.includes(name));
  return ownFeatures({
    name: 'vgg19',
    graph,
    parameters: bindTensors('vgg19', tensors, new Map(), parameters),
    layers,
    content: there(CONTENT),
    style: there(STYLE),
    input: { channels: 3, usualSize: 224, leastSize: 16 },
    ...pixelsOf[pixels],
  });
}
