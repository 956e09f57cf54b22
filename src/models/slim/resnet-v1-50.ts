import type { Node } from '../../graph/graph.ts';
import { add } from '../../graph/ops/add.ts';
import { globalAveragePool } from '../../graph/ops/global-average-pool.ts';
import { maxPool } from '../../graph/ops/max-pool.ts';
import { relu } from '../../graph/ops/relu.ts';
import type { Architecture } from '../architecture.ts';
import { ModelBuilder } from '../builder.ts';
import { slimInput } from './preprocessing.ts';

/** Inner channels of each block, its units, and the stride of its last unit. */
const BLOCKS = [
  [64, 3, 2],
  [128, 4, 2],
  [256, 6, 2],
  [512, 3, 1],
] as const;
/** Channels that leave a unit for each of its inner ones. */
const EXPANSION = 4;
const EPSILON = 1e-5;

/**
 * ResNet-50 (He et al. 2015) as in TF-slim, without its classifier: the stride of blocks 1 to 3 sits in the 3×3 of their
 * last unit, and what has one is padded the same on both sides. Layers `conv1`, `pool1`, each unit's sum after its ReLU
 * (`block1/unit_1`; a block's last one is called by the block, `block4`), `global_pool`.
 * Input [N,224,224,3], output `global_pool` [N,2048].
 * @see https://github.com/tensorflow/models/blob/master/research/slim/nets/resnet_v1.py
 */
export function resnetV150(): Architecture {
  const builder = new ModelBuilder('resnet_v1_50');
  const { graph } = builder;

  /** Convolution and batch normalisation, tensors below `scope`. */
  const layer = (scope: string, x: Node, from: number, to: number, kernel: number, stride = 1): Node => {
    const linear = builder.conv(`${scope}/linear`, x, {
      filters: `${scope}/weights`,
      shape: [kernel, kernel, from, to],
      stride,
      padding: (kernel - 1) / 2,
    });
    return builder.batchNormalization(`${scope}/BatchNorm`, linear, to, EPSILON);
  };
  const active = (name: string, x: Node): Node => graph.apply(relu, [x], { name });

  /** 1×1, 3×3 and 1×1, beside a way past them. */
  const unit = (name: string, scope: string, x: Node, from: number, inner: number, stride: number): Node => {
    const to = inner * EXPANSION;
    const pooled = (): Node =>
      stride === 1 ? x : graph.apply(maxPool, [x], { name: `${scope}/shortcut`, attributes: { size: 1, stride } });
    const past = from === to ? pooled() : layer(`${scope}/shortcut`, x, from, to, 1, stride);
    const first = active(`${scope}/conv1`, layer(`${scope}/conv1`, x, from, inner, 1));
    const second = active(`${scope}/conv2`, layer(`${scope}/conv2`, first, inner, inner, 3, stride));
    const third = layer(`${scope}/conv3`, second, inner, to, 1);
    return active(name, graph.apply(add, [past, third], { name: `${scope}/sum` }));
  };

  let x = active('conv1', layer('conv1', graph.input('image'), 3, 64, 7, 2));
  x = graph.apply(maxPool, [x], { name: 'pool1', attributes: { size: 3, stride: 2, padding: 'same' } });
  let channels = 64;
  for (const [i, [inner, units, stride]] of BLOCKS.entries()) {
    const block = `block${i + 1}`;
    for (let j = 1; j <= units; j++) {
      const last = j === units;
      const name = last ? block : `${block}/unit_${j}`;
      x = unit(name, `${block}/unit_${j}/bottleneck_v1`, x, channels, inner, last ? stride : 1);
      channels = inner * EXPANSION;
    }
  }
  graph.apply(globalAveragePool, [x], { name: 'global_pool' });
  return builder.finish(slimInput(224), ['global_pool']);
}
