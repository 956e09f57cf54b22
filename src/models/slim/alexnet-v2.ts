import type { Architecture } from '../architecture.ts';
import { ModelBuilder } from '../builder.ts';
import { SlimLayers } from './layers.ts';
import { slimInput } from './preprocessing.ts';

/**
 * AlexNet in the form of Krizhevsky 2014 ("one weird trick", one tower, no local response normalisation) as in TF-slim:
 * layers `conv1`, `pool1`, `conv2`, `pool2`, `conv3` … `conv5`, `pool5`, `fc6`, `fc7`, `fc8`, the fully connected ones as
 * convolutions. Input [N,224,224,3], output `fc8` [N,1,1,1000].
 * @see https://github.com/tensorflow/models/blob/master/research/slim/nets/alexnet.py
 */
export function alexnetV2(): Architecture {
  const builder = new ModelBuilder('alexnet_v2');
  new SlimLayers(builder)
    .conv({ name: 'conv1', channels: 64, kernel: 11, stride: 4, padding: 'valid' })
    .pool('pool1', 3)
    .conv({ name: 'conv2', channels: 192, kernel: 5 })
    .pool('pool2', 3)
    .conv({ name: 'conv3', channels: 384, kernel: 3 })
    .conv({ name: 'conv4', channels: 384, kernel: 3 })
    .conv({ name: 'conv5', channels: 256, kernel: 3 })
    .pool('pool5', 3)
    .conv({ name: 'fc6', channels: 4096, kernel: 5, padding: 'valid' })
    .conv({ name: 'fc7', channels: 4096, kernel: 1 })
    .conv({ name: 'fc8', channels: 1000, kernel: 1, active: false });
  return builder.finish(slimInput(224), ['fc8']);
}
