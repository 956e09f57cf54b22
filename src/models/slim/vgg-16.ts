import type { Architecture } from '../architecture.ts';
import { ModelBuilder } from '../builder.ts';
import { SlimLayers } from './layers.ts';
import { slimInput } from './preprocessing.ts';

/** Channels and number of the convolutions of each block. */
const BLOCKS = [
  [64, 2],
  [128, 2],
  [256, 3],
  [512, 3],
  [512, 3],
] as const;

/**
 * VGG-16 (Simonyan & Zisserman 2014, configuration D) as in TF-slim: layers `conv1/conv1_1` … `pool5`, `fc6`, `fc7`, `fc8`,
 * the fully connected ones as convolutions. Input [N,224,224,3], output `fc8` [N,1,1,1000].
 * @see https://github.com/tensorflow/models/blob/master/research/slim/nets/vgg.py
 */
export function vgg16(): Architecture {
  const builder = new ModelBuilder('vgg_16');
  const layers = new SlimLayers(builder);
  for (const [i, [channels, count]] of BLOCKS.entries()) {
    const block = i + 1;
    for (let j = 1; j <= count; j++) layers.conv({ name: `conv${block}/conv${block}_${j}`, channels, kernel: 3 });
    layers.pool(`pool${block}`, 2);
  }
  layers
    .conv({ name: 'fc6', channels: 4096, kernel: 7, padding: 'valid' })
    .conv({ name: 'fc7', channels: 4096, kernel: 1 })
    .conv({ name: 'fc8', channels: 1000, kernel: 1, active: false });
  return builder.finish(slimInput(224), ['fc8']);
}
