import type { Node } from '../graph/graph.ts';
import { concat } from '../graph/ops/concat.ts';
import { globalAveragePool } from '../graph/ops/global-average-pool.ts';
import { maxPool } from '../graph/ops/max-pool.ts';
import { relu } from '../graph/ops/relu.ts';
import { softmax } from '../graph/ops/softmax.ts';
import type { Architecture } from './architecture.ts';
import { ModelBuilder } from './builder.ts';
import type { PictureSize } from './feature-network.ts';

/** Filters of each fire module: squeezed to, and expanded to by either branch. */
const FIRES = {
  fire2: [16, 64],
  fire3: [16, 64],
  fire4: [32, 128],
  fire5: [32, 128],
  fire6: [48, 192],
  fire7: [48, 192],
  fire8: [64, 256],
  fire9: [64, 256],
} as const;

/** Modules with a max pool behind, and what that is called. */
const POOLS: Readonly<Record<string, string>> = { fire4: 'pool4', fire8: 'pool8' };

const CLASSES = 1000;
const USUAL = 227;

/** Side behind a window of `kernel` that steps by two: rounded down, or up so that the last one may hang over. */
const halved = (side: number, kernel: number, round: (value: number) => number): number =>
  round((side - kernel) / 2) + 1;

/**
 * SqueezeNet v1.0 (Iandola et al. 2016) for pictures of one size: ImageNet's 1000 classes with 1.2 million weights.
 *
 * Input `image` [N,H,W,3]. `conv1`, `fire2` … `fire9` and `conv10` are layers after their ReLU; `pool1`, `pool4` and
 * `pool8` halve the picture, their last window hangs over where it must (Caffe's rounding up). A module `fire2` is its
 * `fire2/squeeze`, then `fire2/expand1x1` and `fire2/expand3x3` one behind the other; `…/linear` is before the ReLU.
 * `evidence` [N,1000] is the mean of `conv10`, `probabilities` its softmax, in the order of ILSVRC 2012's synsets.
 */
export function squeezenet({ height, width }: PictureSize = { height: USUAL, width: USUAL }): Architecture {
  const builder = new ModelBuilder('squeezenet');
  const { graph } = builder;

  const layer = (name: string, x: Node, kernel: number, from: number, to: number, stride = 1): Node => {
    const linear = builder.conv(`${name}/linear`, x, {
      filters: `${name}/filters`,
      shape: [kernel, kernel, from, to],
      bias: `${name}/bias`,
      stride,
      padding: stride === 1 ? 'same' : 'valid',
    });
    return graph.apply(relu, [linear], { name });
  };

  let sides = [halved(height, 7, Math.floor), halved(width, 7, Math.floor)];
  const pool = (name: string, x: Node): Node => {
    const to = sides.map((side) => halved(side, 3, Math.ceil));
    const padding = sides.map((side, axis) => [0, (to[axis]! - 1) * 2 + 3 - side] as const);
    sides = to;
    return graph.apply(maxPool, [x], { name, attributes: { size: 3, stride: 2, padding } });
  };

  let x = pool('pool1', layer('conv1', graph.input('image'), 7, 3, 96, 2));
  let channels = 96;
  for (const [name, [squeezed, expanded]] of Object.entries(FIRES)) {
    const narrow = layer(`${name}/squeeze`, x, 1, channels, squeezed);
    const branches = [1, 3].map((kernel) =>
      layer(`${name}/expand${kernel}x${kernel}`, narrow, kernel, squeezed, expanded),
    );
    x = graph.apply(concat, branches, { name });
    channels = 2 * expanded;
    const behind = POOLS[name];
    if (behind !== undefined) x = pool(behind, x);
  }
  const evidence = graph.apply(globalAveragePool, [layer('conv10', x, 1, channels, CLASSES)], { name: 'evidence' });
  graph.apply(softmax, [evidence], { name: 'probabilities' });

  // Caffe's means for blue, green and red are 104, 117 and 123.
  const mean = [123, 117, 104] as const;
  return builder.finish({ name: 'image', size: USUAL, place: 'centre', mean, divisor: 1 }, ['probabilities']);
}
